// LinearForms as sparse matrices over the features, and combinations of their rows.
import type { CsrMatrix, NdArray } from "@phxlang/autodiff";
import { csrMatrix } from "@phxlang/autodiff";
import type { LinearForms } from "@phxlang/graph";
import { vector } from "../array-operations.ts";
import { Memo } from "../memo.ts";

/**
 * The matrix whose row r is the sum of the rows of `forms` in groups[offsets[r] .. offsets[r + 1]); its product
 * with φ are the numbers that the sums stand for.
 */
export function sumOfForms(
  forms: LinearForms,
  offsets: ArrayLike<number>,
  groups: ArrayLike<number>,
  featureCount: number,
): CsrMatrix {
  const rowOffsets = new Int32Array(offsets.length);
  let length = 0;
  for (let i = 0; i < groups.length; i++) length += forms.offsets[groups[i] + 1] - forms.offsets[groups[i]];
  const columns = new Int32Array(length);
  const coefficients = new Float64Array(length);
  let next = 0;
  for (let r = 0; r + 1 < offsets.length; r++) {
    for (let g = offsets[r]; g < offsets[r + 1]; g++) {
      const row = groups[g];
      for (let j = forms.offsets[row]; j < forms.offsets[row + 1]; j++, next++) {
        columns[next] = forms.features[j];
        coefficients[next] = forms.coefficients[j];
      }
    }
    rowOffsets[r + 1] = next;
  }
  return csrMatrix({ rowOffsets, columns, columnCount: featureCount, coefficients });
}

const rowMatrices = new Memo<LinearForms, ArrayLike<number> | null, CsrMatrix>();

/** The matrix of the rows `rows` of forms, one each; a negative row is empty. Made once for each array of rows. */
export function rowsOfForms(forms: LinearForms, rows: ArrayLike<number>, featureCount: number): CsrMatrix {
  return rowMatrices.get(forms, rows, () => {
    const offsets = new Int32Array(rows.length + 1);
    const groups: number[] = [];
    for (let r = 0; r < rows.length; r++) {
      if (rows[r] >= 0) groups.push(rows[r]);
      offsets[r + 1] = groups.length;
    }
    return sumOfForms(forms, offsets, groups, featureCount);
  });
}

/** The matrix of all rows of forms. */
export function matrixOfForms(forms: LinearForms, featureCount: number): CsrMatrix {
  return rowMatrices.get(forms, null, () =>
    csrMatrix({
      rowOffsets: forms.offsets,
      columns: forms.features,
      columnCount: featureCount,
      coefficients: forms.coefficients,
    }),
  );
}

const summations = new Memo<ArrayLike<number> & object, number, CsrMatrix>();

/**
 * Sums entries: row targets[i] of the product with x has the term x[i]; entries with a negative target are left
 * out. Made once for each array of targets, which must not change.
 */
export function summationMatrix(targets: ArrayLike<number> & object, rowCount: number): CsrMatrix {
  return summations.get(targets, rowCount, () => sumsByTarget(targets, rowCount));
}

function sumsByTarget(targets: ArrayLike<number>, rowCount: number): CsrMatrix {
  const rowOffsets = new Int32Array(rowCount + 1);
  for (let i = 0; i < targets.length; i++) if (targets[i] >= 0) rowOffsets[targets[i] + 1] += 1;
  for (let r = 0; r < rowCount; r++) rowOffsets[r + 1] += rowOffsets[r];
  const columns = new Int32Array(rowOffsets[rowCount]);
  const next = rowOffsets.slice();
  for (let i = 0; i < targets.length; i++) if (targets[i] >= 0) columns[next[targets[i]]++] = i;
  return csrMatrix({
    rowOffsets,
    columns,
    columnCount: targets.length,
    coefficients: new Float64Array(columns.length).fill(1),
  });
}

const constants = new Memo<CsrMatrix, null, { readonly values: NdArray | null }>();

/** What the rows are where they have terms in feature 0 alone, which is always 1; otherwise null. */
export function constantForms(matrix: CsrMatrix): NdArray | null {
  const { values } = constants.get(matrix, null, () => {
    if (matrix.columns.some((feature) => feature !== 0)) return { values: null };
    const values = new Float64Array(matrix.rowCount);
    for (let row = 0; row < values.length; row++) {
      for (let e = matrix.rowOffsets[row]; e < matrix.rowOffsets[row + 1]; e++) {
        values[row] += matrix.coefficients[e];
      }
    }
    return { values: vector(values) };
  });
  return values;
}
