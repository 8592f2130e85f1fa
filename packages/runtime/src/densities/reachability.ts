// Whether anything can go from a left vector to a right one at all.
import type { OperatorPattern } from "../patterns/operator-pattern.ts";

/** Whether some row with left ≠ 0 (of any left vector) leads over rates other than 0 to a row with right ≠ 0. */
export function meets(
  { rowCount, rowOffsets, columns, entrySlots }: OperatorPattern,
  slots: Float64Array,
  left: Float64Array,
  right: Float64Array,
): boolean {
  const isReached = new Uint8Array(rowCount);
  const open: number[] = [];
  const reach = (row: number): void => {
    if (isReached[row] === 1) return;
    isReached[row] = 1;
    open.push(row);
  };
  left.forEach((weight, i) => {
    if (weight !== 0) reach(i % rowCount);
  });
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    if (right[row] !== 0) return true;
    for (let e = rowOffsets[row]; e < rowOffsets[row + 1]; e++)
      if (slots[entrySlots[e]] !== 0) reach(columns[e]);
  }
  return false;
}
