// Hyperbolic functions and their inverses in WebAssembly, with the operations of the references in their order.
import { special } from "@phxlang/autodiff";
import { keep } from "./doubles.ts";
import type { MathFunction } from "./library.ts";
import { copySign, expm1Value, expSum } from "./exp.ts";
import { log1pValue, logOrLog1p } from "./log.ts";

export const sinh: MathFunction = {
  name: "sinh",
  arity: 1,
  reference: special.sinh,
  pieces: [
    {
      where: (d, x) => d.and(d.ge(d.abs(x), 1e-8), d.le(d.abs(x), 22)),
      compute: (d, f, x) => {
        const magnitude = keep(f, d.abs(x));
        const t = keep(f, expm1Value(d, f, magnitude));
        const plusOne = keep(f, d.add(t, 1));
        const small = d.mul(0.5, d.sub(d.mul(2, t), d.div(d.mul(t, t), plusOne)));
        const large = d.mul(0.5, d.add(t, d.div(t, plusOne)));
        return copySign(d, d.select(d.lt(magnitude, 1), small, large), x);
      },
    },
    {
      where: (d, x) => d.and(d.gt(d.abs(x), 22), d.le(d.abs(x), 707)),
      compute: (d, f, x) => copySign(d, d.mul(0.5, expSum(d, f, keep(f, d.abs(x)), 0)), x),
    },
  ],
};

export const cosh: MathFunction = {
  name: "cosh",
  arity: 1,
  reference: special.cosh,
  pieces: [
    {
      where: (d, x) => d.and(d.ge(d.abs(x), 5.551115123125783e-17), d.le(d.abs(x), 707)),
      compute: (d, f, x) => {
        const magnitude = keep(f, d.abs(x));
        const isSmall = keep(f, d.lt(magnitude, 0.34657359027997264));
        const e = keep(f, expSum(d, f, magnitude, 0));
        const t = keep(f, expm1Value(d, f, keep(f, d.select(isSmall, magnitude, 0.25))));
        const small = d.add(1, d.div(d.mul(t, t), d.mul(2, d.add(1, t))));
        return d.select(isSmall, small, d.add(d.mul(0.5, e), d.div(0.5, e)));
      },
    },
  ],
};

export const asinh: MathFunction = {
  name: "asinh",
  arity: 1,
  reference: special.asinh,
  pieces: [
    {
      where: (d, x) => d.and(d.ge(d.abs(x), 1e-8), d.le(d.abs(x), 268435456)),
      compute: (d, f, x) => {
        const magnitude = keep(f, d.abs(x));
        const isLarge = keep(f, d.gt(magnitude, 2));
        const square = keep(f, d.mul(magnitude, magnitude));
        const root = keep(f, d.sqrt(d.add(square, 1)));
        const large = d.add(d.mul(2, magnitude), d.div(1, d.add(root, magnitude)));
        const small = d.add(magnitude, d.div(square, d.add(1, root)));
        const value = logOrLog1p(d, f, keep(f, d.select(isLarge, large, small)), isLarge);
        return copySign(d, value, x);
      },
    },
  ],
};

export const acosh: MathFunction = {
  name: "acosh",
  arity: 1,
  reference: special.acosh,
  pieces: [
    {
      where: (d, x) => d.and(d.ge(x, 1), d.le(x, 268435456)),
      compute: (d, f, x) => {
        const isLarge = keep(f, d.gt(x, 2));
        const t = keep(f, d.sub(x, 1));
        const large = d.sub(d.mul(2, x), d.div(1, d.add(x, d.sqrt(d.sub(d.mul(x, x), 1)))));
        const small = d.add(t, d.sqrt(d.add(d.mul(2, t), d.mul(t, t))));
        return logOrLog1p(d, f, keep(f, d.select(isLarge, large, small)), isLarge);
      },
    },
  ],
};

export const atanh: MathFunction = {
  name: "atanh",
  arity: 1,
  reference: special.atanh,
  pieces: [
    {
      where: (d, x) => d.and(d.ge(d.abs(x), 1e-8), d.lt(d.abs(x), 0.999999999)),
      compute: (d, f, x) => {
        const magnitude = keep(f, d.abs(x));
        const doubled = keep(f, d.add(magnitude, magnitude));
        const rest = keep(f, d.sub(1, magnitude));
        const small = d.add(doubled, d.div(d.mul(doubled, magnitude), rest));
        const argument = d.select(d.lt(magnitude, 0.5), small, d.div(doubled, rest));
        return copySign(d, d.mul(0.5, log1pValue(d, f, keep(f, argument))), x);
      },
    },
  ],
};
