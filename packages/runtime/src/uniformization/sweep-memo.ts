// The sweep of a value kept for its derivative: a cache that is compared in full and cannot be seen from outside.
import type { ReferenceRequest, ReferenceSweep } from "./reference-sweep.ts";
import { referenceSweep } from "./reference-sweep.ts";

interface Kept {
  readonly request: ReferenceRequest;
  readonly slots: Float64Array;
  readonly sweep: ReferenceSweep;
}

/** Lives as long as the slots do. */
const kept = new WeakMap<Float64Array, Kept>();

/** A sweep that a later request may take over. */
export function sweepToKeep(request: ReferenceRequest): ReferenceSweep {
  const sweep = referenceSweep(request);
  kept.set(request.slots, { request, slots: request.slots.slice(), sweep });
  return sweep;
}

/** The sweep kept for an equal request, else a new one. */
export function keptSweep(request: ReferenceRequest): ReferenceSweep {
  const found = kept.get(request.slots);
  if (found !== undefined && isSame(found, request)) return found.sweep;
  return referenceSweep(request);
}

function isSame({ request: own, slots }: Kept, other: ReferenceRequest): boolean {
  return (
    own.pattern === other.pattern &&
    own.law === other.law &&
    own.kernels === other.kernels &&
    own.leftCount === other.leftCount &&
    own.depth >= other.depth &&
    (own.keep || !other.keep) &&
    areEqual(slots, other.slots) &&
    areEqual(own.left, other.left) &&
    areEqual(own.right, other.right) &&
    areEqual(own.times, other.times) &&
    areEqual(own.leftOfTime, other.leftOfTime)
  );
}

function areEqual(x: ArrayLike<number>, y: ArrayLike<number>): boolean {
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}
