// Deterministic double-precision functions: the same bits on every engine.
export { acos, asin } from "./asin.ts";
export { atan, atan2 } from "./atan.ts";
export { cbrt } from "./cbrt.ts";
export { erf, erfc, erfcx } from "./erf.ts";
export { exp } from "./exp.ts";
export { expm1 } from "./expm1.ts";
export { acosh, asinh, atanh, cosh, sinh, tanh } from "./hyperbolic.ts";
export { hypot } from "./hypot.ts";
export { lgamma } from "./lgamma.ts";
export { log } from "./log.ts";
export { log1p } from "./log1p.ts";
export { log10, log2 } from "./log2.ts";
export { pow } from "./pow.ts";
export { cos, sin, sinPi } from "./sin.ts";
export { tan } from "./tan.ts";
export { roundHalfEven } from "./words.ts";
