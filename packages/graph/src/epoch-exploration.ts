// What exploration notes during one epoch, in the numbers of discovery.
import type { Int32List } from "./growing-list.ts";

export interface EpochExploration {
  /** States reached in this epoch, in order; null in the first, where they are 0, 1, 2, …. */
  readonly reached: Int32List | null;
  /** Transitions of the k-th state reached are [offsets[k], offsets[k + 1]) of the log. */
  readonly offsets: Int32List;
  /** By state: cause, `transient` or `notReached`; later states were not reached. */
  readonly stop: Int32List;
  /** By state: what it becomes when this epoch begins, −1 where it is not met then; null for the first epoch. */
  readonly enter: Int32List | null;
}

export const transient = -1;
export const notReached = -2;

export function wasReached({ stop }: EpochExploration, state: number): boolean {
  return state < stop.length && stop.items[state] !== notReached;
}

/** Cause with which a state stops, −1 if it does not or was not reached. */
export function causeIn({ stop }: EpochExploration, state: number): number {
  return state < stop.length ? Math.max(stop.items[state], transient) : transient;
}
