// Error functions and the derivatives of log Γ.
import { allocate } from "../array.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import * as special from "../special/index.ts";
import type { Value } from "../trace.ts";
import { mul, neg, scale } from "./arithmetic.ts";
import { apply, single } from "./apply.ts";
import { elementwiseType, floats } from "./elementwise.ts";
import { exp, scalarFunction } from "./exponential.ts";

const none = {};
const twoOverSqrtPi = 1.1283791670955126;
const halfSqrtPi = 0.886226925452758;

export const erfPrimitive: Primitive = scalarFunction(
  "erf",
  "(2/√π) ∫₀ˣ exp(−t²) dt",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.erf(a[i]);
  },
  // d erf x = (2/√π) exp(−x²) dx
  (t, x) => mul(t, scale(twoOverSqrtPi, exp(neg(mul(x, x))))),
);

export const erfcPrimitive: Primitive = scalarFunction(
  "erfc",
  "1 − erf x, accurate in the tail",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.erfc(a[i]);
  },
  (t, x) => mul(t, scale(-twoOverSqrtPi, exp(neg(mul(x, x))))),
);

export const erfinvPrimitive: Primitive = scalarFunction(
  "erfinv",
  "y with erf y = x; ±∞ at ±1, NaN beyond",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.erfinv(a[i]);
  },
  // d erfinv x = (√π/2) exp(y²) dx
  (t, _x, y) => mul(t, scale(halfSqrtPi, exp(mul(y, y)))),
);

export const lgammaPrimitive: Primitive = scalarFunction(
  "lgamma",
  "log |Γ(x)|; ∞ at the poles 0, −1, −2, …",
  (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = special.lgamma(a[i]);
  },
  // d log |Γ(x)| = ψ(x) dx
  (t, x) => mul(t, polygamma(0, x)),
);

export interface PolygammaParameters extends Parameters {
  readonly order: number;
}

export const polygammaPrimitive: Primitive<PolygammaParameters> = {
  name: "polygamma",
  documentation:
    "the derivative of order `order` of ψ = (log Γ)′: 0 is digamma, 1 trigamma; NaN at the poles",
  type: ([x]) => [elementwiseType({ name: "polygamma", documentation: "", accepts: floats }, [x])],
  evaluate([x], { order }, [type]) {
    const out = allocate(type.dtype, x.elements.length);
    for (let i = 0; i < out.length; i++) out[i] = special.polygamma(order, x.elements[i]);
    return [new NdArray(out, type.shape, type.dtype, type.weak)];
  },
  // d ψ⁽ⁿ⁾(x) = ψ⁽ⁿ⁺¹⁾(x) dx
  jvp: ([x], [t], { order }) =>
    single(polygamma(order, x), t === null ? null : mul(t, polygamma(order + 1, x))),
  batch: ([x], axes, { order }) => ({ results: [polygamma(order, x)], axes }),
};

export const erf = (x: Value): Value => apply(erfPrimitive, [x], none);
export const erfc = (x: Value): Value => apply(erfcPrimitive, [x], none);
export const erfinv = (x: Value): Value => apply(erfinvPrimitive, [x], none);
export const lgamma = (x: Value): Value => apply(lgammaPrimitive, [x], none);
export const polygamma = (order: number, x: Value): Value => apply(polygammaPrimitive, [x], { order });
