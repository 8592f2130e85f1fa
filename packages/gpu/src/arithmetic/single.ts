// singleArithmetic: numbers as single floats, about 7 digits.
import type { Arithmetic } from "./arithmetic.ts";
import { singleFunctions } from "./single-functions.ts";

const operators: Readonly<Record<string, string>> = { add: "+", sub: "-", mul: "*", div: "/" };

/** Functions of WGSL itself that are exact. */
const exact: ReadonlySet<string> = new Set(["abs", "floor", "ceil", "round"]);

const unaryFunctions: ReadonlySet<string> = new Set(
  (
    "sign sqrt cbrt exp expm1 log log1p log2 log10 logistic entr sin cos tan asin acos atan sinh cosh tanh " +
    "asinh acosh atanh erf erfc erfinv lgamma digamma trigamma"
  ).split(" "),
);
const binaryFunctions: ReadonlySet<string> = new Set(
  "max min rem pow atan2 hypot logaddexp xlogy xlog1py gammainc gammaincc".split(" "),
);

const comparisons: Readonly<Record<string, string>> = { equal: "==", less: "<", lessEqual: "<=" };

export const singleArithmetic: Arithmetic = {
  precision: "f32",
  type: "f32",
  wordsPerElement: 1,
  prelude: singleFunctions,
  // By its bits: WGSL has no literals for what is infinite or NaN, and −0 must stay.
  constant: (value) => `f32_of(${new Uint32Array(Float32Array.of(value).buffer)[0]}u)`,
  unary(name, x) {
    if (name === "neg") return `(-${x})`;
    if (exact.has(name)) return `${name}(${x})`;
    return unaryFunctions.has(name) ? `f32_${name}(${x})` : undefined;
  },
  binary(name, x, y) {
    if (name in operators) return `(${x} ${operators[name]} ${y})`;
    return binaryFunctions.has(name) ? `f32_${name}(${x}, ${y})` : undefined;
  },
  compare: (name, x, y) =>
    name === "notEqual"
      ? `(${x} != ${y} || f32_is_nan(${x}) || f32_is_nan(${y}))`
      : `(${x} ${comparisons[name]} ${y})`,
  fromInteger: (x) => `f32(${x})`,
  toInteger: (x) => `i32(${x})`,
  pack: (values) => Float32Array.from(values),
  unpack: (words) => Float64Array.from(words),
};
