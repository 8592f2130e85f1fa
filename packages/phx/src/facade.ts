// What users import from phxlang, apart from what needs files.

// Models
export { bindData, check, compile, dataReferences } from "./compile.ts";
export type { CheckResult, CompileOptions, DataReference } from "./compile.ts";
export { defineModel } from "./define-model.ts";
export { readTable } from "./data/table.ts";
export type { DataTable } from "./data/table.ts";
export { render, renderAll } from "@phxlang/dsl";
export { censoring } from "@phxlang/graph";
export type {
  Observations,
  ParameterDeclaration,
  PathObservations,
  RewardObservations,
  StopObservations,
} from "@phxlang/graph";
export type {
  ArrayArgument,
  Atoms,
  Covariates,
  Distribution,
  EpochSetting,
  EvaluationOptions,
  Explained,
  Model,
  ModelMatrices,
  SamplePath,
  Theta,
  TimeOptions,
} from "@phxlang/runtime";

// Estimation
export {
  bootstrap,
  calibrate,
  deltaMethod,
  diagnose,
  drawsOf,
  expectationMaximisation,
  fit,
  follow,
  fromArvizJson,
  fromStanCsv,
  inferenceData,
  leaveOneOut,
  pointwiseLogLikelihood,
  posteriorPredictive,
  priorPredictive,
  profileInterval,
  readCheckpoint,
  samplePrior,
  simulate,
  smoothWeights,
  startCalibration,
  startFit,
  thetaOfDraw,
  toArviz,
  toStanCsv,
  writeCheckpoint,
} from "@phxlang/inference";
export type {
  ArvizGroups,
  Diagnosis,
  InferenceData,
  InferenceParts,
  SavedDraws,
  Bootstrap,
  BootstrapOptions,
  Calibration,
  CalibrationOptions,
  Checkpoint,
  EmResult,
  Fit,
  FitChain,
  FitProgress,
  FitRun,
  FitWarning,
  FollowOptions,
  Interval,
  IntervalOptions,
  LaplaceOptions,
  LeaveOneOut,
  MaximumLikelihood,
  MaximumLikelihoodOptions,
  NutsFit,
  NutsFitOptions,
  PathfinderFit,
  PathfinderOptions,
  PointwiseLogLikelihood,
  PredictiveDraws,
  Search,
  SmoothedWeights,
  SummaryRow,
  SvgdFit,
  SvgdOptions,
} from "@phxlang/inference";

// Models from matrices and from other models
export {
  convolve,
  coxian,
  erlang,
  fromMatrices,
  hyperexponential,
  maximum,
  minimum,
  mixture,
} from "@phxlang/runtime";

// Arrays and transforms
export {
  allGather,
  array,
  axisIndex,
  checkGrads,
  checkpoint,
  cond,
  customJvp,
  customVjp,
  foriLoop,
  grad,
  hessian,
  hvp,
  jacfwd,
  jacrev,
  jvp,
  linearize,
  makeProgram,
  NdArray,
  np,
  PhxError,
  pmax,
  pmean,
  psum,
  random,
  scan,
  stopGradient,
  switchCase,
  tree,
  valueAndGrad,
  vjp,
  vmap,
  whileLoop,
} from "@phxlang/autodiff";
export type { ArrayType, Diagnostic, DType, Place, Program, Value } from "@phxlang/autodiff";
export type { Device } from "@phxlang/autodiff";
export { devices, pmap } from "./devices.ts";
export type { DeviceKind, DeviceOptions, WebGpuDeviceOptions } from "./devices.ts";
export { jit } from "@phxlang/runtime";
