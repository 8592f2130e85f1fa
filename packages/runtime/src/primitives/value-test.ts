// ValueTest: what must hold of a vector of rates, probabilities or rewards, as data that can travel.
import { ArrayReader, arraysToBytes } from "../array-bytes.ts";

/** Sums of probabilities may differ from 1 by this much. */
export const sumTolerance = 1e-9;

export interface ValueTest {
  /** How many entries, from the first, are tested. */
  readonly count: number;
  /** Whether they must be more than 0, or at least 0. */
  readonly mustBePositive: boolean;
  readonly mustBeFinite: boolean;
  /** The entries of each group sum to 1; those of group −1 are not tested at all. Null: there are no sums. */
  readonly groups: Int32Array | null;
  readonly groupCount: number;
}

export function passes(test: ValueTest, values: Float64Array): boolean {
  const { count, mustBePositive, mustBeFinite, groups } = test;
  for (let i = 0; i < count; i++) {
    if (groups !== null && groups[i] < 0) continue;
    const value = values[i];
    const isInRange = mustBePositive ? value > 0 : value >= 0;
    if (!isInRange || (mustBeFinite && value === Infinity)) return false;
  }
  return groupSums(test, values).every((sum) => Math.abs(sum - 1) <= sumTolerance);
}

/** The sums that must be 1, each added up in the order of its entries. */
export function groupSums({ groups, groupCount }: ValueTest, values: Float64Array): Float64Array {
  const sums = new Float64Array(groupCount);
  groups?.forEach((group, i) => {
    if (group >= 0) sums[group] += values[i];
  });
  return sums;
}

export function valueTestToBytes(test: ValueTest): Uint8Array {
  const flags = [test.mustBePositive, test.mustBeFinite, test.groups !== null].map(Number);
  return arraysToBytes([
    Int32Array.of(test.count, test.groupCount, ...flags),
    test.groups ?? new Int32Array(0),
  ]);
}

export function valueTestFromBytes(bytes: Uint8Array): ValueTest {
  const reader = new ArrayReader(bytes);
  const [count, groupCount, mustBePositive, mustBeFinite, hasGroups] = reader.integers();
  const groups = reader.integers();
  return {
    count,
    mustBePositive: mustBePositive === 1,
    mustBeFinite: mustBeFinite === 1,
    groups: hasGroups === 1 ? groups : null,
    groupCount,
  };
}
