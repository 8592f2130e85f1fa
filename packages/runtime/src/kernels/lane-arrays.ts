// Lane arrays: the same array of several batch items side by side in the kernels' memory, lanes innermost.
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";

/** The address that stands for an array of ones where a kernel says so; no array is there. */
export const ones = 0;

/** How many items a kernel takes at once. */
export type LaneCount = 1 | 2 | 4 | 8;

/**
 * Bytes that the lanes of one call work on at most, unless one lane alone needs more: beyond a few megabytes memory is
 * the limit, and lanes, which save instructions, save nothing any more.
 */
export const workingSet: number = 2 ** 24;

/** Lanes for the next items of a batch of which so many are left. */
export function laneCountFor(left: number, bytesPerLane: number): LaneCount {
  for (const lanes of [8, 4, 2] as const) {
    if (lanes <= left && lanes * bytesPerLane <= workingSet) return lanes;
  }
  return 1;
}

/**
 * Puts items first, first + 1, … of a batch into the lanes: element i of lane l at address + 8 (i · lanes + l). `count`
 * elements make an item; where there is only one, every lane gets it.
 */
export function placeItems(
  arena: Arena,
  lanes: LaneCount,
  elements: Float64Array,
  count: number,
  first: number,
): number {
  const address = arena.allocate(8 * lanes * count);
  const memory = kernelHost().f64;
  const start = address / 8;
  const isShared = elements.length === count;
  for (let lane = 0; lane < lanes; lane++) {
    const source = isShared ? 0 : (first + lane) * count;
    if (lanes === 1) memory.set(elements.subarray(source, source + count), start);
    else for (let i = 0, at = start + lane; i < count; i++, at += lanes) memory[at] = elements[source + i];
  }
  return address;
}

/** The same from one array for each lane. */
export function placeLanes(arena: Arena, items: readonly Float64Array[]): number {
  const lanes = items.length as LaneCount;
  const address = allocateLanes(arena, lanes, items[0].length);
  for (const [lane, elements] of items.entries()) writeLane(address, lanes, lane, elements);
  return address;
}

/** The opposite of placeItems: writes the lanes of an array as items first, first + 1, … of a batch. */
export function readItems(
  address: number,
  lanes: LaneCount,
  elements: Float64Array,
  count: number,
  first: number,
): void {
  const memory = kernelHost().f64;
  const start = address / 8;
  for (let lane = 0; lane < lanes; lane++) {
    const target = (first + lane) * count;
    if (lanes === 1) elements.set(memory.subarray(start, start + count), target);
    else for (let i = 0, at = start + lane; i < count; i++, at += lanes) elements[target + i] = memory[at];
  }
}

/** Copies one lane out of the memory. */
export function readLane(address: number, lanes: LaneCount, lane: number, target: Float64Array): void {
  const memory = kernelHost().f64;
  const first = address / 8 + lane;
  if (lanes === 1) target.set(memory.subarray(first, first + target.length));
  else for (let i = 0, at = first; i < target.length; i++, at += lanes) target[i] = memory[at];
}

/** Overwrites one lane of an array. */
export function writeLane(address: number, lanes: LaneCount, lane: number, elements: Float64Array): void {
  const memory = kernelHost().f64;
  const first = address / 8 + lane;
  if (lanes === 1) memory.set(elements, first);
  else for (let i = 0, at = first; i < elements.length; i++, at += lanes) memory[at] = elements[i];
}

/** Fresh room for an array of so many elements in every lane; its content is whatever was there. */
export function allocateLanes(arena: Arena, lanes: LaneCount, count: number): number {
  return arena.allocate(8 * lanes * count);
}

/** The same, filled with zeros. */
export function zeroLanes(arena: Arena, lanes: LaneCount, count: number): number {
  const address = allocateLanes(arena, lanes, count);
  kernelHost().f64.fill(0, address / 8, address / 8 + lanes * count);
  return address;
}

/** A fresh array with the content of another, in every lane. */
export function copyLanes(arena: Arena, lanes: LaneCount, source: number, count: number): number {
  const address = allocateLanes(arena, lanes, count);
  kernelHost().u8.copyWithin(address, source, source + 8 * lanes * count);
  return address;
}

/** Room for so many elements and one 0 behind them. */
export function allocateVector(arena: Arena, lanes: LaneCount, count: number): number {
  const address = allocateLanes(arena, lanes, count + 1);
  const end = address / 8 + lanes * count;
  kernelHost().f64.fill(0, end, end + lanes);
  return address;
}
