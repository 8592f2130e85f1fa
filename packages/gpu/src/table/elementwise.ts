// Elementwise primitives: arithmetic, functions, comparison, logic, conversion, choice, random bits.
import type { ArrayType, DType } from "@phxlang/autodiff";
import type { ElementContext, Elementwise } from "../program/lowering.ts";
import type { Scalar, Scalars } from "../program/scalars.ts";

type Emit = Elementwise["emit"];

function elementwise(emit: Emit, weight = 1): Elementwise {
  return { kind: "elementwise", emit, weight };
}

const one = (value: string | undefined): readonly string[] | undefined =>
  value === undefined ? undefined : [value];

/** Of the dtype of the operands, by the name of the primitive. */
const unary = (name: string, weight: number): Elementwise =>
  elementwise(({ scalars, operands: [{ dtype }] }, [x]) => one(scalars(dtype).unary(name, x)), weight);

const binary = (name: string, weight: number): Elementwise =>
  elementwise(({ scalars, operands: [{ dtype }] }, [x, y]) => one(scalars(dtype).binary(name, x, y)), weight);

const comparison = (name: string): Elementwise =>
  elementwise(({ scalars, operands: [{ dtype }] }, [x, y]) => one(scalars(dtype).compare(name, x, y)));

/** By the bits of the larger part: compilers assume that nothing is infinite or NaN. */
const isFinite = elementwise(({ scalars, operands: [{ dtype }] }, [x]) => {
  const high = scalars(dtype).words === 2 ? `${x}.x` : x;
  return [`((bitcast<u32>(${high}) & 0x7f800000u) != 0x7f800000u)`];
});

const choose = elementwise((_element, [condition, x, y]) => [`select(${y}, ${x}, ${condition})`]);

function convert(
  { scalars, operands, parameters }: ElementContext,
  [x]: readonly string[],
): readonly string[] | undefined {
  const from = scalars(operands[0].dtype);
  const to = scalars(parameters["dtype"] as DType);
  return one(converted(from, to, x));
}

const isFloat = ({ dtype }: Scalar): boolean => dtype === "f32" || dtype === "f64";

/** Numbers that are not floats, as bits. */
function converted(from: Scalar, to: Scalar, x: string): string | undefined {
  if (from.type === to.type && (from.dtype === to.dtype || isFloat(from))) return x;
  if (to.dtype === "bool") return from.compare("notEqual", x, from.literal(0));
  if (from.dtype === "bool") return `select(${to.literal(0)}, ${to.literal(1)}, ${x})`;
  if (isFloat(from) && isFloat(to)) return from.words === 2 ? `${x}.x` : `vec2<f32>(${x}, 0.0)`;
  if (isFloat(from)) return integerOf(from, to, x);
  if (isFloat(to)) return floatOf(from, to, x);
  return `bitcast<${to.type}>(${x})`;
}

/** Integers of 16 bits are exact in every float; a number of 32 bits is two of them. */
function floatOf(from: Scalar, to: Scalar, x: string): string | undefined {
  const high = from.dtype === "i32" ? `f32(${x} >> 16u)` : `f32(${x} >> 16u)`;
  const low = `f32(${x} & ${from.dtype === "i32" ? "65535i" : "65535u"})`;
  const wide = (part: string): string => (to.words === 2 ? `vec2<f32>(${part}, 0.0)` : part);
  // A single float is rounded once, as the sum of two exact numbers.
  const scaled = wide(`(${high} * 65536.0)`);
  return to.binary("add", scaled, wide(low));
}

/** Truncated and wrapped modulo 2³², as JavaScript does; 0 for what is not finite. */
function integerOf(from: Scalar, to: Scalar, x: string): string | undefined {
  const call = from.words === 2 ? `wrapped_pair(${x})` : `wrapped_float(${x})`;
  return to.dtype === "i32" ? `bitcast<i32>(${call})` : call;
}

/** Helpers that `integerOf` and `threefry` call. */
export const elementHelpers: string = `
fn wrapped_float(x: f32) -> u32 {
  if ((bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u) { return 0u; }
  let size = trunc(abs(x));
  let rest = size - 4294967296.0 * floor(size / 4294967296.0);
  let bits = u32(rest);
  return select(bits, 0u - bits, x < 0.0);
}
fn wrapped_pair(x: vec2<f32>) -> u32 {
  if ((bitcast<u32>(x.x) & 0x7f800000u) == 0x7f800000u) { return 0u; }
  let whole = trunc(x.x);
  let rest = x.x - whole;
  var word = wrapped_float(x.x) + wrapped_float(x.y);
  let fraction = rest + (x.y - trunc(x.y));
  // Truncation is towards zero for the sum, which the parts may miss by one.
  if (x.x > 0.0 && fraction < 0.0) { word -= 1u; }
  if (x.x < 0.0 && fraction > 0.0) { word += 1u; }
  if (abs(fraction) >= 1.0) { word += select(1u, 0xffffffffu, fraction < 0.0); }
  return word;
}
fn threefry(k0: u32, k1: u32, x0: u32, x1: u32) -> vec2<u32> {
  var keys = array<u32, 3>(k0, k1, k0 ^ k1 ^ 0x1bd11bdau);
  var even = vec4<u32>(13u, 15u, 26u, 6u);
  var odd = vec4<u32>(17u, 29u, 16u, 24u);
  var a = x0 + k0;
  var b = x1 + k1;
  for (var group = 0u; group < 5u; group += 1u) {
    let turns = select(even, odd, (group & 1u) == 1u);
    for (var r = 0u; r < 4u; r += 1u) {
      a += b;
      b = ((b << turns[r]) | (b >> (32u - turns[r]))) ^ a;
    }
    a += keys[(group + 1u) % 3u];
    b += keys[(group + 2u) % 3u] + group + 1u;
  }
  return vec2<u32>(a, b);
}
`;

const threefry = elementwise(({ code }, [k0, k1, x0, x1]) => {
  const words = code.let(`threefry(${k0}, ${k1}, ${x0}, ${x1})`);
  return [`${words}.x`, `${words}.y`];
}, 100);

/** x^n by squaring, from the lowest bit of |n| up; 1 / x^|n| for negative n. */
const integerPow = elementwise(({ code, scalars, operands: [{ dtype }], parameters }, [x]) => {
  const scalar = scalars(dtype);
  const exponent = parameters["exponent"] as number;
  let square = x;
  let power: string | undefined;
  for (let n = Math.abs(exponent); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) {
      const product = power === undefined ? square : scalar.binary("mul", power, square);
      if (product === undefined) return undefined;
      power = code.let(product);
    }
    if (n > 1) {
      const product = scalar.binary("mul", square, square);
      if (product === undefined) return undefined;
      square = code.let(product);
    }
  }
  const result = power ?? scalar.literal(1);
  return one(exponent < 0 ? scalar.binary("div", scalar.literal(1), result) : result);
}, 8);

/** Functions with a static order, each under a name of its own. */
function ordered(names: readonly string[], arity: 1 | 2): Elementwise {
  const named = (
    name: string,
    { dtype }: ArrayType,
    scalars: Scalars,
    x: string,
    y: string,
  ): string | undefined => (arity === 1 ? scalars(dtype).unary(name, x) : scalars(dtype).binary(name, x, y));
  const emit: Emit = ({ scalars, operands: [operand], parameters }, [x, y]) => {
    const name = names.at(parameters["order"] as number);
    return name === undefined ? undefined : one(named(name, operand, scalars, x, y));
  };
  return {
    ...elementwise(emit, 60),
    supports: (scalars, [operand]) => named(names[0], operand, scalars, "x", "y") !== undefined,
  };
}

const cheapUnary = ["neg", "abs", "sign", "floor", "ceil", "round", "not", "stop_gradient"];
const unaryFunctions = [
  "sqrt",
  "cbrt",
  "exp",
  "expm1",
  "log",
  "log1p",
  "log2",
  "log10",
  "logistic",
  "entr",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "asinh",
  "acosh",
  "atanh",
  "erf",
  "erfc",
  "erfinv",
  "lgamma",
];
const cheapBinary = [
  "add",
  "sub",
  "mul",
  "div",
  "max",
  "min",
  "rem",
  "and",
  "or",
  "xor",
  "shiftLeft",
  "shiftRight",
];
const binaryFunctions = ["pow", "atan2", "hypot", "logaddexp", "xlogy", "xlog1py", "gammaincc"];
const comparisons = ["equal", "notEqual", "less", "lessEqual"];

const named = (
  names: readonly string[],
  make: (name: string) => Elementwise,
): Readonly<Record<string, Elementwise>> => Object.fromEntries(names.map((name) => [name, make(name)]));

export const elementwiseTable: Readonly<Record<string, Elementwise>> = {
  ...named(cheapUnary, (name) => unary(name, 1)),
  ...named(unaryFunctions, (name) => unary(name, 30)),
  ...named(cheapBinary, (name) => binary(name, name === "div" || name === "rem" ? 4 : 1)),
  ...named(binaryFunctions, (name) => binary(name, 60)),
  ...named(comparisons, comparison),
  isFinite,
  where: choose,
  convert: { ...elementwise(convert, 4), supports: () => true },
  integerPow,
  polygamma: ordered(["digamma", "trigamma"], 1),
  gammainc: ordered(["gammainc"], 2),
  threefry2x32: threefry,
};
