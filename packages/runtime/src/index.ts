// The public face of @phxlang/runtime.
export { makeModel } from "./make-model.ts";
export type {
  ArrayArgument,
  Atoms,
  Covariates,
  DensityMethod,
  Distribution,
  EpochSetting,
  EvaluationOptions,
  Explained,
  Explanations,
  Model,
  ModelMatrices,
  ModelOptions,
  NumberArray,
  SamplePath,
  Theta,
  TimeOptions,
} from "./model.ts";
export { runtimeCodes } from "./codes.ts";
