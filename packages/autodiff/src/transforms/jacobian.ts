// jacfwd, jacrev, hessian and hvp: all derivatives of a function, column by column or row by row.
import { isFloat, sizeOf, typeText } from "../array.ts";
import type { ArrayType } from "../array.ts";
import { identityMatrix, moveAxis, reshapeTo, zeros } from "../engine-operations.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Tangent } from "../primitive.ts";
import type { Value } from "../trace.ts";
import type { TreeStructure } from "../tree.ts";
import { unflatten } from "../tree.ts";
import { chosenArguments } from "./argnums.ts";
import { batchFlat } from "./batch-trace.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction, flattenValues } from "./flat-function.ts";
import { grad } from "./grad.ts";
import { jvp } from "./jvp.ts";
import { applyLinear } from "./linearize.ts";
import type { LinearMap } from "./linearize-flat.ts";
import { linearizeFlat } from "./linearize-flat.ts";
import type { AcceptsAll, ByArgnums } from "./types.ts";
import { pullBack } from "./vjp.ts";

export interface JacobianOptions<N> {
  readonly argnums?: N;
  readonly hasAux?: false;
}

export interface JacobianAuxOptions<N> {
  readonly argnums?: N;
  /** The function returns `[result, auxiliary]`. */
  readonly hasAux: true;
}

/**
 * The tree of a result R, each of its arrays replaced by a tree of an argument: leaves have the result's shape
 * followed by the argument's.
 */
export type Jacobian<R, A extends readonly unknown[], N> = R extends Value | number
  ? ByArgnums<A, N, Value>
  : { -readonly [K in keyof R]: Jacobian<R[K], A, N> };

type Argnums = number | readonly number[];
interface LooseOptions {
  readonly argnums?: Argnums;
  readonly hasAux?: boolean;
}

/**
 * Jacobian by forward mode: `jacfwd(f)(...args)`; one linearization, then one batched application to all basis
 * tangents. Cheap when there are few inputs. With `hasAux`, `[jacobian, aux]`.
 */
export function jacfwd<A extends readonly unknown[], R, X, const N extends Argnums = 0>(
  f: (...args: A) => readonly [R, X],
  options: JacobianAuxOptions<N>,
): (...args: AcceptsAll<A>) => [Jacobian<R, A, N>, X];
export function jacfwd<A extends readonly Value[], R, const N extends Argnums = 0>(
  f: (...args: A) => R,
  options?: JacobianOptions<N>,
): (...args: AcceptsAll<A>) => Jacobian<R, A, N>;
export function jacfwd<A extends readonly unknown[], R, const N extends Argnums = 0>(
  f: (...args: A) => R,
  options?: JacobianOptions<N>,
): (...args: AcceptsAll<A>) => Jacobian<R, A, N>;
export function jacfwd(f: TreeFunction, options: LooseOptions = {}): TreeFunction {
  return (...args) => jacobian(f, args, options, "jacfwd", columns);
}

/** Jacobian by reverse mode: cheap when there are few outputs. See jacfwd. */
export function jacrev<A extends readonly unknown[], R, X, const N extends Argnums = 0>(
  f: (...args: A) => readonly [R, X],
  options: JacobianAuxOptions<N>,
): (...args: AcceptsAll<A>) => [Jacobian<R, A, N>, X];
export function jacrev<A extends readonly Value[], R, const N extends Argnums = 0>(
  f: (...args: A) => R,
  options?: JacobianOptions<N>,
): (...args: AcceptsAll<A>) => Jacobian<R, A, N>;
export function jacrev<A extends readonly unknown[], R, const N extends Argnums = 0>(
  f: (...args: A) => R,
  options?: JacobianOptions<N>,
): (...args: AcceptsAll<A>) => Jacobian<R, A, N>;
export function jacrev(f: TreeFunction, options: LooseOptions = {}): TreeFunction {
  return (...args) => jacobian(f, args, options, "jacrev", rows);
}

/** Second derivatives of a function with a scalar result, forward over reverse. */
export function hessian<A extends readonly Value[], const N extends Argnums = 0>(
  f: (...args: A) => Value | number,
  options?: JacobianOptions<N>,
): (...args: AcceptsAll<A>) => Jacobian<ByArgnums<A, N, Value>, A, N>;
export function hessian<A extends readonly unknown[], const N extends Argnums = 0>(
  f: (...args: A) => Value | number,
  options?: JacobianOptions<N>,
): (...args: AcceptsAll<A>) => Jacobian<ByArgnums<A, N, Value>, A, N>;
export function hessian(f: TreeFunction, options: LooseOptions = {}): TreeFunction {
  const inner: TreeFunction = (...args) => jacobian(f, args, options, "hessian", rows);
  return (...args) => jacobian(inner, args, { argnums: options.argnums ?? 0 }, "hessian", columns);
}

/**
 * Hessian times vector, forward over reverse, without forming the Hessian: `hvp(f, args, tangents)` gives a
 * list with one tree per argument.
 */
export function hvp<A extends readonly Value[]>(
  f: (...args: A) => Value | number,
  args: AcceptsAll<A>,
  tangents: AcceptsAll<A>,
): ByArgnums<A, readonly number[], Value>;
export function hvp<A extends readonly unknown[]>(
  f: (...args: A) => Value | number,
  args: AcceptsAll<A>,
  tangents: AcceptsAll<A>,
): ByArgnums<A, readonly number[], Value>;
export function hvp(f: TreeFunction, args: readonly unknown[], tangents: readonly unknown[]): unknown {
  const argnums = args.map((_, i) => i);
  const gradient = grad(f as (...args: unknown[]) => Value, { argnums }) as TreeFunction;
  return jvp(gradient as (...args: readonly unknown[]) => Value, args as never, tangents as never)[1];
}

/** Jacobian blocks [output][input] of a linear map. */
type Blocks = (
  linear: LinearMap,
  inputs: readonly Value[],
  outputs: readonly Value[],
  transform: string,
) => readonly (readonly Value[])[];

function jacobian(
  f: TreeFunction,
  args: readonly unknown[],
  options: LooseOptions,
  transform: string,
  blocks: Blocks,
): unknown {
  const argnums = options.argnums ?? 0;
  const chosen = chosenArguments(f, args, argnums, transform);
  const { values, structure } = flattenValues(chosen.args);
  for (const value of values) if (!isFloat(value.dtype)) throw integerError(transform, value.type);
  const flat = new FlatFunction(chosen.f, structure, options.hasAux);
  const marked = values.map(() => true);
  const { outputs, linear } = linearizeFlat(flat.call, values, marked, transform);
  const results = outputs.slice(0, flat.outputCount);
  for (const result of results) if (!isFloat(result.dtype)) throw integerError(transform, result.type);
  const inner: TreeStructure =
    typeof argnums === "number" && structure.kind === "list" ? structure.children[0] : structure;
  const table = blocks(linear, values, results, transform);
  const tree = unflatten(
    flat.outputStructure,
    table.map((row) => unflatten(inner, row)),
  );
  return options.hasAux === true ? [tree, flat.auxTree(outputs)] : tree;
}

/** All columns that belong to one input at once: the linear map batched over basis tangents. */
function columns(
  linear: LinearMap,
  inputs: readonly Value[],
  outputs: readonly Value[],
  transform: string,
): Value[][] {
  const marked = inputs.map(() => true);
  const table: Value[][] = outputs.map(() => []);
  inputs.forEach((input, column) => {
    const basis = standardBasis(input.type);
    const { results, axes } = batchFlat(
      ([tangent]) => {
        const tangents: Tangent[] = inputs.map((_, i) => (i === column ? tangent : null));
        const out = applyLinear(linear, inputs, marked, tangents);
        return outputs.map((output, i) => out[i] ?? zeros(output.type));
      },
      [basis],
      [0],
      basis.shape[0],
      undefined,
      transform,
    );
    outputs.forEach((output, row) => {
      const axis = axes[row];
      const shape = [...output.shape, ...input.shape];
      const block =
        axis === null
          ? zeros({ dtype: output.dtype, shape, weak: output.weak })
          : reshapeTo(moveAxis(results[row], axis, output.ndim), shape);
      table[row].push(block);
    });
  });
  return table;
}

/** All rows that belong to one output at once: the transposed map batched over basis cotangents. */
function rows(
  linear: LinearMap,
  inputs: readonly Value[],
  outputs: readonly Value[],
  transform: string,
): Value[][] {
  const marked = inputs.map(() => true);
  return outputs.map((output, row) => {
    const basis = standardBasis(output.type);
    const { results, axes } = batchFlat(
      ([cotangent]) => {
        const cotangents: Tangent[] = outputs.map((_, i) => (i === row ? cotangent : null));
        const back = pullBack(linear, marked, cotangents);
        return inputs.map((input, i) => back[i] ?? zeros(input.type));
      },
      [basis],
      [0],
      basis.shape[0],
      undefined,
      transform,
    );
    return inputs.map((input, column) => {
      const axis = axes[column];
      const shape = [...output.shape, ...input.shape];
      return axis === null
        ? zeros({ dtype: input.dtype, shape, weak: input.weak })
        : reshapeTo(moveAxis(results[column], axis, 0), shape);
    });
  });
}

/** [size, ...shape]: entry i is 1 at the i-th element and 0 elsewhere. */
function standardBasis(type: ArrayType): NdArray {
  const size = sizeOf(type.shape);
  return new NdArray(
    identityMatrix(size, type.dtype).elements,
    [size, ...type.shape],
    type.dtype,
    type.weak === true,
  );
}

function integerError(transform: string, type: ArrayType): PhxError {
  return new PhxError({
    code: "PHX931",
    what: `${transform} requires real-valued arguments and results, and got ${typeText(type)}`,
    why: "integers and booleans do not change smoothly",
    fix: 'convert to "f64", or leave the argument out of argnums',
  });
}
