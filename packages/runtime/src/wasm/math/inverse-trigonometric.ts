// asin, acos, atan and atan2 in WebAssembly, with the operations of the references in their order.
import { special, specialConstants } from "@phxlang/autodiff";
import type { FunctionBuilder } from "../function-builder.ts";
import { productError, sumError } from "./double-double.ts";
import { horner, keep } from "./doubles.ts";
import type { Doubles, Mask, Real } from "./doubles.ts";
import { copySign } from "./exp.ts";
import type { MathFunction } from "./library.ts";

const { asinDenominator, asinNumerator, atanCoefficients, atanShifts, piHalfHigh, piHalfLow } =
  specialConstants;

interface HalfAngle {
  /** |x| ≤ ½: no reduction. */
  readonly isSmall: Mask;
  /** √((1 − |x|)/2) */
  readonly root: Real;
  /** asin(r) − r, for r = x where small; elsewhere for the exact root. */
  readonly rest: Real;
}

function halfAngle(d: Doubles, f: FunctionBuilder, x: Real): HalfAngle {
  const magnitude = keep(f, d.abs(x));
  const isSmall = keep(f, d.le(magnitude, 0.5));
  const half = keep(f, d.mul(0.5, d.sub(1, magnitude)));
  const root = keep(f, d.sqrt(half));
  const reduced = keep(f, d.select(isSmall, x, root));
  const z = keep(f, d.mul(reduced, reduced));
  const rest = keep(
    f,
    d.div(d.mul(d.mul(reduced, z), horner(d, asinNumerator, z)), horner(d, asinDenominator, z)),
  );
  const square = keep(f, d.mul(root, root));
  const rootError = d.div(d.sub(d.sub(half, square), productError(d, f, root, root, square)), d.mul(2, root));
  return { isSmall, root, rest: keep(f, d.select(isSmall, rest, d.add(rest, rootError))) };
}

/** a + b + (low − tail) for a leading sum a + b whose error counts. */
function correctedSum(
  d: Doubles,
  f: FunctionBuilder,
  [a, b]: readonly [Real, Real],
  low: Real | number,
  tail: Real,
): Real {
  const sum = keep(f, d.add(a, b));
  return d.add(sum, d.sub(d.add(sumError(d, f, a, b, sum), low), tail));
}

export const asin: MathFunction = {
  name: "asin",
  arity: 1,
  reference: special.asin,
  pieces: [
    {
      where: (d, x) => d.and(d.ge(d.abs(x), 1e-8), d.lt(d.abs(x), 1)),
      compute: (d, f, x) => {
        const { isSmall, root, rest } = halfAngle(d, f, x);
        const terms = [keep(f, d.constant(piHalfHigh)), keep(f, d.mul(-2, root))] as const;
        const reflected = correctedSum(d, f, terms, piHalfLow, d.mul(2, rest));
        return d.select(isSmall, d.add(x, rest), copySign(d, reflected, x));
      },
    },
  ],
};

export const acos: MathFunction = {
  name: "acos",
  arity: 1,
  reference: special.acos,
  pieces: [
    {
      where: (d, x) => d.lt(d.abs(x), 1),
      compute: (d, f, x) => {
        const { isSmall, root, rest } = halfAngle(d, f, x);
        const twice = keep(f, d.mul(2, rest));
        const direct = [keep(f, d.constant(piHalfHigh)), keep(f, d.neg(x))] as const;
        const near = correctedSum(d, f, direct, piHalfLow, rest);
        const reflected = [keep(f, d.constant(2 * piHalfHigh)), keep(f, d.mul(-2, root))] as const;
        const far = correctedSum(d, f, reflected, 2 * piHalfLow, twice);
        const large = d.select(d.gt(x, 0), d.mul(2, d.add(root, rest)), far);
        return d.select(isSmall, near, large);
      },
    },
  ],
};

/** atan of a positive number: atan c + atan((x − c)/(1 + c x)), with c by stretches of x. */
function atanPositive(d: Doubles, f: FunctionBuilder, x: Real): Real {
  let high: Real = d.constant(0);
  let low: Real = d.constant(0);
  let numerator: Real = x;
  let denominator: Real = d.constant(1);
  const shifted = [
    [d.sub(d.mul(2, x), 1), d.add(2, x)],
    [d.sub(x, 1), d.add(x, 1)],
    [d.sub(x, 1.5), d.add(1, d.mul(1.5, x))],
    [d.constant(-1), x],
  ];
  atanShifts.forEach((shift, i) => {
    const beyond = keep(f, d.ge(x, shift.from));
    high = keep(f, d.select(beyond, shift.high, high));
    low = keep(f, d.select(beyond, shift.low, low));
    numerator = keep(f, d.select(beyond, shifted[i][0], numerator));
    denominator = keep(f, d.select(beyond, shifted[i][1], denominator));
  });
  const t = keep(f, d.div(numerator, denominator));
  const z = keep(f, d.mul(t, t));
  const rest = d.mul(d.neg(d.mul(z, t)), horner(d, atanCoefficients, z));
  return d.sub(high, d.sub(d.sub(rest, low), t));
}

export const atan: MathFunction = {
  name: "atan",
  arity: 1,
  reference: special.atan,
  pieces: [
    {
      where: (d, x) => d.ge(d.abs(x), 1e-8),
      compute: (d, f, x) => copySign(d, atanPositive(d, f, keep(f, d.abs(x))), x),
    },
  ],
};

export const atan2: MathFunction = {
  name: "atan2",
  arity: 2,
  reference: special.atan2,
  pieces: [
    {
      // Neither coordinate is 0 or infinite, nor all but nothing beside the other.
      where: (d, y, x) => {
        const slope = (): Real => d.div(d.abs(y), d.abs(x));
        return d.and(d.ge(slope(), 1e-8), d.lt(slope(), 1e19));
      },
      compute: (d, f, y, x) => {
        const angle = keep(f, atanPositive(d, f, keep(f, d.div(d.abs(y), d.abs(x)))));
        const turned = d.sub(Math.PI, d.sub(angle, 2 * piHalfLow));
        return copySign(d, d.select(d.lt(x, 0), turned, angle), y);
      },
    },
  ],
};
