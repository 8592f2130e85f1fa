// The numerical functions that WebAssembly computes itself; all others call their references.
export { digamma } from "./digamma.ts";
export { entr, xlog1py, xlogy } from "./entropy.ts";
export { erf, erfc } from "./erf.ts";
export { erfinv } from "./erfinv.ts";
export { exp, expm1, tanh } from "./exp.ts";
export { acosh, asinh, atanh, cosh, sinh } from "./hyperbolic.ts";
export { acos, asin, atan, atan2 } from "./inverse-trigonometric.ts";
export { lgamma } from "./lgamma.ts";
export { MathLibrary } from "./library.ts";
export type { MathFunction } from "./library.ts";
export { logaddexp, logistic } from "./logistic.ts";
export { log10, log2, pow } from "./log-pair.ts";
export { log, log1p } from "./log.ts";
export { cbrt, hypot } from "./roots.ts";
export { cos, sin, tan } from "./trigonometric.ts";
