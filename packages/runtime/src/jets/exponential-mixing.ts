// Mixing of one channel: from the vectors of a sweep to values at times, and from weights of times to steps.
import type { JetTape } from "../uniformization/jet-tape.ts";
import type { Window } from "../uniformization/mixing-law.ts";
import { fillWeights } from "../uniformization/mixing-law.ts";
import type { ReferenceSweep } from "../uniformization/reference-sweep.ts";
import type { ExponentialRequest as Request } from "./exponential-request.ts";
import { exponentialConstants, exponentialItems, leftCountOf } from "./exponential-request.ts";
import type { Jet } from "./subsets.ts";
import { productSupport, supportOf } from "./subsets.ts";

/** e^−scale left_mᵀ exp(A t) start, for each time: one channel's share of the values. */
export function channelValues(
  request: Request,
  reference: ReferenceSweep,
  tape: JetTape,
  left: Jet,
  exponents: Int32Array,
  channel: number,
): Jet {
  const { constants, items, parameters } = request;
  const leftCount = leftCountOf(request);
  const rowCount = parameters.pattern.rowCount;
  const support = productSupport(supportOf(left), tape.support);
  const sequences = support.map((present) =>
    present ? new Float64Array(leftCount * (reference.steps + 1)) : null,
  );
  const stride = reference.steps + 1;
  const entries = left.map((part) => (part === null ? new Int32Array(0) : nonzeroPositions(part)));
  for (let c = 0; c < tape.chunkCount; c++) {
    const chunk = tape.chunk(c);
    // Row 0 of a later chunk is the last row of the chunk before it.
    const firstRow = c === 0 ? 0 : 1;
    for (const [a, sequence] of sequences.entries()) {
      if (sequence === null) continue;
      for (let b = a; ; b = (b - 1) & a) {
        const x = left[b];
        const u = chunk.vectors[a ^ b];
        if (x !== null && u !== null) {
          for (const position of entries[b]) {
            const r = position % rowCount;
            const base = ((position - r) / rowCount) * stride + chunk.firstStep;
            const weight = x[position];
            for (let row = firstRow; row <= chunk.steps; row++) {
              sequence[base + row] += weight * u[row * rowCount + r];
            }
          }
        }
        if (b === 0) break;
      }
    }
  }
  const times = items[exponentialItems.times][0] ?? new Float64Array(0);
  const scales = constants[exponentialConstants.scales];
  const leftOfTime = constants[exponentialConstants.leftOfTime];
  const values = sequences.map((sequence) => (sequence === null ? null : new Float64Array(times.length)));
  const scratch = scratchFor(reference);
  for (let n = 0; n < times.length; n++) {
    const window = channelWindow(reference.windows[n], channel);
    fillWeights(parameters.law, reference.rate * times[n], window, exponents, scales[n], scratch);
    for (const [a, sequence] of sequences.entries()) {
      const target = values[a];
      if (sequence === null || target === null) continue;
      const base = leftOfTime[n] * stride;
      let sum = 0;
      for (let k = window.first; k <= window.last; k++) sum += scratch[k - window.first] * sequence[base + k];
      target[n] = sum;
    }
  }
  return values;
}

function nonzeroPositions(part: Float64Array): Int32Array {
  const positions: number[] = [];
  for (let i = 0; i < part.length; i++) if (part[i] !== 0) positions.push(i);
  return Int32Array.from(positions);
}

/** More channels than anyone asks for: room at the left of windows. */
const maximumOrder = 16;

/** A^j right may meet left j steps before right does. */
function channelWindow(window: Window, channel: number): Window {
  return channel === 0 || window.last < window.first
    ? window
    : { ...window, first: Math.max(0, window.first - channel) };
}

function scratchFor(reference: ReferenceSweep): Float64Array {
  return new Float64Array(
    reference.windows.reduce((length, { first, last }) => Math.max(length, last - first + 1), 1) +
      maximumOrder,
  );
}

/** The transpose of mixing: weights of times become weights of steps, row-major (steps + 1) × M. */
export function spreadWeights(
  request: Request,
  reference: ReferenceSweep,
  termWeights: Jet,
  exponents: Int32Array,
  channel: number,
): Jet {
  const { constants, items, parameters } = request;
  const leftCount = leftCountOf(request);
  const times = items[exponentialItems.times][0] ?? new Float64Array(0);
  const scales = constants[exponentialConstants.scales];
  const leftOfTime = constants[exponentialConstants.leftOfTime];
  const spread = termWeights.map((part) =>
    part === null ? null : new Float64Array((reference.steps + 1) * leftCount),
  );
  const scratch = scratchFor(reference);
  for (let n = 0; n < times.length; n++) {
    const window = channelWindow(reference.windows[n], channel);
    fillWeights(parameters.law, reference.rate * times[n], window, exponents, scales[n], scratch);
    for (const [a, target] of spread.entries()) {
      const weight = termWeights[a]?.[n] ?? 0;
      if (target === null || weight === 0) continue;
      for (let k = window.first; k <= window.last; k++) {
        target[k * leftCount + leftOfTime[n]] += scratch[k - window.first] * weight;
      }
    }
  }
  return spread;
}
