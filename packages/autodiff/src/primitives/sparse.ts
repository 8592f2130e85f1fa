// Sparse matrix–vector products: with entries that are values (csrMatvec, csrOuter) or constants (csrLinear).
//
// Vectors and entries may have one leading axis of lanes, the same for all operands that have one; lanes are
// independent. So the batch rule of these primitives is to add lanes.
import type { ArrayType, Elements } from "../array.ts";
import { allocate, isFloat, sizeOf, typeText } from "../array.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Batched, LinearOperand, Parameters, Primitive } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { addTangents } from "./arithmetic.ts";
import { apply, isLinearOperand, single } from "./apply.ts";
import type { CsrMatrix, CsrPattern } from "./csr-structure.ts";
import { broadcastInto, moveAxis, reduceSum, reshape } from "./structural.ts";

export interface CsrParameters extends Parameters {
  readonly pattern: CsrPattern;
  /** Whether the transposed matrix is meant. */
  readonly transposed: boolean;
}

export interface CsrOuterParameters extends Parameters {
  readonly pattern: CsrPattern;
}

export interface CsrLinearParameters extends Parameters {
  readonly matrix: CsrMatrix;
  readonly transposed: boolean;
}

type Shape = Pick<CsrPattern, "rowCount" | "columnCount" | "rowOffsets" | "columns">;

export const csrMatvecPrimitive: Primitive<CsrParameters> = {
  name: "csrMatvec",
  documentation:
    "entries [entryCount] of a sparse matrix A and x → A x [rowCount], or Aᵀ x [columnCount] if transposed; a leading axis of lanes is allowed",
  type(operands, { pattern, transposed }) {
    const { rowCount, columnCount, entryCount } = pattern;
    const lengths = [entryCount, transposed ? rowCount : columnCount];
    return [laneType("csrMatvec", operands, lengths, transposed ? columnCount : rowCount)];
  },
  evaluate([values, x], { pattern, transposed }, [type]) {
    const out = allocate(type.dtype, sizeOf(type.shape));
    const lanes = type.shape.length === 2 ? type.shape[0] : 1;
    multiply(pattern, transposed, lanes, values.elements, laneStep(values), x.elements, laneStep(x), out);
    return [new NdArray(out, type.shape, type.dtype)];
  },
  // d(A x) = dA x + A dx
  jvp: ([values, x], [tv, tx], { pattern, transposed }) =>
    single(
      csr(pattern, transposed, values, x),
      addTangents(tv && csr(pattern, transposed, tv, x), tx && csr(pattern, transposed, values, tx)),
    ),
  transpose([ct], [values, x], { pattern, transposed }) {
    if (ct === null) return [null, null];
    if (isLinearOperand(values)) {
      const [u, v] = transposed ? [x as Value, ct] : [ct, x as Value];
      return [dropLanes(csrOuter(pattern, u, v), values), null];
    }
    return [null, isLinearOperand(x) ? dropLanes(csr(pattern, !transposed, values, ct), x) : null];
  },
  batch: (operands, axes, { pattern, transposed }, size) =>
    batchLanes(operands, axes, size, ([values, x]) => csr(pattern, transposed, values, x)),
};

export const csrOuterPrimitive: Primitive<CsrOuterParameters> = {
  name: "csrOuter",
  documentation:
    "u [rowCount], v [columnCount] → u[row(e)] · v[column(e)] for every entry e [entryCount]; a leading axis of lanes is allowed",
  type(operands, { pattern }) {
    const { rowCount, columnCount, entryCount } = pattern;
    return [laneType("csrOuter", operands, [rowCount, columnCount], entryCount)];
  },
  evaluate([u, v], { pattern }, [type]) {
    const out = allocate(type.dtype, sizeOf(type.shape));
    const lanes = type.shape.length === 2 ? type.shape[0] : 1;
    const { rowCount, rowOffsets, columns } = pattern;
    for (let lane = 0; lane < lanes; lane++) {
      const atU = lane * laneStep(u);
      const atV = lane * laneStep(v);
      const atOut = lane * columns.length;
      for (let r = 0; r < rowCount; r++) {
        const factor = u.elements[atU + r];
        for (let e = rowOffsets[r]; e < rowOffsets[r + 1]; e++) {
          out[atOut + e] = factor * v.elements[atV + columns[e]];
        }
      }
    }
    return [new NdArray(out, type.shape, type.dtype)];
  },
  jvp: ([u, v], [tu, tv], { pattern }) =>
    single(
      csrOuter(pattern, u, v),
      addTangents(tu && csrOuter(pattern, tu, v), tv && csrOuter(pattern, u, tv)),
    ),
  transpose([ct], [u, v], { pattern }) {
    if (ct === null) return [null, null];
    if (isLinearOperand(u)) return [dropLanes(csr(pattern, false, ct, v as Value), u), null];
    return [null, isLinearOperand(v) ? dropLanes(csr(pattern, true, ct, u), v) : null];
  },
  batch: (operands, axes, { pattern }, size) =>
    batchLanes(operands, axes, size, ([u, v]) => csrOuter(pattern, u, v)),
};

export const csrLinearPrimitive: Primitive<CsrLinearParameters> = {
  name: "csrLinear",
  documentation:
    "x → A x [rowCount] for a sparse matrix A of constants, or Aᵀ x [columnCount] if transposed; a leading axis of lanes is allowed",
  type(operands, { matrix, transposed }) {
    const { rowCount, columnCount } = matrix;
    const [from, to] = transposed ? [rowCount, columnCount] : [columnCount, rowCount];
    return [laneType("csrLinear", operands, [from], to)];
  },
  evaluate([x], { matrix, transposed }, [type]) {
    const out = allocate(type.dtype, sizeOf(type.shape));
    const lanes = type.shape.length === 2 ? type.shape[0] : 1;
    multiply(matrix, transposed, lanes, matrix.coefficients, 0, x.elements, laneStep(x), out);
    return [new NdArray(out, type.shape, type.dtype)];
  },
  jvp: ([x], [t], { matrix, transposed }) =>
    single(linear(matrix, transposed, x), t && linear(matrix, transposed, t)),
  transpose: ([ct], _operands, { matrix, transposed }) => [ct && linear(matrix, !transposed, ct)],
  batch: (operands, axes, { matrix, transposed }, size) =>
    batchLanes(operands, axes, size, ([x]) => linear(matrix, transposed, x)),
};

/** A x, for a matrix with entries `values` [entryCount] in a pattern and x [columnCount] → [rowCount]. */
export function csrMatvec(pattern: CsrPattern, values: Value, x: Value): Value {
  return csr(pattern, false, values, x);
}

/** Aᵀ y, for a matrix with entries `values` [entryCount] in a pattern and y [rowCount] → [columnCount]. */
export function csrTransposedMatvec(pattern: CsrPattern, values: Value, y: Value): Value {
  return csr(pattern, true, values, y);
}

/** u[row(e)] v[column(e)] for every entry of a pattern: u [rowCount], v [columnCount] → [entryCount]. */
export function csrOuter(pattern: CsrPattern, u: Value, v: Value): Value {
  return apply(csrOuterPrimitive, [u, v], { pattern });
}

/** A x for a matrix of constants: x [columnCount] → [rowCount]. */
export function csrLinear(matrix: CsrMatrix, x: Value): Value {
  return linear(matrix, false, x);
}

/** Aᵀ y for a matrix of constants: y [rowCount] → [columnCount]. */
export function csrLinearTransposed(matrix: CsrMatrix, y: Value): Value {
  return linear(matrix, true, y);
}

function csr(pattern: CsrPattern, transposed: boolean, values: Value, x: Value): Value {
  return apply(csrMatvecPrimitive, [values, x], { pattern, transposed });
}

function linear(matrix: CsrMatrix, transposed: boolean, x: Value): Value {
  return apply(csrLinearPrimitive, [x], { matrix, transposed });
}

/** Lane by lane, row by row, entries in order: that order fixes the bits. */
function multiply(
  matrix: Shape,
  transposed: boolean,
  lanes: number,
  values: Elements,
  valuesStep: number,
  x: Elements,
  xStep: number,
  out: Elements,
): void {
  const { rowCount, columnCount, rowOffsets, columns } = matrix;
  for (let lane = 0; lane < lanes; lane++) {
    const atValues = lane * valuesStep;
    const atX = lane * xStep;
    const atOut = lane * (transposed ? columnCount : rowCount);
    for (let r = 0; r < rowCount; r++) {
      const end = rowOffsets[r + 1];
      if (transposed) {
        const factor = x[atX + r];
        for (let e = rowOffsets[r]; e < end; e++) out[atOut + columns[e]] += values[atValues + e] * factor;
      } else {
        let sum = 0;
        for (let e = rowOffsets[r]; e < end; e++) sum += values[atValues + e] * x[atX + columns[e]];
        out[atOut + r] = sum;
      }
    }
  }
}

/** Elements from lane to lane; 0 for an operand without lanes. */
function laneStep(x: NdArray): number {
  return x.shape.length === 2 ? x.shape[1] : 0;
}

function laneType(
  name: string,
  operands: readonly ArrayType[],
  lengths: readonly number[],
  length: number,
): ArrayType {
  const { dtype } = operands[0];
  let lanes = -1;
  for (let i = 0; i < operands.length; i++) {
    const { shape } = operands[i];
    const rank = shape.length;
    const fits =
      operands[i].dtype === dtype &&
      isFloat(dtype) &&
      (rank === 1 || rank === 2) &&
      shape[rank - 1] === lengths[i] &&
      (rank === 1 || lanes === -1 || lanes === shape[0]);
    if (!fits) {
      throw new PhxError({
        code: "PHX947",
        what: `${name} of ${operands.map(typeText).join(" and ")}`,
        why: `its operands are floats of one dtype and of lengths ${lengths.join(" and ")}, with at most one leading axis of lanes, the same for all`,
        fix: "reshape the operands, or use vmap for further axes",
      });
    }
    if (rank === 2) lanes = shape[0];
  }
  return { dtype, shape: lanes === -1 ? [length] : [lanes, length] };
}

/** The cotangent of an operand that had no lanes is the sum over the lanes. */
function dropLanes(ct: Value, operand: LinearOperand): Value {
  return ct.shape.length > operand.type.shape.length ? reduceSum(ct, [0]) : ct;
}

/** Adds the batch to the lanes: [size, lanes, n] becomes [size · lanes, n], and back. */
function batchLanes(
  operands: readonly Value[],
  axes: readonly (number | null)[],
  size: number,
  run: (operands: readonly Value[]) => Value,
): Batched {
  let lanes = 1;
  for (let i = 0; i < operands.length; i++) {
    const rank = operands[i].shape.length - (axes[i] === null ? 0 : 1);
    if (rank === 2) lanes = operands[i].shape[axes[i] === 0 ? 1 : 0];
  }
  const hasLanes = operands.some((x, i) => x.shape.length - (axes[i] === null ? 0 : 1) === 2);
  const prepared = operands.map((operand, i) => {
    const axis = axes[i];
    const length = (n: Value): number => n.shape[n.shape.length - 1];
    if (axis === null) {
      if (operand.shape.length === 1) return operand;
      return reshape(broadcastInto(operand, [size, ...operand.shape], [1, 2]), [
        size * lanes,
        length(operand),
      ]);
    }
    const moved = moveAxis(operand, axis, 0);
    if (!hasLanes) return moved;
    const full =
      moved.shape.length === 3 ? moved : broadcastInto(moved, [size, lanes, length(moved)], [0, 2]);
    return reshape(full, [size * lanes, length(moved)]);
  });
  const result = run(prepared);
  if (!hasLanes) return { results: [result], axes: [0] };
  return { results: [reshape(result, [size, lanes, result.shape[1]])], axes: [0] };
}
