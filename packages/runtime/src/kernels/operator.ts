// Products with the matrix of a pattern, from its slots.
import type { OperatorPattern } from "../patterns/operator-pattern.ts";

export function addGenerated(
  pattern: OperatorPattern,
  slots: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  const { rowCount, rowOffsets, closingEnds, columns, entrySlots, exitOffsets, exitSlots } = pattern;
  for (let r = 0; r < rowCount; r++) {
    const own = x[r];
    let sum = 0;
    let e = rowOffsets[r];
    for (; e < closingEnds[r]; e++) sum += slots[entrySlots[e]] * (x[columns[e]] - own);
    for (; e < rowOffsets[r + 1]; e++) sum += slots[entrySlots[e]] * x[columns[e]];
    for (let s = exitOffsets[r]; s < exitOffsets[r + 1]; s++) sum -= slots[exitSlots[s]] * own;
    y[r] += sum;
  }
}

export function addGeneratedTransposed(
  pattern: OperatorPattern,
  slots: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  const { rowCount, rowOffsets, closingEnds, columns, entrySlots, exitOffsets, exitSlots } = pattern;
  for (let r = 0; r < rowCount; r++) {
    const own = x[r];
    if (own === 0) continue;
    let out = 0;
    let e = rowOffsets[r];
    for (; e < closingEnds[r]; e++) {
      const flow = slots[entrySlots[e]] * own;
      y[columns[e]] += flow;
      out += flow;
    }
    for (; e < rowOffsets[r + 1]; e++) y[columns[e]] += slots[entrySlots[e]] * own;
    for (let s = exitOffsets[r]; s < exitOffsets[r + 1]; s++) out += slots[exitSlots[s]] * own;
    y[r] -= out;
  }
}

export function addEdgeProducts(
  pattern: OperatorPattern,
  left: Float64Array,
  right: Float64Array,
  scale: number,
  slotGradient: Float64Array,
): void {
  const { rowCount, rowOffsets, closingEnds, columns, entrySlots, exitOffsets, exitSlots } = pattern;
  for (let r = 0; r < rowCount; r++) {
    const weight = scale * left[r];
    if (weight === 0) continue;
    const own = right[r];
    let e = rowOffsets[r];
    for (; e < closingEnds[r]; e++) slotGradient[entrySlots[e]] += weight * (right[columns[e]] - own);
    for (; e < rowOffsets[r + 1]; e++) slotGradient[entrySlots[e]] += weight * right[columns[e]];
    for (let s = exitOffsets[r]; s < exitOffsets[r + 1]; s++) slotGradient[exitSlots[s]] -= weight * own;
  }
}

/** Largest diagonal rate of A(slots), in magnitude: the rate of uniformization. Couplings do not count. */
export function largestRate(pattern: OperatorPattern, slots: Float64Array): number {
  const { rowCount, rowOffsets, closingEnds, entrySlots, exitOffsets, exitSlots } = pattern;
  let largest = 0;
  for (let r = 0; r < rowCount; r++) {
    let out = 0;
    for (let e = rowOffsets[r]; e < closingEnds[r]; e++) out += slots[entrySlots[e]];
    for (let s = exitOffsets[r]; s < exitOffsets[r + 1]; s++) out += slots[exitSlots[s]];
    if (out > largest || Number.isNaN(out)) largest = out;
  }
  return largest;
}
