// The times of a problem shared out among methods: parts of problems and of requests.
import type { ExponentialRequest } from "../jets/exponential-request.ts";
import { exponentialConstants, exponentialItems } from "../jets/exponential-request.ts";
import type { Jet } from "../jets/subsets.ts";
import type { TimeChannel, TimeMethod, TimeProblem } from "./time-method.ts";

/** The times that one method serves, by their places. */
export interface TimePart {
  readonly method: TimeMethod;
  readonly places: Int32Array;
}

function take(numbers: ArrayLike<number>, places: Int32Array): Float64Array {
  return Float64Array.from(places, (n) => numbers[n]);
}

export function problemAt(problem: TimeProblem, places: Int32Array): TimeProblem {
  if (places.length === problem.times.length) return problem;
  return {
    ...problem,
    times: take(problem.times, places),
    leftOfTime: take(problem.leftOfTime, places),
  };
}

/** A request for some of the times; the weights are those of its channels' calls. */
function requestAt(request: ExponentialRequest, places: Int32Array): ExponentialRequest {
  const times = request.items[exponentialItems.times][0] ?? new Float64Array(0);
  const restricted: Jet = request.items[exponentialItems.times].map((_, a) =>
    a === 0 ? take(times, places) : null,
  );
  return {
    ...request,
    items: request.items.map((jet, item) => (item === exponentialItems.times ? restricted : jet)),
    constants: request.constants.map((numbers, c) =>
      c === exponentialConstants.scales || c === exponentialConstants.leftOfTime
        ? take(numbers, places)
        : numbers,
    ),
  };
}

/** The channels of all parts together. */
export function channelsOf(
  request: ExponentialRequest,
  parts: readonly TimePart[],
): (start: Jet, channel: number) => TimeChannel {
  const count = (request.items[exponentialItems.times][0] ?? new Float64Array(0)).length;
  if (parts.length === 1 && parts[0].places.length === count) return parts[0].method.channels(request);
  const own = parts.map(({ method, places }) => ({
    places,
    open: method.channels(requestAt(request, places)),
  }));
  return (start, channel) => {
    const opened = own.map(({ places, open }) => ({ places, part: open(start, channel) }));
    return {
      values() {
        const values = start.map((): Float64Array | null => null);
        for (const { places, part } of opened) {
          for (const [a, numbers] of part.values().entries()) {
            if (numbers === null) continue;
            const target = (values[a] ??= new Float64Array(count));
            places.forEach((n, i) => {
              target[n] = numbers[i];
            });
          }
        }
        return values;
      },
      adjoint(weights, slotParts, leftParts) {
        const bar = start.map((): Float64Array | null => null);
        for (const { places, part } of opened) {
          const taken = weights.map((numbers) => (numbers === null ? null : take(numbers, places)));
          for (const [a, numbers] of part.adjoint(taken, slotParts, leftParts).entries()) {
            if (numbers === null) continue;
            const target = bar[a];
            bar[a] = target === null ? numbers : target.map((x, i) => x + numbers[i]);
          }
        }
        return bar;
      },
    };
  };
}
