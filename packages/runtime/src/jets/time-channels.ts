// Derivatives in time by channels: exp(A (t + δ)) right = Σ_j δ^j / j! exp(A t) A^j right for a nilpotent δ.
import type { TimeLaw } from "../uniformization/mixing-law.ts";
import type { ExponentialRequest as Request } from "./exponential-request.ts";
import { exponentialItems, wantsItem } from "./exponential-request.ts";
import type { Jet } from "./subsets.ts";
import { forProducts, multiplyJets, productSupport, supportOf, zeroJet } from "./subsets.ts";

type Parts = (Float64Array | null)[];

/** 1, δ, δ²/2, … as long as they are not zero, for the ε-parts δ of the times. */
export function timePowers(times: Jet, order: number): Jet[] {
  const length = (times[0] ?? new Float64Array(0)).length;
  const one = zeroJet(order);
  one[0] = new Float64Array(length).fill(1);
  const delta = times.map((part, component) => (component === 0 ? null : part));
  const powers: Jet[] = [one];
  for (let j = 1; j <= order; j++) {
    const next = multiplyJets(powers[j - 1], delta).map((part) => part?.map((x) => x / j) ?? null);
    if (next.every((part) => part === null)) break;
    powers.push(next);
  }
  return powers;
}

/** right, A right, A² right, … */
export function channelStarts(request: Request, count: number): Jet[] {
  const { items, parameters, kernels } = request;
  const slots = items[exponentialItems.slots];
  const starts: Jet[] = [items[exponentialItems.right]];
  for (let channel = 1; channel < count; channel++) {
    const before = starts[channel - 1];
    const support = productSupport(supportOf(slots), supportOf(before));
    starts.push(
      support.map((present, component) => {
        if (!present) return null;
        const result = new Float64Array(parameters.pattern.rowCount);
        forProducts(slots, before, component, (rates, x) =>
          kernels.addGenerated(parameters.pattern, rates, x, result),
        );
        return result;
      }),
    );
  }
  return starts;
}

/** From the adjoints of A^j right back to right, leaving the shares of the slots. */
export function descendChannels(
  request: Request,
  starts: readonly Jet[],
  startBars: readonly Jet[],
  slotParts: Parts,
): Jet {
  const { items, parameters, kernels, order } = request;
  const { pattern } = parameters;
  const slots = items[exponentialItems.slots];
  let bar: Parts = zeroJet(order);
  for (let channel = starts.length - 1; channel >= 0; channel--) {
    bar = bar.map((part, a) => addParts(part, startBars[channel][a]));
    if (channel === 0) break;
    for (const [a, target] of slotParts.entries()) {
      if (target === null) continue;
      forProducts(bar, starts[channel - 1], a, (y, x) => kernels.addEdgeProducts(pattern, y, x, 1, target));
    }
    const support = productSupport(supportOf(slots), supportOf(bar));
    const above = bar;
    bar = support.map((present, a) => {
      if (!present) return null;
      const result = new Float64Array(pattern.rowCount);
      forProducts(slots, above, a, (rates, y) => kernels.addGeneratedTransposed(pattern, rates, y, result));
      return result;
    });
  }
  return bar;
}

function addParts(x: Float64Array | null, y: Float64Array | null): Float64Array | null {
  if (x === null) return y;
  if (y === null) return x;
  return x.map((value, i) => value + y[i]);
}

export function timeParts(
  request: Request,
  weights: Jet,
  powers: readonly Jet[],
  values: readonly Jet[],
): Jet {
  if (!wantsItem(request, exponentialItems.times)) return zeroJet(request.order);
  return multiplyJets(weights, sumOfProducts(powers, values, 1, "continuous"));
}

/** Σ_j powers[j] · values[j + shift] */
export function sumOfProducts(
  powers: readonly Jet[],
  values: readonly Jet[],
  shift: number,
  law: TimeLaw,
): Jet {
  let sum: Parts = powers[0].map(() => null);
  const count = law === "discrete" ? 1 : powers.length;
  for (let j = 0; j < count; j++) {
    const product = multiplyJets(powers[j], values[j + shift]);
    sum = sum.map((part, a) => addParts(part, product[a]));
  }
  return sum;
}
