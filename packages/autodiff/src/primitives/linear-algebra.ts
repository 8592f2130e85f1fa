// Dense linear algebra on stacks of matrices [b, n, n]: triangular solves, Cholesky, LU, solve, determinants.
import type { ArrayType } from "../array.ts";
import { allocate } from "../array.ts";
import { bind } from "../bind.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import { log } from "../special/index.ts";
import type { Value } from "../trace.ts";
import { add, mul, neg, sub } from "./arithmetic.ts";
import { apply, isLinearOperand, single } from "./apply.ts";
import {
  choleskyInPlace,
  cofactors,
  luInPlace,
  solveTriangularInPlace,
  solveWithFactors,
} from "./factorize.ts";
import { gather } from "./indexing.ts";
import { matmul } from "./matmul.ts";
import {
  batchStacks,
  batchSystems,
  doubles,
  fromDoubles,
  halfDiagonalLower,
  identitiesFor,
  identityStack,
  mirrorLower,
  squareType,
  swapMatrix,
  systemType,
  triangle,
} from "./matrix-stacks.ts";
import { reduceSum, reshape } from "./structural.ts";

export interface TriangularSolveParameters extends Parameters {
  readonly lower: boolean;
  readonly transposed: boolean;
  readonly unit: boolean;
}

export interface SolveParameters extends Parameters {
  readonly transposed: boolean;
}

export const triangularSolvePrimitive: Primitive<TriangularSolveParameters> = {
  name: "triangularSolve",
  documentation:
    "T [b, n, n], B [b, n, m] → X with T X = B, or Tᵀ X = B if transposed; only the lower (or upper) triangle of T is read, with ones on the diagonal if unit",
  type: (operands) => [systemType("triangularSolve", operands)],
  evaluate([t, b], options) {
    const [stack, n, m] = b.shape;
    const out = Float64Array.from(b.elements);
    const matrix = doubles(t.elements);
    for (let s = 0; s < stack; s++) solveTriangularInPlace(matrix, s * n * n, out, s * n * m, n, m, options);
    return [fromDoubles(out, b)];
  },
  // T X = B: dX = T⁻¹ (dB − dT X)
  jvp([t, b], [dt, db], options) {
    const x = triangularSolve(t, b, options);
    if (dt === null && db === null) return single(x, null);
    const { lower, transposed, unit } = options;
    const change = dt && neg(matmul(triangle(dt, lower, unit), x, transposed, false));
    const right = change === null ? db : db === null ? change : add(db, change);
    return single(x, right && triangularSolve(t, right, options));
  },
  transpose([ct], [t, b], options) {
    if (ct === null || isLinearOperand(t) || !isLinearOperand(b)) return [null, null];
    return [null, triangularSolve(t, ct, { ...options, transposed: !options.transposed })];
  },
  batch: (operands, axes, options, size) =>
    batchSystems(operands, axes, size, (t, b) => triangularSolve(t, b, options)),
};

export const choleskyPrimitive: Primitive = {
  name: "cholesky",
  documentation:
    "A [b, n, n], symmetric (its lower triangle is read) → lower L with L Lᵀ = A; NaN where A is not positive definite",
  type: (operands) => [squareType("cholesky", operands)],
  evaluate([a]) {
    const [stack, n] = a.shape;
    const out = Float64Array.from(a.elements);
    for (let s = 0; s < stack; s++) choleskyInPlace(out, s * n * n, n);
    return [fromDoubles(out, a)];
  },
  // dL = L Φ(L⁻¹ dA L⁻ᵀ), with Φ the lower triangle and half the diagonal
  jvp([a], [da]) {
    const l = cholesky(a);
    if (da === null) return single(l, null);
    const symmetric = mirrorLower(da);
    const options = { lower: true, transposed: false, unit: false };
    const half = triangularSolve(l, symmetric, options);
    const both = triangularSolve(l, swapMatrix(half), options);
    return single(l, matmul(l, mul(both, halfDiagonalLower(a.shape[1], both))));
  },
  batch: (operands, axes, _parameters, size) => batchStacks(operands, axes, size, ([a]) => [cholesky(a)]),
};

export const luPrimitive: Primitive = {
  name: "lu",
  documentation:
    "A [b, n, n] → L and U in one matrix [b, n, n] (L below the diagonal with ones on it, U on and above), and i32 [b, n]: the row of A at each place, by partial pivoting",
  type(operands) {
    const type = squareType("lu", operands);
    return [type, { dtype: "i32", shape: type.shape.slice(0, 2) }];
  },
  evaluate([a]) {
    const [stack, n] = a.shape;
    const out = Float64Array.from(a.elements);
    const permutation = new Int32Array(stack * n);
    for (let s = 0; s < stack; s++) luInPlace(out, s * n * n, n, permutation, s * n);
    return [fromDoubles(out, a), new NdArray(permutation, [stack, n], "i32")];
  },
  // With M = L⁻¹ P dA U⁻¹: dL = L tril(M, −1), dU = triu(M) U
  jvp([a], [da]) {
    const [factors, permutation] = lu(a);
    if (da === null) return { primals: [factors, permutation], tangents: [null, null] };
    const n = a.shape[1];
    const rows = gather(da, permutation, "zero");
    const left = triangularSolve(factors, rows, { lower: true, transposed: false, unit: true });
    const right = triangularSolve(factors, swapMatrix(left), { lower: false, transposed: true, unit: false });
    const m = swapMatrix(right);
    const l = add(triangle(factors, true, true), identityStack(n, factors));
    const u = triangle(factors, false, false);
    const tangent = add(matmul(l, triangle(m, true, true)), matmul(triangle(m, false, false), u));
    return { primals: [factors, permutation], tangents: [tangent, null] };
  },
  batch: (operands, axes, _parameters, size) => batchStacks(operands, axes, size, ([a]) => lu(a)),
};

export const solvePrimitive: Primitive<SolveParameters> = {
  name: "solve",
  documentation:
    "A [b, n, n], B [b, n, m] → X with A X = B, or Aᵀ X = B if transposed, by LU with partial pivoting",
  type: (operands) => [systemType("solve", operands)],
  evaluate([a, b], { transposed }) {
    const [stack, n, m] = b.shape;
    const factors = Float64Array.from(a.elements);
    const out = Float64Array.from(b.elements);
    const permutation = new Int32Array(n);
    for (let s = 0; s < stack; s++) {
      luInPlace(factors, s * n * n, n, permutation, 0);
      solveWithFactors(
        factors,
        s * n * n,
        permutation,
        out.subarray(s * n * m, (s + 1) * n * m),
        n,
        m,
        transposed,
      );
    }
    return [fromDoubles(out, b)];
  },
  // A X = B: dX = A⁻¹ (dB − dA X)
  jvp([a, b], [da, db], { transposed }) {
    const x = solve(a, b, transposed);
    if (da === null && db === null) return single(x, null);
    const change = da && neg(matmul(da, x, transposed, false));
    const right = change === null ? db : db === null ? change : add(db, change);
    return single(x, right && solve(a, right, transposed));
  },
  transpose([ct], [a, b], { transposed }) {
    if (ct === null || isLinearOperand(a) || !isLinearOperand(b)) return [null, null];
    return [null, solve(a, ct, !transposed)];
  },
  batch: (operands, axes, { transposed }, size) =>
    batchSystems(operands, axes, size, (a, b) => solve(a, b, transposed)),
};

export const detPrimitive: Primitive = {
  name: "det",
  documentation: "A [b, n, n] → determinants [b], by LU; the derivative is right for singular matrices too",
  type: (operands) => {
    const type = squareType("det", operands);
    return [{ dtype: type.dtype, shape: type.shape.slice(0, 1) }];
  },
  evaluate([a], _parameters, [type]) {
    const [stack, n] = a.shape;
    const out = allocate(type.dtype, stack);
    const factors = Float64Array.from(a.elements);
    const permutation = new Int32Array(n);
    for (let s = 0; s < stack; s++) {
      let product = luInPlace(factors, s * n * n, n, permutation, 0);
      for (let i = 0; i < n; i++) product *= factors[s * n * n + i * (n + 1)];
      out[s] = product;
    }
    return [new NdArray(out, type.shape, type.dtype)];
  },
  // d det A = Σ cofactor(A) dA
  jvp: ([a], [da]) => single(det(a), da && reduceSum(mul(da, cofactor(a)), [1, 2])),
  batch: (operands, axes, _parameters, size) => batchStacks(operands, axes, size, ([a]) => [det(a)]),
};

export const cofactorPrimitive: Primitive = {
  name: "cofactor",
  documentation:
    "A [b, n, n] → the matrices [b, n, n] of cofactors, det(A) A⁻ᵀ where A is regular; right for singular A too, its derivative for regular A only",
  type: (operands) => [squareType("cofactor", operands)],
  evaluate([a]) {
    const [stack, n] = a.shape;
    const out = new Float64Array(a.elements.length);
    const matrix = doubles(a.elements);
    for (let s = 0; s < stack; s++) cofactors(matrix, out, s * n * n, n);
    return [fromDoubles(out, a)];
  },
  // C = det(A) A⁻ᵀ: dC = tr(A⁻¹ dA) C − A⁻ᵀ dAᵀ C
  jvp([a], [da]) {
    const c = cofactor(a);
    if (da === null) return single(c, null);
    const traces = reduceSum(mul(da, solve(a, identitiesFor(a), true)), [1, 2]);
    const first = mul(reshape(traces, [a.shape[0], 1, 1]), c);
    return single(c, sub(first, solve(a, matmul(da, c, true, false), true)));
  },
  batch: (operands, axes, _parameters, size) => batchStacks(operands, axes, size, ([a]) => [cofactor(a)]),
};

export const slogdetPrimitive: Primitive = {
  name: "slogdet",
  documentation:
    "A [b, n, n] → signs [b] (−1, 0 or 1) and logarithms [b] of the absolute determinants (−∞ for sign 0)",
  type: (operands) => {
    const type = squareType("slogdet", operands);
    const result: ArrayType = { dtype: type.dtype, shape: type.shape.slice(0, 1) };
    return [result, result];
  },
  evaluate([a], _parameters, [type]) {
    const [stack, n] = a.shape;
    const signs = allocate(type.dtype, stack);
    const logarithms = allocate(type.dtype, stack);
    const factors = Float64Array.from(a.elements);
    const permutation = new Int32Array(n);
    for (let s = 0; s < stack; s++) {
      let sign = luInPlace(factors, s * n * n, n, permutation, 0);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const pivot = factors[s * n * n + i * (n + 1)];
        sign *= Math.sign(pivot);
        sum += log(Math.abs(pivot));
      }
      signs[s] = sign;
      logarithms[s] = sum;
    }
    return [new NdArray(signs, type.shape, type.dtype), new NdArray(logarithms, type.shape, type.dtype)];
  },
  // d log |det A| = tr(A⁻¹ dA); the sign is constant
  jvp([a], [da]) {
    const primals = slogdet(a);
    if (da === null) return { primals, tangents: [null, null] };
    const inverse = solve(a, identitiesFor(a), true);
    return { primals, tangents: [null, reduceSum(mul(da, inverse), [1, 2])] };
  },
  batch: (operands, axes, _parameters, size) => batchStacks(operands, axes, size, ([a]) => slogdet(a)),
};

export function triangularSolve(t: Value, b: Value, options: TriangularSolveParameters): Value {
  const { lower, transposed, unit } = options;
  return apply(triangularSolvePrimitive, [t, b], { lower, transposed, unit });
}

export function solve(a: Value, b: Value, transposed = false): Value {
  return apply(solvePrimitive, [a, b], { transposed });
}

/** Factors and permutation, as the primitive says. */
export function lu(a: Value): readonly [Value, Value] {
  const [factors, permutation] = bind(luPrimitive, [a]);
  return [factors, permutation];
}

/** Sign and logarithm of the absolute determinant. */
export function slogdet(a: Value): readonly [Value, Value] {
  const [sign, logarithm] = bind(slogdetPrimitive, [a]);
  return [sign, logarithm];
}

const none = {};
export const cholesky = (a: Value): Value => apply(choleskyPrimitive, [a], none);
export const det = (a: Value): Value => apply(detPrimitive, [a], none);
export const cofactor = (a: Value): Value => apply(cofactorPrimitive, [a], none);
