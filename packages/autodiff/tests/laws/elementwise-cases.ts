// The law table of elementwise primitives: points within their domains, away from kinks.
import type { Value } from "../../src/index.ts";
import { np } from "../../src/index.ts";
import { convert, stopGradient } from "../../src/primitives/arithmetic.ts";
import { integerPow } from "../../src/primitives/exponential.ts";
import type { LawCase } from "./law-case.ts";
import { bool, int, real, unsigned } from "./law-case.ts";

type Unary = (x: Value) => Value;
type Binary = (x: Value, y: Value) => Value;

const everywhere = [-2.3, -0.7, 0.4, 1.9];
const positive = [0.2, 0.9, 1.7, 5.3];

function unary(
  primitive: string,
  f: Unary,
  points: readonly number[] = everywhere,
  more: Partial<LawCase> = {},
): LawCase {
  return { primitive, f, operands: [real(points, [2, points.length / 2])], ...more };
}

/** A binary case with broadcasting: x [2, 2] and y [2]; and one of equal scalars. */
function binary(
  primitive: string,
  f: Binary,
  x: readonly number[] = everywhere,
  y: readonly number[] = [1.3, -0.6],
  more: Partial<LawCase> = {},
): LawCase[] {
  return [
    { primitive, f, operands: [real(x, [2, 2]), real(y)], ...more },
    { primitive, f, operands: [real([x[2]], []), real([y[0]], [])], ...more },
    { primitive, f: (b, a) => f(a, b), operands: [real(y, [2, 1]), real(x.slice(0, 3))], ...more },
  ];
}

export const elementwiseCases: readonly LawCase[] = [
  unary("neg", (x) => x.neg()),
  ...binary("add", (x, y) => np.add(x, y)),
  ...binary("sub", (x, y) => np.sub(x, y)),
  ...binary("mul", (x, y) => np.mul(x, y)),
  ...binary("div", (x, y) => np.div(x, y)),
  ...binary("rem", (x, y) => np.rem(x, y)),
  ...binary("max", (x, y) => np.maximum(x, y)),
  ...binary("min", (x, y) => np.minimum(x, y)),
  ...binary("pow", (x, y) => np.pow(x, y), positive, [1.3, -0.6]),
  ...binary("atan2", (x, y) => np.atan2(x, y)),
  ...binary("hypot", (x, y) => np.hypot(x, y)),
  ...binary("logaddexp", (x, y) => np.logaddexp(x, y)),
  ...binary("xlogy", (x, y) => np.xlogy(x, y), everywhere, [1.3, 0.6]),
  ...binary("xlog1py", (x, y) => np.xlog1py(x, y), everywhere, [1.3, -0.6]),
  {
    primitive: "where",
    f: (c, x, y) => np.where(c, x, y),
    operands: [bool([1, 0, 1]), real([1, 2, 3, 4, 5, 6], [2, 3]), real([7, 8], [2, 1])],
  },
  {
    primitive: "where",
    f: (x) => np.where(x.less(0.5), x.mul(x), np.sin(x)),
    operands: [real([0.1, 0.9, -0.3])],
  },
  unary("convert", (x) => convert(convert(x, "f32"), x.dtype).mul(x), everywhere, {
    tolerance: 1e-3,
    transposeTolerance: 1e-6,
    second: false,
  }),
  unary("stop_gradient", (x) => stopGradient(x).mul(0).add(x)),
  unary("floor", (x) => np.floor(x)),
  unary("ceil", (x) => np.ceil(x)),
  unary("round", (x) => np.round(x)),
  unary("sign", (x) => np.sign(x)),
  unary("abs", (x) => np.abs(x)),
  unary("sqrt", (x) => np.sqrt(x), positive),
  unary("cbrt", (x) => np.cbrt(x)),
  unary("exp", (x) => np.exp(x)),
  unary("expm1", (x) => np.expm1(x)),
  unary("log", (x) => np.log(x), positive),
  unary("log1p", (x) => np.log1p(x), positive),
  unary("log2", (x) => np.log2(x), positive),
  unary("log10", (x) => np.log10(x), positive),
  unary("logistic", (x) => np.sigmoid(x)),
  unary("entr", (x) => np.entr(x), positive),
  unary("integerPow", (x) => integerPow(x, 3)),
  unary("integerPow", (x) => integerPow(x, -2)),
  unary("integerPow", (x) => integerPow(x, 1).add(integerPow(x, 0))),
  unary("sin", (x) => np.sin(x)),
  unary("cos", (x) => np.cos(x)),
  unary("tan", (x) => np.tan(x), [-1.1, -0.7, 0.4, 0.9]),
  unary("asin", (x) => np.asin(x), [-0.8, -0.3, 0.4, 0.6]),
  unary("acos", (x) => np.acos(x), [-0.8, -0.3, 0.4, 0.6]),
  unary("atan", (x) => np.atan(x)),
  unary("sinh", (x) => np.sinh(x)),
  unary("cosh", (x) => np.cosh(x)),
  unary("tanh", (x) => np.tanh(x)),
  unary("asinh", (x) => np.asinh(x)),
  unary("acosh", (x) => np.acosh(x), [1.3, 1.9, 2.7, 9]),
  unary("atanh", (x) => np.atanh(x), [-0.8, -0.3, 0.4, 0.6]),
  unary("erf", (x) => np.erf(x)),
  unary("erfc", (x) => np.erfc(x)),
  unary("erfinv", (x) => np.erfinv(x), [-0.8, -0.3, 0.4, 0.6]),
  unary("lgamma", (x) => np.lgamma(x), positive),
  unary("lgamma", (x) => np.lgamma(x), [-0.4, -1.7, -2.3, -3.6], { tolerance: 1e-6 }),
  unary("polygamma", (x) => np.digamma(x), positive),
  unary("polygamma", (x) => np.polygamma(2, x), [0.8, 1.3, 2.1, 30]),
  {
    primitive: "gammainc",
    f: (a, x) => np.gammainc(a, x),
    operands: [real([0.7, 2.5, 9], [3, 1]), real([0.4, 6])],
  },
  { primitive: "gammaincc", f: (a, x) => np.gammaincc(a, x), operands: [real([0.7, 2.5]), real([0.4, 6])] },
  {
    primitive: "betainc",
    f: (a, b, x) => np.betainc(a, b, x),
    operands: [real([0.7, 2.5], [2, 1]), real([1.4, 3]), real([0.3], [])],
  },
  ...(["equal", "notEqual", "less", "lessEqual"] as const).map((name): LawCase => ({
    primitive: name,
    f: (x, y) => np[name](x, y),
    operands: [real([1, 2, 3, NaN], [2, 2]), real([1, 4])],
  })),
  unary("isFinite", (x) => np.isfinite(x), [1, Infinity, NaN, 0]),
  { primitive: "and", f: (x, y) => np.bitwiseAnd(x, y), operands: [int([1, 5, -9]), int([3, 4, 6])] },
  { primitive: "and", f: (x, y) => np.logicalAnd(x, y), operands: [bool([1, 0, 1]), bool([1, 1, 0])] },
  { primitive: "or", f: (x, y) => np.bitwiseOr(x, y), operands: [int([1, 5, -9]), int([3, 4, 6])] },
  {
    primitive: "xor",
    f: (x, y) => np.bitwiseXor(x, y),
    operands: [unsigned([1, 5, 4294967295]), unsigned([3, 4, 6])],
  },
  { primitive: "not", f: (x) => np.bitwiseNot(x), operands: [int([1, 5, -9])] },
  { primitive: "not", f: (x) => np.logicalNot(x), operands: [bool([1, 0, 1])] },
  {
    primitive: "shiftLeft",
    f: (x, y) => np.leftShift(x, y),
    operands: [unsigned([1, 5, 4294967295]), unsigned([3, 31, 33])],
  },
  { primitive: "shiftRight", f: (x, y) => np.rightShift(x, y), operands: [int([1, 5, -1]), int([3, 1, 28])] },
  { primitive: "mul", f: (x, y) => np.mul(x, y), operands: [int([65536, 5, -9]), int([65537, 4, 6])] },
  { primitive: "div", f: (x, y) => np.floorDivide(x, y), operands: [int([7, -7, -9]), int([2, 2, 3])] },
  { primitive: "rem", f: (x, y) => np.mod(x, y), operands: [real([7.5, -7.25, 4]), real([2, 3, -3])] },
];
