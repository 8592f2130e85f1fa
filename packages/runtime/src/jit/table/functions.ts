// Functions of floats: written in WebAssembly where `wasm/math` has them, otherwise calls of their references.
import type { Parameters } from "@phxlang/autodiff";
import { internalError, special } from "@phxlang/autodiff";
import type { Expression } from "../../wasm/index.ts";
import type { MathFunction } from "../../wasm/math/index.ts";
import * as math from "../../wasm/math/index.ts";
import { arithmetic } from "../arithmetic.ts";
import { eachElement } from "../each-element.ts";
import type { BodyContext, Elementwise } from "../lowering.ts";
import type { Pack } from "../pack.ts";
import { constantPack, convertPack, isFloat, mapParts } from "../pack.ts";
import { elementwise } from "./arithmetic.ts";

/** A function without pieces: only its reference. */
function reference(name: string, compute: (...x: number[]) => number, arity: 1 | 2 | 3 = 1): MathFunction {
  return { name, arity, reference: compute, pieces: [] };
}

/** Computes in doubles; f32 operands are widened and the result is rounded once, as the reference does. */
export function applyMath(body: BodyContext, definition: MathFunction, operands: readonly Pack[]): Pack {
  const { f, mode } = body;
  const { dtype } = operands[0];
  const wide = operands.map((operand) => convertPack(mode, operand, "f64"));
  let parts: readonly Expression[];
  if (mode === "scalar") {
    const args = wide.map((operand) => operand.parts[0] as Expression<"f64">);
    parts = [f.call(body.math.scalar(definition), ...args)];
  } else if (definition.pieces.length === 0) {
    parts = eachElement(body, wide, "f64", (elements) =>
      f.call(body.math.scalar(definition), ...(elements as readonly Expression<"f64">[])),
    ).parts;
  } else {
    parts = wide[0].parts.map((_, i) => {
      const args = wide.map(({ parts: own }) => own[i] as Expression<"v128">);
      return f.call(body.math.vector(definition), ...args);
    });
  }
  return convertPack(mode, { dtype: "f64", parts }, dtype);
}

/** About as many instructions as exp. */
const functionWeight = 25;

function calls(definition: MathFunction): Elementwise {
  const result = elementwise((body, operands) => applyMath(body, definition, operands), functionWeight);
  if (definition.pieces.length === 0) return result;
  return {
    ...result,
    speculate({ f, math: library }, guard, operands) {
      const [{ dtype }] = operands[0];
      const wide = operands.map((packs) => packs.map((pack) => convertPack("vector", pack, "f64")));
      const vectors = wide.map((packs) => packs.flatMap(({ parts }) => parts as Expression<"v128">[]));
      const results = library.speculate(f, guard, definition, vectors);
      return wide[0].map(({ parts }, p) => {
        const own = results.slice(p * parts.length, (p + 1) * parts.length);
        return convertPack("vector", { dtype: "f64", parts: own }, dtype);
      });
    },
  };
}

/** x − trunc(x / y) y, exactly; integers with 0 for y = 0. */
const remainder: MathFunction = reference("rem", (x, y) => x % y, 2);

function remainderElements(body: BodyContext, operands: readonly Pack[]): Pack {
  const [{ dtype }] = operands;
  if (isFloat(dtype)) return applyMath(body, remainder, operands);
  const wide = operands.map((operand) => convertPack(body.mode, operand, "f64"));
  const exact = applyMath(body, remainder, wide);
  return eachElement(body, [exact], dtype, ([x]) => body.f.call(body.math.toInt32(), x as Expression<"f64">));
}

/** x^n by squaring, from the lowest bit of |n| up, in doubles; integers wrap. */
function integerPower(body: BodyContext, [x]: readonly Pack[], parameters: Parameters): Pack {
  const exponent = parameters["exponent"] as number;
  const { mode, f } = body;
  if (!isFloat(x.dtype) && exponent < 0) {
    throw internalError("a negative power of an integer reached the device");
  }
  const wide = isFloat(x.dtype) ? convertPack(mode, x, "f64") : x;
  const keep = (pack: Pack): Pack => ({ dtype: pack.dtype, parts: pack.parts.map((part) => f.let(part)) });
  let square = keep(wide);
  let power: Pack | null = null;
  for (let n = Math.abs(exponent); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) power = power === null ? square : keep(arithmetic(mode, "mul", power, square));
    if (n > 1) square = keep(arithmetic(mode, "mul", square, square));
  }
  const one = constantPack(mode, wide.dtype, 1);
  const positive = power ?? one;
  return convertPack(mode, exponent < 0 ? mapParts(mode, "div", [one, positive]) : positive, x.dtype);
}

/** A function with static parameters. Those that are iterated until they converge are calls of their references. */
function withParameters(definition: (parameters: Parameters) => MathFunction): Elementwise {
  return elementwise(
    (body, operands, parameters) => applyMath(body, definition(parameters), operands),
    functionWeight,
  );
}

const orderOf = (parameters: Parameters, name: string): number => parameters[name] as number;

const polygamma = withParameters((parameters) => {
  const order = orderOf(parameters, "order");
  if (order === 0) return math.digamma;
  return reference(`polygamma ${order}`, (x) => special.polygamma(order, x));
});

const gammainc = withParameters((parameters) => {
  const order = orderOf(parameters, "order");
  if (order === 0) return reference("gammainc", special.gammainc, 2);
  return reference(`gammainc ${order}`, (a, x) => special.gammaincDerivative(order, a, x), 2);
});

const betainc = withParameters((parameters) => {
  const [orderA, orderB] = [orderOf(parameters, "orderA"), orderOf(parameters, "orderB")];
  if (orderA + orderB === 0) return reference("betainc", special.betainc, 3);
  return reference(
    `betainc ${orderA} ${orderB}`,
    (a, b, x) => special.betaincDerivative(orderA, orderB, a, b, x),
    3,
  );
});

/** Functions that WebAssembly computes, by the names of their primitives. */
const compiled: readonly MathFunction[] = [
  math.exp,
  math.expm1,
  math.log,
  math.log1p,
  math.log2,
  math.log10,
  math.sin,
  math.cos,
  math.tan,
  math.asin,
  math.acos,
  math.atan,
  math.atan2,
  math.sinh,
  math.cosh,
  math.tanh,
  math.asinh,
  math.acosh,
  math.atanh,
  math.cbrt,
  math.hypot,
  math.pow,
  math.erf,
  math.erfc,
  math.erfinv,
  math.lgamma,
  math.logistic,
  math.logaddexp,
  math.xlogy,
  math.xlog1py,
  math.entr,
];

export const functionTable: Readonly<Record<string, Elementwise>> = {
  ...Object.fromEntries(compiled.map((definition) => [definition.name, calls(definition)])),
  rem: elementwise(remainderElements, functionWeight),
  integerPow: elementwise(integerPower, 6),
  polygamma,
  gammainc,
  gammaincc: calls(reference("gammaincc", special.gammaincc, 2)),
  betainc,
};
