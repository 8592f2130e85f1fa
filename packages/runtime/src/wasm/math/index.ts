// The numerical functions that WebAssembly computes itself; all others call their references.
export { erf, erfc } from "./erf.ts";
export { exp, expm1, tanh } from "./exp.ts";
export { lgamma } from "./lgamma.ts";
export { MathLibrary } from "./library.ts";
export type { MathFunction } from "./library.ts";
export { logaddexp, logistic } from "./logistic.ts";
export { pow } from "./log-pair.ts";
export { log, log1p } from "./log.ts";
export { cos, sin } from "./trigonometric.ts";
