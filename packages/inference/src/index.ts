// The public face of @phxlang/inference.
import { maximumLikelihood } from "./estimate/mle.ts";
import { fitLaplace } from "./fit/laplace.ts";
import { fitNuts } from "./fit/nuts.ts";
import { fitSvgd } from "./fit/svgd.ts";

/** Estimates and posteriors of a model's parameters from data. */
export const fit: {
  readonly mle: typeof maximumLikelihood;
  readonly laplace: typeof fitLaplace;
  readonly nuts: typeof fitNuts;
  readonly svgd: typeof fitSvgd;
} = { mle: maximumLikelihood, laplace: fitLaplace, nuts: fitNuts, svgd: fitSvgd };

export { inferenceCodes } from "./codes.ts";
export type { EstimateWarning, MaximumLikelihood, MaximumLikelihoodOptions } from "./estimate/mle.ts";
export type { Fit, FitProgress, FitWarning, ReportProgress } from "./fit/fit.ts";
export type { LaplaceOptions } from "./fit/laplace.ts";
export type { NutsFit, NutsFitOptions } from "./fit/nuts.ts";
export type { SummaryRow } from "./fit/summary.ts";
export type { SvgdFit, SvgdOptions } from "./fit/svgd.ts";
export { logDensity, posterior } from "./posterior/posterior.ts";
export type { Data, Posterior } from "./posterior/posterior.ts";
export type { Evaluation, LogDensity } from "./log-density.ts";
