// Constants of the functions in this folder, for kernels that repeat their operations in other machine languages.
export { asinDenominator, asinNumerator, piHalfHigh, piHalfLow } from "./asin.ts";
export { atanCoefficients, atanShifts } from "./atan.ts";
export { digammaAsymptotic, digammaNearRoot, digammaRootHigh, digammaRootLow } from "./digamma.ts";
export { erfcxFar, erfcxMiddle, erfcxTail, erfNearOne, erfSmall } from "./erf.ts";
export { erfinvCenter, erfinvTailMiddle, erfinvTailNear } from "./erfinv.ts";
export { expCoefficients, inverseLn2, ln2High, ln2Low } from "./exp.ts";
export {
  lgammaMiddle,
  lgammaNearOne,
  lgammaNearTwo,
  stirlingCoefficients,
  stirlingConstant,
} from "./lgamma.ts";
export { log10eLow, log2eLow } from "./log2.ts";
export { logPairCoefficients, ln2High42, ln2Low42, twoThirdsHigh, twoThirdsLow } from "./log-pair.ts";
export { logCoefficients } from "./log.ts";
export type { RationalPiece } from "./polynomial.ts";
export {
  moderate as moderateAngle,
  piHalf0,
  piHalf1,
  piHalf2,
  piHalf3,
  quarterTurn,
  twoOverPi,
} from "./reduce-angle.ts";
export { cosCoefficients, sinCoefficients } from "./sine-kernel.ts";
export { roundingShift } from "./words.ts";
