// The logarithm as the sum of two doubles in WebAssembly, to other bases, and pow, with the references' operations in their order.
import { special, specialConstants } from "@phxlang/autodiff";
import type { FunctionBuilder } from "../function-builder.ts";
import { horner, keep } from "./doubles.ts";
import type { Doubles, Real } from "./doubles.ts";
import { productError, sumError } from "./double-double.ts";
import { expSum } from "./exp.ts";
import type { MathFunction } from "./library.ts";
import { isNormal, splitExponent } from "./log.ts";

const { ln2High42, ln2Low42, log10eLow, log2eLow, logPairCoefficients, twoThirdsHigh, twoThirdsLow } =
  specialConstants;

/** log x = high + low for a positive normal x. */
export function logPair(d: Doubles, f: FunctionBuilder, x: Real): { high: Real; low: Real } {
  const { k, fraction } = splitExponent(d, f, x);
  const sum = keep(f, d.add(2, fraction));
  const sumRest = d.add(d.sub(2, sum), fraction);
  const s = keep(f, d.div(fraction, sum));
  const back = keep(f, d.mul(s, sum));
  const sLow = keep(
    f,
    d.div(d.sub(d.sub(d.sub(fraction, back), productError(d, f, s, sum, back)), d.mul(s, sumRest)), sum),
  );
  const z = keep(f, d.mul(s, s));
  const zLow = keep(f, d.add(productError(d, f, s, s, z), d.mul(d.mul(2, s), sLow)));
  const cube = keep(f, d.mul(s, z));
  const cubeLow = keep(f, d.add(productError(d, f, s, z, cube), d.add(d.mul(s, zLow), d.mul(sLow, z))));
  const third = keep(f, d.mul(cube, twoThirdsHigh));
  const thirdLow = keep(
    f,
    d.add(
      productError(d, f, cube, twoThirdsHigh, third),
      d.add(d.mul(cube, twoThirdsLow), d.mul(cubeLow, twoThirdsHigh)),
    ),
  );
  const rest = d.mul(d.mul(z, cube), horner(d, logPairCoefficients, z));
  const base = keep(f, d.mul(k, ln2High42));
  const twice = keep(f, d.mul(2, s));
  const first = keep(f, d.add(base, twice));
  const second = keep(f, d.add(first, third));
  const errors = d.add(sumError(d, f, base, twice, first), sumError(d, f, first, third, second));
  const tail = d.add(d.add(d.add(thirdLow, d.mul(2, sLow)), d.mul(k, ln2Low42)), rest);
  const low = keep(f, d.add(errors, tail));
  const high = keep(f, d.add(second, low));
  return { high, low: keep(f, d.add(d.sub(second, high), low)) };
}

/** log x · (factor + factorLow) */
function scaledLog(
  name: string,
  reference: (x: number) => number,
  factor: number,
  low: number,
): MathFunction {
  return {
    name,
    arity: 1,
    reference,
    pieces: [
      {
        where: isNormal,
        compute: (d, f, x) => {
          const logarithm = logPair(d, f, x);
          const product = keep(f, d.mul(logarithm.high, factor));
          const rest = productError(d, f, logarithm.high, factor, product);
          return d.add(product, d.add(rest, d.add(d.mul(logarithm.low, factor), d.mul(logarithm.high, low))));
        },
      },
    ],
  };
}

export const log2: MathFunction = scaledLog("log2", special.log2, Math.LOG2E, log2eLow);
export const log10: MathFunction = scaledLog("log10", special.log10, Math.LOG10E, log10eLow);

export const pow: MathFunction = {
  name: "pow",
  arity: 2,
  reference: special.pow,
  pieces: [
    {
      // A positive normal base other than 1, and a result that is neither huge, nor tiny, nor about 1.
      where: (d, x, y) => {
        const base = d.and(d.ge(x, 1e-300), d.le(x, 1e300));
        const notOne = d.or(d.lt(x, 0.9999), d.gt(x, 1.0001));
        const exponent = d.and(d.lt(d.abs(y), 1), d.gt(d.abs(y), 1e-10));
        return d.and(d.and(base, notOne), exponent);
      },
      compute: powValue,
    },
    {
      where: (d, x, y) => {
        const base = d.and(d.ge(x, 1e-5), d.le(x, 1e5));
        const notOne = d.or(d.lt(x, 0.9999), d.gt(x, 1.0001));
        const exponent = d.and(d.lt(d.abs(y), 61), d.gt(d.abs(y), 1e-10));
        return d.and(d.and(base, notOne), exponent);
      },
      compute: powValue,
    },
  ],
};

function powValue(d: Doubles, f: FunctionBuilder, x: Real, y: Real): Real {
  const { high, low } = logPair(d, f, x);
  const product = keep(f, d.mul(y, high));
  const tail = keep(f, d.add(productError(d, f, y, high, product), d.mul(y, low)));
  return expSum(d, f, product, tail);
}
