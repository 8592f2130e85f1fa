// Reverse mode through GTH on typed arrays, accurate even where 10⁶⁰ jumps are expected: an oracle of the kernels.
import type { EliminationTrace } from "@phxlang/graph";
import { forwardBlock } from "./gth.ts";

/**
 * Adds ∂(leftᵀ M⁻¹ right) to slotGradient and killingGradient, for M = diag(killing) − S. Walks the elimination
 * backwards; every bar below is the adjoint of the quantity it names. A trace of n rows with l multipliers and
 * u upper entries needs l + u + 5 n numbers of its own.
 */
export function reverseSolve(
  trace: EliminationTrace,
  slots: Float64Array,
  factors: Float64Array,
  right: Float64Array,
  solution: Float64Array,
  left: Float64Array,
  slotGradient: Float64Array,
  killingGradient: Float64Array | null,
): void {
  const { rowCount, rowOffsets, columns, exitOffsets, blockOffsets } = trace;
  const { lowerOffsets, lowerColumns, upperOffsets, upperColumns } = trace;
  const exitBase = rowOffsets[rowCount];
  const upperBase = lowerColumns.length;
  const pivotBase = upperBase + upperColumns.length;
  const exitRateBase = pivotBase + rowCount;
  const factorBar = new Float64Array(exitRateBase + rowCount);
  const solutionBar = left.slice();
  const forward = solution.slice();
  const forwardBar = new Float64Array(rowCount);
  const workBar = new Float64Array(rowCount);
  for (let block = blockOffsets.length - 2; block >= 0; block--) {
    const blockStart = blockOffsets[block];
    const blockEnd = blockOffsets[block + 1];
    // `forward` holds the solution of earlier blocks and, from here on, y of this block.
    forwardBlock(trace, slots, factors, right, forward, blockStart, blockEnd);
    for (let i = blockStart; i < blockEnd; i++) {
      const bar = solutionBar[i] / factors[pivotBase + i];
      forwardBar[i] = bar;
      factorBar[pivotBase + i] -= bar * solution[i];
      for (let q = upperOffsets[i]; q < upperOffsets[i + 1]; q++) {
        const j = upperColumns[q];
        factorBar[upperBase + q] += bar * solution[j];
        solutionBar[j] += bar * factors[upperBase + q];
      }
    }
    for (let i = blockEnd - 1; i >= blockStart; i--) {
      const bar = forwardBar[i];
      for (let p = lowerOffsets[i]; p < lowerOffsets[i + 1]; p++) {
        const k = lowerColumns[p];
        factorBar[p] += bar * forward[k];
        forwardBar[k] += bar * factors[p];
      }
      for (let s = rowOffsets[i]; s < rowOffsets[i + 1] && columns[s] < blockStart; s++) {
        slotGradient[s] += bar * solution[columns[s]];
        solutionBar[columns[s]] += bar * slots[s];
      }
    }
    for (let i = blockEnd - 1; i >= blockStart; i--) {
      const pivotBar = factorBar[pivotBase + i];
      const exitBar = factorBar[exitRateBase + i] + pivotBar;
      for (let q = upperOffsets[i]; q < upperOffsets[i + 1]; q++) {
        workBar[upperColumns[q]] = factorBar[upperBase + q] + pivotBar;
      }
      workBar[i] = 0;
      for (let p = lowerOffsets[i + 1] - 1; p >= lowerOffsets[i]; p--) {
        const k = lowerColumns[p];
        const multiplier = factors[p];
        let multiplierBar = factorBar[p] + exitBar * factors[exitRateBase + k];
        for (let q = upperOffsets[k]; q < upperOffsets[k + 1]; q++) {
          const bar = workBar[upperColumns[q]];
          multiplierBar += bar * factors[upperBase + q];
          factorBar[upperBase + q] += multiplier * bar;
        }
        factorBar[exitRateBase + k] += multiplier * exitBar;
        const rateBar = multiplierBar / factors[pivotBase + k];
        workBar[k] = rateBar;
        factorBar[pivotBase + k] -= rateBar * multiplier;
      }
      for (let s = rowOffsets[i]; s < rowOffsets[i + 1]; s++) {
        slotGradient[s] += columns[s] < blockStart ? exitBar : workBar[columns[s]];
      }
      for (let x = exitOffsets[i]; x < exitOffsets[i + 1]; x++) slotGradient[exitBase + x] += exitBar;
      if (killingGradient !== null) killingGradient[i] += exitBar;
    }
  }
}
