// The nonnegative problem behind a gradient: it decides how many steps are taken and which terms matter.
import type { TimeProblem } from "../densities/time-method.ts";
import type { ExponentialRequest as Request } from "./exponential-request.ts";
import {
  exponentialConstants,
  exponentialItems,
  leftCountOf,
  sizeOfShape,
  wantsItem,
} from "./exponential-request.ts";
import type { Jet } from "./subsets.ts";

/**
 * The nonnegative problem that decides steps and windows. A side that is not there (or zero) is replaced by the
 * magnitudes of its other components, or by ones. Rates of 0 that are differentiated count as a small positive
 * rate: the terms that they would open must not be left out.
 */
export function referenceProblem(request: Request): TimeProblem {
  const { items, shapes, constants, parameters, kernels } = request;
  const side = (item: number, mask: number): Float64Array => {
    const base = magnitudes(items[item], shapes[item]);
    return differentiates(request, item) ? withoutZeros(base, constants[mask]) : base;
  };
  const slots = items[exponentialItems.slots];
  const base = slots[0] ?? new Float64Array(parameters.pattern.slotCount);
  const positive = magnitude(
    differentiates(request, exponentialItems.slots) ? withoutZeros(base, null) : base,
  );
  return {
    kernels,
    pattern: parameters.pattern,
    law: parameters.law,
    slots: positive,
    left: side(exponentialItems.left, exponentialConstants.leftMask),
    leftCount: leftCountOf(request),
    right: side(exponentialItems.right, exponentialConstants.rightMask),
    times: items[exponentialItems.times][0] ?? new Float64Array(0),
    leftOfTime: constants[exponentialConstants.leftOfTime],
  };
}

/** Without one side the other one is propagated: a vector, whose small entries matter. */
export function propagatesVector(request: Request): boolean {
  const isMissing = (item: number): boolean => request.items[item].every((part) => part === null);
  return isMissing(exponentialItems.left) || isMissing(exponentialItems.right);
}

/** The same array where nothing is negative. */
function magnitude(x: Float64Array): Float64Array {
  return x.some((entry) => entry < 0) ? x.map(Math.abs) : x;
}

function magnitudes(jet: Jet, shape: readonly number[]): Float64Array {
  const base = jet[0];
  if (base !== null && base.some((x) => x !== 0)) return magnitude(base);
  const result = new Float64Array(sizeOfShape(shape));
  for (const part of jet) {
    if (part !== null) for (let i = 0; i < part.length; i++) result[i] += Math.abs(part[i]);
  }
  return result.some((x) => x !== 0) ? result : result.fill(1);
}

/** Whether a derivative in an item is asked for or given. */
function differentiates(request: Request, item: number): boolean {
  return wantsItem(request, item) || request.items[item].some((part, c) => c > 0 && part !== null);
}

/** Zeros (where the mask is not 0) made small beside the largest entry; the same array where there are none. */
function withoutZeros(x: Float64Array, mask: Float64Array | null): Float64Array {
  const isOpen = (entry: number, i: number): boolean => entry === 0 && (mask === null || mask[i] !== 0);
  if (!x.some(isOpen)) return x;
  const largest = x.reduce((most, entry) => Math.max(most, entry), 0);
  const small = (largest === 0 ? 1 : largest) * 2 ** -10;
  return x.map((entry, i) => (isOpen(entry, i) ? small : entry));
}
