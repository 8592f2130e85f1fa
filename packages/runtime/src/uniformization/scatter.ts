// From gradients of entries and rows to those of the slots behind them.
import type { OperatorPattern } from "../patterns/operator-pattern.ts";

/** Adds derivatives of entries and of rows (their exits) to those of the slots behind them. */
export function scatterEntries(
  pattern: OperatorPattern,
  entryGradient: Float64Array,
  rowGradient: Float64Array,
  scale: number,
  slotGradient: Float64Array,
): void {
  for (let e = 0; e < entryGradient.length; e++)
    slotGradient[pattern.entrySlots[e]] += scale * entryGradient[e];
  for (let r = 0; r < pattern.rowCount; r++) {
    for (let x = pattern.exitOffsets[r]; x < pattern.exitOffsets[r + 1]; x++) {
      slotGradient[pattern.exitSlots[x]] += scale * rowGradient[r];
    }
  }
}
