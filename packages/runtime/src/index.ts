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
  MethodUse,
  Model,
  ModelMatrices,
  ModelOptions,
  SamplePath,
  Theta,
  TimeOptions,
} from "./model.ts";
export { explained } from "./distributions/explain.ts";
export { runtimeCodes } from "./codes.ts";
export { indexedDbStore } from "./cache/indexed-db-store.ts";
export { memoryStore } from "./cache/memory-store.ts";
export { cacheCodes } from "./cache/codes.ts";
export { choosePruned } from "./cache/prune.ts";
export type { PruneLimits } from "./cache/prune.ts";
export type {
  DirectoryStore,
  Leftover,
  Leftovers,
  StoredEntry,
  StoreProblem,
  TraceStore,
} from "./cache/store.ts";
export { checkEntry, traceCache } from "./cache/trace-cache.ts";
export type { TraceCache, TraceCodec, TraceOrigin } from "./cache/trace-cache.ts";
export { cpuDevice, jit } from "./jit/cpu-device.ts";
export { openWorkers } from "./workers/open-workers.ts";
export type { WorkersOptions } from "./workers/workers-device.ts";
export { convolve, maximum, minimum, mixture } from "./algebra/combine.ts";
export { coxian, erlang, fromMatrices, hyperexponential } from "./algebra/families.ts";
