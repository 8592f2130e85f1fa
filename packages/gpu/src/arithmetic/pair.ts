// pairArithmetic: numbers as pairs of single floats, about 14 digits, with the range of floats.
import type { Arithmetic } from "./arithmetic.ts";
import { pairConstant, pairFunctions } from "./pair-functions.ts";

const unaryFunctions: ReadonlySet<string> = new Set(
  (
    "abs sign floor ceil round sqrt cbrt exp expm1 log log1p log2 log10 logistic entr sin cos tan asin acos atan " +
    "sinh cosh tanh asinh acosh atanh erf erfc erfinv lgamma digamma trigamma"
  ).split(" "),
);
const binaryFunctions: ReadonlySet<string> = new Set(
  "add sub mul div max min rem pow atan2 hypot logaddexp xlogy xlog1py gammainc gammaincc".split(" "),
);

export const pairArithmetic: Arithmetic = {
  precision: "f64x",
  type: "vec2<f32>",
  wordsPerElement: 2,
  prelude: pairFunctions,
  constant: pairConstant,
  unary(name, x) {
    if (name === "neg") return `(-${x})`;
    return unaryFunctions.has(name) ? `pair_${name}(${x})` : undefined;
  },
  binary: (name, x, y) => (binaryFunctions.has(name) ? `pair_${name}(${x}, ${y})` : undefined),
  compare(name, x, y) {
    if (name === "less") return `pair_less(${x}, ${y})`;
    if (name === "lessEqual") return `pair_less_equal(${x}, ${y})`;
    return name === "equal" ? `pair_equal(${x}, ${y})` : `(!pair_equal(${x}, ${y}))`;
  },
  fromInteger: (x) => `vec2<f32>(f32(${x}), 0.0)`,
  toInteger: (x) => `(i32(${x}.x) + i32(${x}.y))`,
  pack(values) {
    const words = new Float32Array(2 * values.length);
    values.forEach((value, i) => {
      const high = Math.fround(value);
      words[2 * i] = high;
      words[2 * i + 1] = Number.isFinite(high) ? value - high : 0;
    });
    return words;
  },
  unpack: (words) =>
    Float64Array.from({ length: words.length / 2 }, (_, i) => words[2 * i] + words[2 * i + 1]),
};
