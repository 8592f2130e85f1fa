// Arithmetic, comparison, logic and rounding: elementwise primitives that are a few instructions each.
import type { DType, Parameters } from "@phxlang/autodiff";
import type { Expression } from "../../wasm/index.ts";
import { f64, i32, i32x4, i64, select } from "../../wasm/index.ts";
import { arithmetic, bitwise, compare, not } from "../arithmetic.ts";
import type { Bitwise, Comparison } from "../arithmetic.ts";
import { eachElement } from "../each-element.ts";
import type { BodyContext, Elementwise } from "../lowering.ts";
import type { Mode, Pack } from "../pack.ts";
import { constantPack, convertPack, isFloat, mapParts, selectPack, vectorPart } from "../pack.ts";

type Word = Expression<"i32">;
type Emit = Elementwise["emit"];

export function elementwise(emit: Emit, weight = 1): Elementwise {
  return { kind: "elementwise", emit, weight };
}

/** For emitters that use no operand twice. */
function simple(emit: Emit, weight = 1): Elementwise {
  return { kind: "elementwise", emit, weight, usesOnce: true };
}

const binary = (name: "add" | "sub" | "mul"): Elementwise =>
  simple(({ mode }, [a, b]) => arithmetic(mode, name, a, b));

const comparison = (name: Comparison): Elementwise => simple(({ mode }, [a, b]) => compare(mode, name, a, b));

const bits = (name: Bitwise): Elementwise => simple(({ mode }, [a, b]) => bitwise(mode, name, a, b));

const zero = (mode: Mode, dtype: DType): Pack => constantPack(mode, dtype, 0);

const extreme = (name: "max" | "min"): Elementwise =>
  elementwise(({ mode }, [a, b]) =>
    a.dtype === "bool" ? bitwise(mode, name === "max" ? "or" : "and", a, b) : arithmetic(mode, name, a, b),
  );

const rounding = (name: "floor" | "ceil" | "nearest"): Elementwise =>
  simple(({ mode }, operands) => mapParts(mode, name, operands));

/** Integers by way of doubles, as the reference: exact, with 0 for a division by 0. */
function integerQuotient(a: Expression, b: Expression, dtype: DType): Word {
  const convert = dtype === "u32" ? f64.convertI32U : f64.convertI32S;
  const quotient = f64.div(convert(a as Word), convert(b as Word));
  return select("i32", i32.eqz(b as Word), 0, i32.wrapI64(i64.truncSatF64S(quotient)));
}

const divide: Emit = (body, operands) => {
  const [a] = operands;
  if (isFloat(a.dtype)) return mapParts(body.mode, "div", operands);
  return eachElement(body, operands, a.dtype, ([x, y]) => integerQuotient(x, y, a.dtype));
};

const negate: Emit = ({ mode }, operands) => {
  const [{ dtype }] = operands;
  return isFloat(dtype)
    ? mapParts(mode, "neg", operands)
    : arithmetic(mode, "sub", zero(mode, dtype), operands[0]);
};

const absolute: Emit = ({ mode }, operands) => {
  const [operand] = operands;
  const { dtype } = operand;
  if (isFloat(dtype)) return mapParts(mode, "abs", operands);
  if (dtype === "u32") return operand;
  if (mode === "vector") return { dtype, parts: [i32x4.abs(vectorPart(operand, 0))] };
  const word = operand.parts[0] as Word;
  return { dtype, parts: [select("i32", i32.ltS(word, 0), i32.sub(0, word), word)] };
};

/** x > 0 ? 1 : x < 0 ? −1 : x */
const sign: Emit = ({ mode }, [operand]) => {
  const { dtype } = operand;
  const none = zero(mode, dtype);
  const negative = selectPack(
    mode,
    compare(mode, "lt", operand, none),
    constantPack(mode, dtype, -1),
    operand,
  );
  const positive = compare(mode, "gt", operand, none);
  return selectPack(mode, positive, constantPack(mode, dtype, 1), dtype === "u32" ? operand : negative);
};

/** x − x = 0 */
const finite: Emit = ({ mode }, [operand]) =>
  compare(mode, "eq", arithmetic(mode, "sub", operand, operand), zero(mode, operand.dtype));

/** 0 for a shift by less than 0 or more than 31. */
function shift(name: "shl" | "shrU"): Elementwise {
  return elementwise((body, operands) =>
    eachElement(body, operands, operands[0].dtype, ([x, y]) => {
      const inside = i32.ltU(y as Word, 32);
      return select("i32", inside, i32[name](x as Word, y as Word), 0);
    }),
  );
}

const convert: Emit = (body, [operand], parameters) => convertElements(body, operand, parameters);

function convertElements(body: BodyContext, operand: Pack, parameters: Parameters): Pack {
  const to = parameters["dtype"] as DType;
  const from = operand.dtype;
  const wraps = isFloat(from) && (to === "i32" || to === "u32");
  if (!wraps) return convertPack(body.mode, operand, to);
  // To integers the reference truncates and wraps modulo 2³², as JavaScript does.
  const wide = convertPack(body.mode, operand, "f64");
  return eachElement(body, [wide], to, ([x]) => body.f.call(body.math.toInt32(), x as Expression<"f64">));
}

export const arithmeticTable: Readonly<Record<string, Elementwise>> = {
  neg: simple(negate),
  add: binary("add"),
  sub: binary("sub"),
  mul: binary("mul"),
  div: simple(divide, 2),
  max: extreme("max"),
  min: extreme("min"),
  abs: elementwise(absolute),
  sign: elementwise(sign, 4),
  floor: rounding("floor"),
  ceil: rounding("ceil"),
  round: rounding("nearest"),
  sqrt: simple(({ mode }, operands) => mapParts(mode, "sqrt", operands), 2),
  where: elementwise(({ mode }, [condition, a, b]) => selectPack(mode, condition, a, b)),
  convert: elementwise(convert),
  stopGradient: simple((_body, [operand]) => operand),
  stop_gradient: simple((_body, [operand]) => operand),
  equal: comparison("eq"),
  notEqual: comparison("ne"),
  less: comparison("lt"),
  lessEqual: comparison("le"),
  isFinite: elementwise(finite, 2),
  and: bits("and"),
  or: bits("or"),
  xor: bits("xor"),
  not: simple(({ mode }, [operand]) => not(mode, operand)),
  shiftLeft: shift("shl"),
  shiftRight: shift("shrU"),
};
