// Simulation-based calibration: whether a method draws from the posteriors of models whose parameters are known.
import type { Value } from "@phxlang/autodiff";
import { PhxError, random, special } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import type { Fit, FitProgress, FitWarning } from "../fit/fit.ts";
import { checkCount } from "../fit/prepare.ts";
import type { Data } from "../posterior/posterior.ts";
import { requirePriors } from "../posterior/posterior.ts";
import { samplePrior } from "../predict/prior-draws.ts";
import { simulate } from "../predict/simulate.ts";

export interface CalibrationOptions {
  /** The design: times and states are drawn anew, the rest stays. */
  readonly data: Data;
  readonly key: Value;
  /** Fits a model to data; must depend on nothing but its arguments. */
  readonly fit: (model: Model, data: Data, key: Value) => Fit;
  /** Data sets; default 200. */
  readonly replications?: number;
  /** Nearly independent draws that each true value is ranked among: the draws of the fit, thinned. Default 99. */
  readonly rankedDraws?: number;
  /** Bins of the histograms; default 10. It must divide rankedDraws + 1. */
  readonly bins?: number;
  readonly onProgress?: (progress: FitProgress) => void;
}

export interface Calibration {
  readonly parameterNames: readonly string[];
  /** ranks[p][r]: how many of the ranked draws of replication r are below the true value, from 0 to rankedDraws. */
  readonly ranks: readonly Int32Array[];
  /** histograms[p][b] */
  readonly histograms: readonly Int32Array[];
  /** Probability of a histogram at least as uneven as this one if the method is right (chi-squared). */
  readonly pValues: Float64Array;
  /** Replications whose fit said itself that it is not the posterior. */
  readonly denied: number;
  /** PHX845 where the smallest p-value, corrected for the number of parameters, is below 0.001. */
  readonly warnings: readonly FitWarning[];
}

/** Joint false-alarm rate of the warning. */
const falseAlarm = 0.001;

/**
 * Draws parameters from the prior, data at them, and a fit of each data set; the ranks of the parameters among the draws
 * are uniform if and only if the draws have the posterior's quantiles (Talts, Betancourt, Simpson, Vehtari & Gelman 2018).
 */
export function calibrate(model: Model, options: CalibrationOptions): Calibration {
  const { replications = 200, rankedDraws = 99, bins = 10 } = options;
  checkCount("replications", replications, 5 * bins);
  checkCount("rankedDraws", rankedDraws, 1);
  checkCount("bins", bins, 2);
  checkCount("(rankedDraws + 1) / bins", (rankedDraws + 1) / bins, 1);
  requirePriors(model);
  const [priorKey, rest] = random.splitList(options.key);
  const truths = samplePrior(model, priorKey, replications);
  const ranks = model.parameterNames.map(() => new Int32Array(replications));
  let denied = 0;
  truths.forEach((theta, r) => {
    const [dataKey, fitKey] = random.splitList(random.fold(rest, r));
    const fit = options.fit(model, simulate(model, theta, options.data, dataKey), fitKey);
    if (!fit.isPosterior) denied++;
    fit.draws.forEach((chains, p) => {
      ranks[p][r] = rankAmong(theta[p], chains, rankedDraws);
    });
    options.onProgress?.({ done: r + 1, total: replications, stage: "replication", facts: { denied } });
  });
  const histograms = ranks.map((own) => histogramOf(own, (rankedDraws + 1) / bins, bins));
  const pValues = Float64Array.from(histograms, (histogram) => uniformityPValue(histogram, replications));
  const uneven = model.parameterNames.filter((_, p) => pValues[p] * ranks.length < falseAlarm);
  return {
    parameterNames: model.parameterNames,
    ranks,
    histograms,
    pValues,
    denied,
    warnings:
      uneven.length === 0
        ? []
        : [{ code: "PHX845", message: `the ranks of ${uneven.join(", ")} are not uniform` }],
  };
}

/** Rank of a value among `count` draws spread evenly over all chains. */
function rankAmong(value: number, chains: readonly Float64Array[], count: number): number {
  const total = chains.reduce((sum, chain) => sum + chain.length, 0);
  if (total < count) {
    throw new PhxError({
      code: "PHX842",
      what: `the fit has ${total} draws, and ${count} are to be ranked`,
      fix: "ask for more draws, or rank fewer",
    });
  }
  let rank = 0;
  for (let d = 0; d < count; d++) {
    let at = Math.floor((d * total) / count);
    let c = 0;
    while (at >= chains[c].length) at -= chains[c++].length;
    if (chains[c][at] < value) rank++;
  }
  return rank;
}

function histogramOf(ranks: Int32Array, width: number, bins: number): Int32Array {
  const histogram = new Int32Array(bins);
  for (const rank of ranks) histogram[Math.floor(rank / width)] += 1;
  return histogram;
}

/** Pearson's chi-squared test of equal bins. */
export function uniformityPValue(histogram: Int32Array, count: number): number {
  const expected = count / histogram.length;
  const statistic = histogram.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  return special.gammaincc((histogram.length - 1) / 2, statistic / 2);
}
