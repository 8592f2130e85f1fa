// The sweeps of values kept for their derivatives: a cache that is compared in full and cannot be seen from outside.
import type { ReferenceRequest, ReferenceSweep } from "./reference-sweep.ts";
import { referenceSweep } from "./reference-sweep.ts";

interface Kept {
  readonly request: ReferenceRequest;
  readonly sweep: ReferenceSweep;
  /** Numbers on its tape. */
  readonly size: number;
}

/** The newest last. Together they hold at most `largestTotal` numbers. */
const recent: Kept[] = [];
const largestTotal = 2 ** 23;

/** A sweep that a later request may take over. */
export function sweepToKeep(request: ReferenceRequest): ReferenceSweep {
  const sweep = referenceSweep(request);
  const size = sweep.steps * request.pattern.rowCount;
  if (size > largestTotal) return sweep;
  recent.push({ request, sweep, size });
  let total = recent.reduce((sum, kept) => sum + kept.size, 0);
  while (total > largestTotal) total -= recent.shift()?.size ?? total;
  return sweep;
}

/** The sweep kept for an equal request, else a new one. */
export function keptSweep(request: ReferenceRequest): ReferenceSweep {
  for (let i = recent.length - 1; i >= 0; i--) if (isSame(recent[i].request, request)) return recent[i].sweep;
  return referenceSweep(request);
}

function isSame(own: ReferenceRequest, other: ReferenceRequest): boolean {
  return (
    own.pattern === other.pattern &&
    own.law === other.law &&
    own.kernels === other.kernels &&
    own.leftCount === other.leftCount &&
    own.depth >= other.depth &&
    (own.keep || !other.keep) &&
    areEqual(own.slots, other.slots) &&
    areEqual(own.times, other.times) &&
    areEqual(own.leftOfTime, other.leftOfTime) &&
    areEqual(own.left, other.left) &&
    areEqual(own.right, other.right)
  );
}

function areEqual(x: ArrayLike<number>, y: ArrayLike<number>): boolean {
  if (x === y) return true;
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}
