// What the rules of dense linear algebra share: types of stacks [b, n, n], masks, and batching into the stack.
import type { ArrayType, Elements } from "../array.ts";
import { allocate, isFloat, sizeOf, typeText } from "../array.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Batched } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { add, constant, where } from "./arithmetic.ts";
import { range } from "./layout.ts";
import { broadcastInto, moveAxis, permute, reshape } from "./structural.ts";

/** The type of a stack of square matrices; PHX948 for others. */
export function squareType(name: string, [a]: readonly ArrayType[]): ArrayType {
  if (a.shape.length === 3 && a.shape[1] === a.shape[2] && isFloat(a.dtype)) {
    return { dtype: a.dtype, shape: a.shape };
  }
  throw new PhxError({
    code: "PHX948",
    what: `${name} of ${typeText(a)}`,
    why: "it works on stacks [b, n, n] of square matrices of floats",
    fix: "use np.linalg, which brings arrays to this form, and check that the matrix is square",
  });
}

/** The type of the solutions of systems with matrices [b, n, n] and right-hand sides [b, n, m]. */
export function systemType(name: string, operands: readonly ArrayType[]): ArrayType {
  const [a, b] = operands;
  const { dtype, shape } = squareType(name, operands);
  if (b.shape.length === 3 && b.dtype === dtype && b.shape[0] === shape[0] && b.shape[1] === shape[1]) {
    return { dtype, shape: b.shape };
  }
  throw new PhxError({
    code: "PHX948",
    what: `${name} with a matrix ${typeText(a)} and right-hand sides ${typeText(b)}`,
    why: "there is one right-hand side [n, m] of the same dtype for each matrix [n, n]",
    fix: "give a vector of n entries, or a matrix with n rows",
  });
}

/** Elements as doubles, in which factorizations compute. */
export function doubles(elements: Elements): Float64Array {
  return elements instanceof Float64Array ? elements : Float64Array.from(elements);
}

/** An array of the shape and dtype of `like` from doubles. */
export function fromDoubles(values: Float64Array, like: NdArray): NdArray {
  if (like.dtype === "f64") return new NdArray(values, like.shape, "f64");
  const elements = allocate(like.dtype, values.length);
  elements.set(values);
  return new NdArray(elements, like.shape, like.dtype);
}

/** The transposes of a stack of matrices. */
export function swapMatrix(x: Value): Value {
  return permute(x, [0, 2, 1]);
}

/** x [b, n, n] with zeros outside the lower (or upper) triangle, and on the diagonal too if `strict`. */
export function triangle(x: Value, lower: boolean, strict: boolean): Value {
  const n = x.shape[1];
  const mask = new Uint8Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const inside = i === j ? !strict : lower === j < i;
      mask[i * n + j] = inside ? 1 : 0;
    }
  }
  return where(new NdArray(mask, [1, n, n], "bool"), x, constant(0, x));
}

/** The symmetric matrices with the lower triangles of x. */
export function mirrorLower(x: Value): Value {
  return add(triangle(x, true, false), swapMatrix(triangle(x, true, true)));
}

/** The identity [1, n, n] in the dtype of `like`. */
export function identityStack(n: number, like: Value): NdArray {
  const elements = allocate(like.dtype, n * n);
  for (let i = 0; i < n; i++) elements[i * (n + 1)] = 1;
  return new NdArray(elements, [1, n, n], like.dtype);
}

/** Ones below the diagonal, ½ on it: [1, n, n] in the dtype of `like`. */
export function halfDiagonalLower(n: number, like: Value): NdArray {
  const elements = allocate(like.dtype, n * n);
  for (let i = 0; i < n; i++) {
    elements.fill(1, i * n, i * n + i);
    elements[i * (n + 1)] = 0.5;
  }
  return new NdArray(elements, [1, n, n], like.dtype);
}

/** Identities for every matrix of the stack a [b, n, n]. */
export function identitiesFor(a: Value): Value {
  return broadcastInto(identityStack(a.shape[1], a), a.shape, [0, 1, 2]);
}

/** Runs with the batch folded into the stacks: [size, b, …] as [size · b, …]. */
export function batchStacks(
  operands: readonly Value[],
  axes: readonly (number | null)[],
  size: number,
  run: (operands: readonly Value[]) => readonly Value[],
): Batched {
  const merged = operands.map((operand, i) => {
    const axis = axes[i];
    const full =
      axis === null
        ? broadcastInto(
            operand,
            [size, ...operand.shape],
            range(operand.shape.length).map((a) => a + 1),
          )
        : moveAxis(operand, axis, 0);
    return reshape(full, [sizeOf(full.shape.slice(0, 2)), ...full.shape.slice(2)]);
  });
  const results = run(merged);
  return {
    results: results.map((result) =>
      reshape(result, [size, result.shape[0] / size, ...result.shape.slice(1)]),
    ),
    axes: results.map(() => 0),
  };
}

/** As batchStacks, for systems; a matrix that is not batched serves all right-hand sides, as further columns. */
export function batchSystems(
  operands: readonly Value[],
  axes: readonly (number | null)[],
  size: number,
  run: (a: Value, b: Value) => Value,
): Batched {
  const [a, b] = operands;
  if (axes[0] !== null) return batchStacks(operands, axes, size, ([x, y]) => [run(x, y)]);
  const last = moveAxis(b, axes[1] ?? 0, 3);
  const [stack, n, m] = last.shape;
  const solved = run(a, reshape(last, [stack, n, m * size]));
  return { results: [reshape(solved, [stack, n, m, size])], axes: [3] };
}
