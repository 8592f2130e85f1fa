// checkGrads: compares forward mode, reverse mode and finite differences.
import { isFloat } from "./array.ts";
import { PhxError } from "./errors.ts";
import { NdArray } from "./ndarray.ts";
import type { Tangent } from "./primitive.ts";
import { cos } from "./special/sin.ts";
import type { Value } from "./trace.ts";
import type { TreeFunction } from "./transforms/flat-function.ts";
import { FlatFunction, flattenValues } from "./transforms/flat-function.ts";
import { jvpFlat } from "./transforms/jvp-trace.ts";
import { vjpFlat } from "./transforms/vjp.ts";
import { instantiate } from "./transforms/zero-tangents.ts";

export interface CheckGradsOptions {
  /** Derivatives up to this order are compared. Default 1. */
  readonly order?: number;
  /** Default both. */
  readonly modes?: readonly ("forward" | "reverse")[];
  /** |difference| ≤ absolute + relative · |value|. Default 1e-6 and 1e-5; 1e-2 each for f32. */
  readonly relative?: number;
  readonly absolute?: number;
  /** Half the width of the central difference. Default 1e-5, 1e-2 for f32. */
  readonly step?: number;
}

type FlatMap = (inputs: readonly Value[]) => readonly Value[];

interface Tolerances {
  readonly relative: number;
  readonly absolute: number;
  readonly step: number;
}

/**
 * Checks that jvp is the central difference of f along a fixed irregular direction, and that vjp is the transpose of jvp;
 * with order 2 and more the same for the derivatives as functions of the arguments. Throws PHX926 with both
 * numbers when they disagree. f must be smooth around the arguments, within `step`.
 */
export function checkGrads(
  f: (...args: never[]) => unknown,
  args: readonly unknown[],
  options: CheckGradsOptions = {},
): void {
  const { values, structure } = flattenValues(args);
  const single = values.some((value) => value.dtype === "f32");
  const tolerances = {
    relative: options.relative ?? (single ? 1e-2 : 1e-5),
    absolute: options.absolute ?? (single ? 1e-2 : 1e-6),
    step: options.step ?? (single ? 1e-2 : 1e-5),
  };
  const modes = options.modes ?? ["forward", "reverse"];
  const flat = new FlatFunction(f as TreeFunction, structure);
  check(flat.call, values, options.order ?? 1, modes, tolerances, "f");
}

function check(
  f: FlatMap,
  values: readonly Value[],
  order: number,
  modes: readonly ("forward" | "reverse")[],
  tolerances: Tolerances,
  name: string,
): void {
  const directions = values.map((value, i) => direction(value, i));
  if (modes.includes("forward")) {
    compareForward(f, values, directions, tolerances, name);
    if (order > 1) {
      const tangent: FlatMap = (inputs) => {
        const out = jvpFlat(f, inputs, directions, "checkGrads");
        return instantiate(out.primals, out.tangents);
      };
      check(tangent, values, order - 1, modes, tolerances, `jvp of ${name}`);
    }
  }
  if (modes.includes("reverse")) {
    compareReverse(f, values, directions, tolerances, name);
    if (order > 1) {
      const gradient: FlatMap = (inputs) => {
        const { outputs, pullback } = vjpFlat(f, inputs, "checkGrads");
        const back = instantiate(inputs, pullback(outputs.map((output, i) => direction(output, i))));
        return back.filter((_, i) => isFloat(inputs[i].dtype));
      };
      check(gradient, values, order - 1, modes, tolerances, `vjp of ${name}`);
    }
  }
}

/** jvp against (f(x + h v) − f(x − h v)) / 2h, result by result. */
function compareForward(
  f: FlatMap,
  values: readonly Value[],
  directions: readonly Tangent[],
  tolerances: Tolerances,
  name: string,
): void {
  const { primals, tangents } = jvpFlat(f, values, directions, "checkGrads");
  const moved = (sign: number): readonly Value[] =>
    f(values.map((value, i) => shifted(value, directions[i], sign * tolerances.step)));
  const [above, below] = [moved(1), moved(-1)];
  instantiate(primals, tangents).forEach((tangent, r) => {
    if (!isFloat(primals[r].dtype)) return;
    const [up, down] = [elementsOf(above[r]), elementsOf(below[r])];
    elementsOf(tangent).forEach((value, i) => {
      const difference = (up[i] - down[i]) / (2 * tolerances.step);
      compare(
        value,
        difference,
        tolerances,
        `jvp of ${name}, result ${r}, element ${i}`,
        "the central difference",
      );
    });
  });
}

/** ⟨w, J v⟩ by jvp against ⟨Jᵀ w, v⟩ by vjp; the difference quotient stands in for jvp where there is none. */
function compareReverse(
  f: FlatMap,
  values: readonly Value[],
  directions: readonly Tangent[],
  tolerances: Tolerances,
  name: string,
): void {
  const { outputs, pullback } = vjpFlat(f, values, "checkGrads");
  const weights = outputs.map((output, i) => direction(output, i));
  const back = pullback(weights);
  const moved = (sign: number): number =>
    inner(f(values.map((value, i) => shifted(value, directions[i], sign * tolerances.step))), weights);
  const forwards = (moved(1) - moved(-1)) / (2 * tolerances.step);
  const scale = inner(outputs, weights);
  const found = inner(instantiate(values, back), directions);
  const scaled = { ...tolerances, absolute: tolerances.absolute * Math.max(1, Math.abs(scale)) };
  compare(found, forwards, scaled, `vjp of ${name}, along one direction`, "the central difference");
}

function compare(
  found: number,
  expected: number,
  tolerances: Tolerances,
  what: string,
  against: string,
): void {
  const bound = tolerances.absolute + tolerances.relative * Math.abs(expected);
  if (Math.abs(found - expected) <= bound || (Number.isNaN(found) && Number.isNaN(expected))) return;
  throw new PhxError({
    code: "PHX926",
    what: `derivatives disagree: ${what} is ${found}, and ${against} is ${expected}`,
    why: `they differ by ${Math.abs(found - expected)}, and ${bound} is allowed`,
    fix: "correct the rule of the primitive or of customJvp/customVjp, or choose arguments where f is smooth",
  });
}

/** Irregular numbers in [−1, 1] that are the same in every run; null for integers. */
function direction(value: Value, index: number): Tangent {
  if (!isFloat(value.dtype)) return null;
  const size = value.size;
  const elements = value.dtype === "f64" ? new Float64Array(size) : new Float32Array(size);
  for (let i = 0; i < size; i++) elements[i] = cos(1 + 2.399963 * i + 1.618034 * index);
  return new NdArray(elements, value.shape, value.dtype, value.weak);
}

function shifted(value: Value, along: Tangent, step: number): Value {
  if (along === null) return value;
  const [x, v] = [elementsOf(value), elementsOf(along)];
  const elements = value.dtype === "f64" ? new Float64Array(x.length) : new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) elements[i] = x[i] + step * v[i];
  return new NdArray(elements, value.shape, value.dtype, value.weak);
}

function inner(values: readonly Value[], weights: readonly Tangent[]): number {
  let sum = 0;
  values.forEach((value, i) => {
    const weight = weights[i];
    if (weight === null) return;
    const w = elementsOf(weight);
    elementsOf(value).forEach((x, j) => (sum += x * w[j]));
  });
  return sum;
}

/** checkGrads runs on concrete arrays; a tracer here is the user's, and says so itself. */
function elementsOf(value: Value): ArrayLike<number> & { forEach(f: (x: number, i: number) => void): void } {
  return value instanceof NdArray ? value.elements : value.dataSync();
}
