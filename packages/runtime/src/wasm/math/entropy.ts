// x log y and its kin in WebAssembly, 0 where the factor before the logarithm is 0.
import { special } from "@phxlang/autodiff";
import type { MathFunction } from "./library.ts";
import { isLog1pOrdinary, isNormal, log1pValue, logValue } from "./log.ts";

export const xlogy: MathFunction = {
  name: "xlogy",
  arity: 2,
  reference: special.xlogy,
  pieces: [
    {
      where: (d, _x, y) => isNormal(d, y),
      compute: (d, f, x, y) => d.select(d.eq(x, 0), 0, d.mul(x, logValue(d, f, y))),
    },
  ],
};

export const xlog1py: MathFunction = {
  name: "xlog1py",
  arity: 2,
  reference: special.xlog1py,
  pieces: [
    {
      where: (d, _x, y) => isLog1pOrdinary(d, y),
      compute: (d, f, x, y) => d.select(d.eq(x, 0), 0, d.mul(x, log1pValue(d, f, y))),
    },
  ],
};

export const entr: MathFunction = {
  name: "entr",
  arity: 1,
  reference: special.entr,
  pieces: [{ where: isNormal, compute: (d, f, x) => d.mul(d.neg(x), logValue(d, f, x)) }],
};
