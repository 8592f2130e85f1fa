// The sweeps of values kept for their derivatives: a cache that is compared in full and cannot be seen from outside.
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import { largestTapeBytes } from "./limits.ts";
import type { ReferenceItem, ReferenceRequest, ReferenceSweep } from "./reference-sweep.ts";
import { referenceSweep } from "./reference-sweep.ts";

interface Kept {
  readonly request: ReferenceRequest;
  readonly sweep: ReferenceSweep;
  readonly arena: Arena;
  /** Whether a derivative took it over: then the next sweep may have its memory, which is still in the caches. */
  isUsed: boolean;
}

/** The newest last. Together their vectors take at most `largestTapeBytes`. */
let recent: Kept[] = [];

/** A sweep that a later request may take over; its memory may be given back with the next call. */
export function sweepToKeep(request: ReferenceRequest): ReferenceSweep {
  const known = find(request);
  if (known !== undefined) return known.sweep;
  forget(recent.filter(({ isUsed }) => isUsed));
  const arena = kernelHost().arena();
  let sweep: ReferenceSweep;
  try {
    sweep = referenceSweep(arena, request);
  } catch (error) {
    arena.release();
    throw error;
  }
  recent.push({ request, sweep, arena, isUsed: false });
  let total = recent.reduce((sum, kept) => sum + kept.sweep.tape.byteCount, 0);
  const tooOld = recent.filter((kept) => {
    const isOver = total > largestTapeBytes;
    if (isOver) total -= kept.sweep.tape.byteCount;
    return isOver;
  });
  forget(tooOld);
  return sweep;
}

/** The sweep kept for an equal request, else a new one in the arena. */
export function keptSweep(request: ReferenceRequest, arena: Arena): ReferenceSweep {
  const known = find(request);
  if (known === undefined) return referenceSweep(arena, request);
  known.isUsed = true;
  return known.sweep;
}

function forget(old: readonly Kept[]): void {
  if (old.length === 0) return;
  for (const { arena } of old) arena.release();
  recent = recent.filter((kept) => !old.includes(kept));
}

function find(request: ReferenceRequest): Kept | undefined {
  return recent.findLast((kept) => isSame(kept.request, request));
}

function isSame(own: ReferenceRequest, other: ReferenceRequest): boolean {
  return (
    own.pattern === other.pattern &&
    own.law === other.law &&
    own.kernels === other.kernels &&
    own.leftCount === other.leftCount &&
    own.depth >= other.depth &&
    (own.keep || !other.keep) &&
    own.items.length === other.items.length &&
    own.items.every((item, lane) => isSameItem(item, other.items[lane]))
  );
}

function isSameItem(own: ReferenceItem, other: ReferenceItem): boolean {
  return (
    areEqual(own.slots, other.slots) &&
    areEqual(own.times, other.times) &&
    areEqual(own.leftOfTime, other.leftOfTime) &&
    areEqual(own.left, other.left) &&
    areEqual(own.right, other.right)
  );
}

function areEqual(x: Float64Array, y: Float64Array): boolean {
  if (x === y) return true;
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}
