// np.linalg: decompositions, solves, determinants and norms, on the last two axes.
import { sizeOf } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { PhxError } from "../errors.ts";
import * as algebra from "../primitives/linear-algebra.ts";
import { identityStack, swapMatrix, triangle } from "../primitives/matrix-stacks.ts";
import { broadcastShapes } from "../primitives/layout.ts";
import { broadcastTo, reshape } from "../primitives/structural.ts";
import type { Value } from "../trace.ts";
import type { AxisArgument } from "./axes.ts";
import { normalizeAxes } from "./axes.ts";
import { abs, add, div, mul, sqrt } from "./elementwise.ts";
import { oneHot } from "./creation.ts";
import { max, sum } from "./reductions.ts";
import { floatOf, promoteFloat } from "./promote.ts";

/** A stack [b, n, m] of the matrices in the last two axes, and how to get back from [b, …]. */
function stackOf(x: Value, name: string): { readonly stack: Value; readonly leading: readonly number[] } {
  const rank = x.shape.length;
  if (rank < 2) {
    throw new PhxError({
      code: "PHX948",
      what: `${name} of an array with ${rank} axes`,
      why: "it works on the last two axes",
      fix: "reshape to a matrix",
    });
  }
  const leading = x.shape.slice(0, -2);
  return { stack: reshape(x, [sizeOf(leading), ...x.shape.slice(-2)]), leading };
}

function unstack(x: Value, leading: readonly number[]): Value {
  return reshape(x, [...leading, ...x.shape.slice(1)]);
}

/** Solves with a matrix and one right-hand side (a vector) or several (a matrix); leading axes broadcast. */
function solveSystem(
  name: string,
  matrix: ArrayLike,
  right: ArrayLike,
  run: (a: Value, b: Value) => Value,
): Value {
  const [a, b] = promoteFloat([matrix, right]);
  const vector = b.shape.length === 1;
  const columns = vector ? reshape(b, [b.shape[0], 1]) : b;
  const common = broadcastShapes([a.shape.slice(0, -2), columns.shape.slice(0, -2)]) ?? [];
  const { stack } = stackOf(broadcastTo(a, [...common, ...a.shape.slice(-2)]), name);
  const { stack: sides } = stackOf(broadcastTo(columns, [...common, ...columns.shape.slice(-2)]), name);
  const solved = unstack(run(stack, sides), common);
  return vector ? reshape(solved, [...common, b.shape[0]]) : solved;
}

/** x with A x = b, for a vector b [n] or several right-hand sides [..., n, m]. */
export function solve(a: ArrayLike, b: ArrayLike): Value {
  return solveSystem("solve", a, b, (x, y) => algebra.solve(x, y));
}

export interface TriangularOptions {
  /** Which triangle of the matrix is read. Default false: the upper one. */
  readonly lower?: boolean;
  /** Solve with the transposed matrix. Default false. */
  readonly transposed?: boolean;
  /** Take the diagonal as ones. Default false. */
  readonly unitDiagonal?: boolean;
}

/** x with T x = b for a triangular T; the other triangle is not read. */
export function triangularSolve(t: ArrayLike, b: ArrayLike, options: TriangularOptions = {}): Value {
  const { lower = false, transposed = false, unitDiagonal = false } = options;
  return solveSystem("triangularSolve", t, b, (x, y) =>
    algebra.triangularSolve(x, y, { lower, transposed, unit: unitDiagonal }),
  );
}

/** The lower triangular L with L Lᵀ = (A + Aᵀ)/2; NaN where that is not positive definite. */
export function cholesky(a: ArrayLike): Value {
  const { stack, leading } = stackOf(floatOf(a), "cholesky");
  return unstack(algebra.cholesky(mul(0.5, add(stack, swapMatrix(stack)))), leading);
}

/** [P, L, U] with A = P L U. */
export function lu(a: ArrayLike): [Value, Value, Value] {
  const { stack, leading } = stackOf(floatOf(a), "lu");
  const n = stack.shape[1];
  const [factors, permutation] = algebra.lu(stack);
  const lower = add(triangle(factors, true, true), identityStack(n, factors));
  // Row i of Pᵀ A is row permutation[i] of A.
  const p = swapMatrix(oneHot(permutation, n, -1, factors.dtype));
  return [unstack(p, leading), unstack(lower, leading), unstack(triangle(factors, false, false), leading)];
}

/** Determinants; the derivative is right for singular matrices too. */
export function det(a: ArrayLike): Value {
  const { stack, leading } = stackOf(floatOf(a), "det");
  return unstack(algebra.det(stack), leading);
}

/** Sign and logarithm of the absolute determinant. */
export function slogdet(a: ArrayLike): { readonly sign: Value; readonly logabsdet: Value } {
  const { stack, leading } = stackOf(floatOf(a), "slogdet");
  const [sign, logarithm] = algebra.slogdet(stack);
  return { sign: unstack(sign, leading), logabsdet: unstack(logarithm, leading) };
}

/** A⁻¹. Prefer solve. */
export function inv(a: ArrayLike): Value {
  const value = floatOf(a);
  const { stack } = stackOf(value, "inv");
  return solve(value, reshape(identityStack(stack.shape[1], value), stack.shape.slice(1)));
}

export interface NormOptions {
  /** 1, 2, Infinity or another p; default 2 (Frobenius for all axes). */
  readonly order?: number;
  readonly axis?: AxisArgument;
  readonly keepdims?: boolean;
}

/** (Σ |x|^p)^(1/p) over axes (all by default): vector norms, and the Frobenius norm of matrices. NaN derivative at 0. */
export function norm(x: ArrayLike, options: NormOptions = {}): Value {
  const { order = 2, axis = null, keepdims = false } = options;
  const value = floatOf(x);
  normalizeAxes(axis, value.shape.length);
  const reduction = { axis, keepdims };
  if (order === 2) return sqrt(sum(mul(value, value), reduction));
  if (order === 1) return sum(abs(value), reduction);
  if (order === Infinity) return max(abs(value), reduction);
  if (order > 0) return sum(abs(value).pow(order), reduction).pow(div(1, order));
  throw new PhxError({
    code: "PHX949",
    what: `norm of order ${order}`,
    why: "orders are positive numbers or Infinity",
    fix: "give 1, 2, Infinity or another p > 0",
  });
}
