// grad and valueAndGrad: the gradient of a function with a scalar result, by reverse mode.
import { isFloat, shapeInWords, typeText } from "../array.ts";
import { filled } from "../engine-operations.ts";
import { PhxError } from "../errors.ts";
import type { Value } from "../trace.ts";
import { unflatten } from "../tree.ts";
import { chosenArguments } from "./argnums.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction, flattenValues } from "./flat-function.ts";
import type { AcceptsAll, ByArgnums } from "./types.ts";
import { vjpFlat } from "./vjp.ts";
import { instantiate } from "./zero-tangents.ts";

/** Which arguments to differentiate in: a number gives one tree, a list gives a list. */
export interface GradOptions<N> {
  readonly argnums?: N;
  readonly hasAux?: false;
}

export interface GradAuxOptions<N> {
  readonly argnums?: N;
  /** The function returns `[result, auxiliary]`. */
  readonly hasAux: true;
}

type Scalar = Value | number;

/**
 * `valueAndGrad(f)(...args)` → `[f(...args), gradient]`; with `hasAux`, `[[value, aux], gradient]`. f must return
 * one real scalar (PHX930) and the chosen arguments must be real (PHX931). The gradient has the tree of the
 * argument; `argnums` (default 0) chooses one or several.
 */
export function valueAndGrad<A extends readonly unknown[], X, const N extends number | readonly number[] = 0>(
  f: (...args: A) => readonly [Scalar, X],
  options: GradAuxOptions<N>,
): (...args: AcceptsAll<A>) => [[Value, X], ByArgnums<A, N, Value>];
export function valueAndGrad<A extends readonly Value[], const N extends number | readonly number[] = 0>(
  f: (...args: A) => Scalar,
  options?: GradOptions<N>,
): (...args: AcceptsAll<A>) => [Value, ByArgnums<A, N, Value>];
export function valueAndGrad<A extends readonly unknown[], const N extends number | readonly number[] = 0>(
  f: (...args: A) => Scalar,
  options?: GradOptions<N>,
): (...args: AcceptsAll<A>) => [Value, ByArgnums<A, N, Value>];
export function valueAndGrad(
  f: TreeFunction,
  options: { readonly argnums?: number | readonly number[]; readonly hasAux?: boolean } = {},
): TreeFunction {
  const hasAux = options.hasAux === true;
  return (...args) => {
    const { value, aux, gradient } = differentiate(f, args, options.argnums ?? 0, hasAux, "valueAndGrad");
    return [hasAux ? [value, aux] : value, gradient];
  };
}

/** `grad(f)(...args)` → the gradient alone; with `hasAux`, `[gradient, aux]`. See valueAndGrad. */
export function grad<A extends readonly unknown[], X, const N extends number | readonly number[] = 0>(
  f: (...args: A) => readonly [Scalar, X],
  options: GradAuxOptions<N>,
): (...args: AcceptsAll<A>) => [ByArgnums<A, N, Value>, X];
export function grad<A extends readonly Value[], const N extends number | readonly number[] = 0>(
  f: (...args: A) => Scalar,
  options?: GradOptions<N>,
): (...args: AcceptsAll<A>) => ByArgnums<A, N, Value>;
export function grad<A extends readonly unknown[], const N extends number | readonly number[] = 0>(
  f: (...args: A) => Scalar,
  options?: GradOptions<N>,
): (...args: AcceptsAll<A>) => ByArgnums<A, N, Value>;
export function grad(
  f: TreeFunction,
  options: { readonly argnums?: number | readonly number[]; readonly hasAux?: boolean } = {},
): TreeFunction {
  const hasAux = options.hasAux === true;
  return (...args) => {
    const { aux, gradient } = differentiate(f, args, options.argnums ?? 0, hasAux, "grad");
    return hasAux ? [gradient, aux] : gradient;
  };
}

function differentiate(
  f: TreeFunction,
  args: readonly unknown[],
  argnums: number | readonly number[],
  hasAux: boolean,
  transform: string,
): { readonly value: unknown; readonly aux: unknown; readonly gradient: unknown } {
  const chosen = chosenArguments(f, args, argnums, transform);
  const { values, structure } = flattenValues(chosen.args);
  for (const value of values) if (!isFloat(value.dtype)) throw integerArgument(transform, value);
  const flat = new FlatFunction(chosen.f, structure, hasAux);
  const { outputs, pullback } = vjpFlat(flat.call, values, transform);
  const [output] = outputs;
  if (flat.outputStructure.kind !== "leaf" || output.ndim !== 0) throw notScalar(flat, outputs);
  if (!isFloat(output.dtype)) throw notReal(transform, output);
  const cotangents = pullback([filled(output.type, 1), ...outputs.slice(1).map(() => null)]);
  const gradients = unflatten(structure, instantiate(values, cotangents)) as readonly unknown[];
  return {
    value: output,
    aux: hasAux ? flat.auxTree(outputs) : undefined,
    gradient: typeof argnums === "number" ? gradients[0] : gradients,
  };
}

function integerArgument(transform: string, value: Value): PhxError {
  return new PhxError({
    code: "PHX931",
    what: `${transform} requires real-valued arguments, and got ${typeText(value.type)}`,
    why: "a function of integers or booleans has no derivative",
    fix: 'convert the argument to "f64", or leave it out of argnums',
  });
}

function notScalar(flat: FlatFunction, outputs: readonly Value[]): PhxError {
  const found =
    flat.outputStructure.kind === "leaf"
      ? `${shapeInWords(outputs[0].shape)} (${typeText(outputs[0].type)})`
      : `a tree of ${flat.outputCount} arrays`;
  return new PhxError({
    code: "PHX930",
    what: `gradient only defined for scalar-output functions; the output is ${found}`,
    why: "a gradient has one entry for each input and so belongs to one number",
    fix: "reduce the output with sum() or mean(), or use jacrev, jacfwd or vjp",
  });
}

function notReal(transform: string, output: Value): PhxError {
  return new PhxError({
    code: "PHX931",
    what: `${transform} requires a real-valued output, and got ${typeText(output.type)}`,
    why: "integers and booleans do not change smoothly",
    fix: "return a floating-point number",
  });
}
