// Between the slots of a generator and a dense matrix: P = I + A / rate, and derivatives back to the slots.
import type { Jet } from "../../jets/subsets.ts";
import { largestRate } from "../../kernels/operator.ts";
import type { OperatorPattern } from "../../patterns/operator-pattern.ts";
import { noParts } from "./matrix-jets.ts";
import type { StepMatrix } from "./step-matrix.ts";
import { shortSeries } from "./step-matrix.ts";

/** The generator of a pattern without couplings. */
export function toMatrix(pattern: OperatorPattern, slots: Jet): StepMatrix {
  const { rowCount, rowOffsets, columns, entrySlots, exitOffsets, exitSlots } = pattern;
  const largest = slots[0] === null ? 0 : largestRate(pattern, slots[0]);
  const rate = largest > 0 ? largest : 1;
  const exits = new Float64Array(rowCount);
  const product = noParts(slots.length);
  for (const [component, part] of slots.entries()) {
    if (part === null) continue;
    const matrix = new Float64Array(rowCount * rowCount);
    for (let r = 0; r < rowCount; r++) {
      let out = 0;
      for (let e = rowOffsets[r]; e < rowOffsets[r + 1]; e++) {
        const value = part[entrySlots[e]];
        matrix[r * rowCount + columns[e]] += value / rate;
        out += value;
      }
      let exit = 0;
      for (let x = exitOffsets[r]; x < exitOffsets[r + 1]; x++) exit += part[exitSlots[x]];
      if (component === 0) exits[r] = exit / rate;
      matrix[r * rowCount + r] += (component === 0 ? 1 : 0) - (out + exit) / rate;
    }
    product[component] = matrix;
  }
  return { size: rowCount, product, rate, shift: 1, exits, series: shortSeries };
}

/** slotParts += scale · what derivatives in the matrix mean for the slots. */
export function fromMatrix(
  pattern: OperatorPattern,
  bars: Jet,
  scale: number,
  slotParts: readonly (Float64Array | null)[],
): void {
  const { rowCount, rowOffsets, columns, entrySlots, exitOffsets, exitSlots } = pattern;
  for (const [component, target] of slotParts.entries()) {
    const bar = bars[component];
    if (target === null || bar === null) continue;
    for (let r = 0; r < rowCount; r++) {
      const own = bar[r * rowCount + r];
      for (let e = rowOffsets[r]; e < rowOffsets[r + 1]; e++) {
        target[entrySlots[e]] += scale * (bar[r * rowCount + columns[e]] - own);
      }
      for (let x = exitOffsets[r]; x < exitOffsets[r + 1]; x++) target[exitSlots[x]] -= scale * own;
    }
  }
}
