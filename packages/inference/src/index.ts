// The public face of @phxlang/inference.
import { maximumLikelihood } from "./estimate/mle.ts";
import { fitLaplace } from "./fit/laplace.ts";
import { fitNuts, startNuts } from "./fit/nuts.ts";
import { fitPathfinder } from "./fit/pathfinder.ts";
import { fitSvgd, startSvgd } from "./fit/svgd.ts";

/** Estimates and posteriors of a model's parameters from data. */
export const fit: {
  readonly mle: typeof maximumLikelihood;
  readonly laplace: typeof fitLaplace;
  readonly pathfinder: typeof fitPathfinder;
  readonly nuts: typeof fitNuts;
  readonly svgd: typeof fitSvgd;
} = {
  mle: maximumLikelihood,
  laplace: fitLaplace,
  pathfinder: fitPathfinder,
  nuts: fitNuts,
  svgd: fitSvgd,
};

/** The same as long work in steps, which can be watched, interrupted and resumed. */
export const startFit: { readonly nuts: typeof startNuts; readonly svgd: typeof startSvgd } = {
  nuts: startNuts,
  svgd: startSvgd,
};

export { calibrate, startCalibration } from "./calibrate/calibrate.ts";
export type { Calibration, CalibrationOptions } from "./calibrate/calibrate.ts";
export { inferenceCodes } from "./codes.ts";
export { expectationMaximisation } from "./estimate/em.ts";
export type { EmResult } from "./estimate/em.ts";
export { bootstrap, deltaMethod, profileInterval } from "./estimate/intervals.ts";
export type { Bootstrap, BootstrapOptions, Interval, IntervalOptions } from "./estimate/intervals.ts";
export type { MaximumLikelihood, MaximumLikelihoodOptions, Search } from "./estimate/mle.ts";
export { readCheckpoint, writeCheckpoint } from "./fit/checkpoint.ts";
export type { Checkpoint } from "./fit/checkpoint.ts";
export { thetaOfDraw } from "./fit/fit.ts";
export type { Fit, FitChain, FitMethod, FitProgress, FitWarning } from "./fit/fit.ts";
export type { LaplaceOptions } from "./fit/laplace.ts";
export type { NutsFit, NutsFitOptions } from "./fit/nuts.ts";
export type { PathfinderFit, PathfinderOptions } from "./fit/pathfinder.ts";
export { follow } from "./fit/run.ts";
export type { FitRun, FollowOptions } from "./fit/run.ts";
export type { SummaryRow } from "./fit/summary.ts";
export type { SvgdFit, SvgdOptions } from "./fit/svgd.ts";
export { posterior } from "./posterior/posterior.ts";
export type { Data, Posterior } from "./posterior/posterior.ts";
export { modelDensity } from "./posterior/model-density.ts";
export { leaveOneOut } from "./importance/loo.ts";
export type { LeaveOneOut } from "./importance/loo.ts";
export { smoothWeights } from "./importance/psis.ts";
export type { SmoothedWeights } from "./importance/psis.ts";
export type { Evaluation, LogDensity } from "./log-density.ts";
export { pooledRanks } from "./diagnostics/ranks.ts";
export type { Chains } from "./diagnostics/ranks.ts";
export { diagnose } from "./diagnostics/diagnose.ts";
export type { Diagnosis } from "./diagnostics/diagnose.ts";
export { arvizJson, fromArvizJson, toArviz } from "./output/arviz.ts";
export type { ArvizGroups } from "./output/arviz.ts";
export { inferenceData, priorData } from "./output/inference-data.ts";
export type {
  InferenceData,
  InferenceGroup,
  InferenceParts,
  NamedArray,
  NamedDraws,
} from "./output/inference-data.ts";
export { drawsOf, isMarkov } from "./output/saved-draws.ts";
export type { SavedDraws } from "./output/saved-draws.ts";
export { fromStanCsv, toStanCsv } from "./output/stan-csv.ts";
export { pointwiseLogLikelihood } from "./predict/pointwise.ts";
export type { PointwiseLogLikelihood } from "./predict/pointwise.ts";
export { posteriorPredictive, priorPredictive } from "./predict/predictive.ts";
export type { PredictiveDraws } from "./predict/predictive.ts";
export { samplePrior } from "./predict/prior-draws.ts";
export { simulate } from "./predict/simulate.ts";
