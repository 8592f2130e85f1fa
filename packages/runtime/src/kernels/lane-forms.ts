// Linear forms over features in lanes, and derivatives with respect to features; index arrays are placed once.
import type { CsrMatrix } from "@phxlang/autodiff";
import type { EliminationTrace } from "@phxlang/graph";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import type { LaneCount } from "./lane-arrays.ts";
import { allocateLanes } from "./lane-arrays.ts";
import type { LaneKernels } from "./wasm/lane-machine.ts";
import { laneKernels } from "./wasm/lane-machine.ts";

interface PlacedForms {
  /** 0 where every row has exactly one term. */
  readonly rowOffsets: number;
  readonly columns: number;
  readonly coefficients: number;
}

const placed = new WeakMap<CsrMatrix, PlacedForms>();

function placeForms(matrix: CsrMatrix): PlacedForms {
  let addresses = placed.get(matrix);
  if (addresses === undefined) {
    const arena = kernelHost().arena();
    const { rowOffsets, columns, coefficients } = matrix;
    const isSingle = rowOffsets.every((offset, row) => offset === row);
    addresses = {
      rowOffsets: isSingle ? 0 : arena.place(rowOffsets),
      columns: arena.place(columns),
      coefficients: arena.place(coefficients),
    };
    arena.releaseWith(matrix);
    placed.set(matrix, addresses);
  }
  return addresses;
}

/** The forms at features [columns] → [rows], in lanes, and whether one of them is negative. */
export function formsInLanes(
  arena: Arena,
  lanes: LaneCount,
  matrix: CsrMatrix,
  features: number,
): { readonly values: number; readonly isNegative: boolean } {
  const { rowOffsets, columns, coefficients } = placeForms(matrix);
  const values = allocateLanes(arena, lanes, matrix.rowCount);
  const smallest = allocateLanes(arena, lanes, 1);
  const { forms } = laneKernels(lanes, false);
  forms(matrix.rowCount, rowOffsets, columns, coefficients, features, values, smallest);
  const least = kernelHost().f64.subarray(smallest / 8, smallest / 8 + lanes);
  return { values, isNegative: least.some((value) => value < 0) };
}

/** gradient [features] += the transposed forms of x [rowCount], for the first rows of the matrix. */
export function addFormsTransposed(
  lanes: LaneCount,
  matrix: CsrMatrix,
  rowCount: number,
  x: number,
  gradient: number,
): void {
  const { rowOffsets, columns, coefficients } = placeForms(matrix);
  laneKernels(lanes, false).addFormsTransposed(rowCount, rowOffsets, columns, coefficients, x, gradient);
}

interface PlacedTerms {
  readonly offsets: number;
  readonly terms: number;
  readonly coefficients: number;
}

const placedTerms = new WeakMap<CsrMatrix, PlacedTerms>();

/** Terms of the slots of a trace by feature: row, column (rowCount for exits) and coefficient of each. */
function placeTerms(matrix: CsrMatrix, trace: EliminationTrace): PlacedTerms {
  let addresses = placedTerms.get(matrix);
  if (addresses === undefined) {
    const { rowCount, rowOffsets, columns, exitOffsets, slotCount } = trace;
    const rowOfSlot = new Int32Array(slotCount);
    const exitBase = rowOffsets[rowCount];
    for (let row = 0; row < rowCount; row++) {
      rowOfSlot.fill(row, rowOffsets[row], rowOffsets[row + 1]);
      rowOfSlot.fill(row, exitBase + exitOffsets[row], exitBase + exitOffsets[row + 1]);
    }
    const count = matrix.rowOffsets[slotCount];
    const offsets = new Int32Array(matrix.columnCount + 1);
    for (let e = 0; e < count; e++) offsets[matrix.columns[e] + 1] += 1;
    for (let f = 0; f < matrix.columnCount; f++) offsets[f + 1] += offsets[f];
    const next = offsets.slice();
    const terms = new Int32Array(2 * count);
    const coefficients = new Float64Array(count);
    for (let slot = 0; slot < slotCount; slot++) {
      for (let e = matrix.rowOffsets[slot]; e < matrix.rowOffsets[slot + 1]; e++) {
        const place = next[matrix.columns[e]]++;
        terms[2 * place] = rowOfSlot[slot];
        terms[2 * place + 1] = slot < exitBase ? columns[slot] : rowCount;
        coefficients[place] = matrix.coefficients[e];
      }
    }
    const arena = kernelHost().arena();
    addresses = {
      offsets: arena.place(offsets),
      terms: arena.place(terms),
      coefficients: arena.place(coefficients),
    };
    arena.releaseWith(matrix);
    placedTerms.set(matrix, addresses);
  }
  return addresses;
}

/**
 * gradient [features] += derivatives of leftᵀ S right, for the generator S of a trace whose slots are the first rows of
 * the matrix. `right` has one element more than rows, 0.
 */
export function addFeatureGradient(
  kernels: LaneKernels,
  matrix: CsrMatrix,
  trace: EliminationTrace,
  left: number,
  right: number,
  gradient: number,
): void {
  const { offsets, terms, coefficients } = placeTerms(matrix, trace);
  kernels.addFeatureGradient(matrix.columnCount, offsets, terms, coefficients, left, right, gradient);
}
