// Simulation-based calibration: whether a method draws from the posteriors of models whose parameters are known.
import type { Value } from "@phxlang/autodiff";
import { PhxError, random, special } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import type { Fit, FitProgress, FitWarning } from "../fit/fit.ts";
import { checkIdentity, identityOf } from "../fit/checkpoint.ts";
import type { Checkpoint, RunIdentity } from "../fit/checkpoint.ts";
import { checkCount, identifying } from "../fit/prepare.ts";
import { finishRun, unfinished } from "../fit/run.ts";
import type { FitRun } from "../fit/run.ts";
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
  /** Says what `fit` does, so that a checkpoint of another fit is refused. */
  readonly fitName?: string;
  /** Goes on from a checkpoint of a run with the same model, data and options. */
  readonly resume?: Checkpoint;
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
  return finishRun(startCalibration(model, options), options.onProgress);
}

/** The same in steps, one replication each. PHX835 without proper priors, before any work. */
export function startCalibration(model: Model, options: CalibrationOptions): FitRun<Calibration> {
  const { replications = 200, rankedDraws = 99, bins = 10, fitName = "" } = options;
  checkCount("replications", replications, 5 * bins);
  checkCount("rankedDraws", rankedDraws, 1);
  checkCount("bins", bins, 2);
  checkCount("(rankedDraws + 1) / bins", (rankedDraws + 1) / bins, 1);
  requirePriors(model);
  const settings = { replications, rankedDraws, bins };
  const identity = identityOf(model, options.data, { ...settings, fitName, ...identifying(options) });
  const run = new CalibrationRun(model, options, settings, identity);
  if (options.resume !== undefined) run.takeUp(options.resume);
  return run;
}

interface CalibrationState {
  readonly done: number;
  readonly denied: number;
  /** ranks[p], of the replications that are done. */
  readonly ranks: readonly Float64Array[];
}

class CalibrationRun implements FitRun<Calibration> {
  readonly #model: Model;
  readonly #options: CalibrationOptions;
  readonly #settings: Required<Pick<CalibrationOptions, "replications" | "rankedDraws" | "bins">>;
  readonly #identity: RunIdentity;
  readonly #rest: Value;
  readonly #truths: readonly Float64Array[];
  readonly #ranks: readonly Int32Array[];
  #done = 0;
  #denied = 0;

  constructor(
    model: Model,
    options: CalibrationOptions,
    settings: Required<Pick<CalibrationOptions, "replications" | "rankedDraws" | "bins">>,
    identity: RunIdentity,
  ) {
    const [priorKey, rest] = random.splitList(options.key);
    this.#model = model;
    this.#options = options;
    this.#settings = settings;
    this.#identity = identity;
    this.#rest = rest;
    this.#truths = samplePrior(model, priorKey, settings.replications);
    this.#ranks = model.parameterNames.map(() => new Int32Array(settings.replications));
  }

  takeUp(checkpoint: Checkpoint): void {
    checkIdentity(checkpoint, "calibration", this.#identity);
    // The identity says that this class wrote it.
    const { done, denied, ranks } = checkpoint.state as CalibrationState;
    this.#done = done;
    this.#denied = denied;
    ranks.forEach((own, p) => this.#ranks[p].set(own));
  }

  step(): FitProgress | null {
    const { replications, rankedDraws } = this.#settings;
    const r = this.#done;
    if (r === replications) return null;
    const theta = this.#truths[r];
    const { data, fit: fitTo } = this.#options;
    const [dataKey, fitKey] = random.splitList(random.fold(this.#rest, r));
    const fit = fitTo(this.#model, simulate(this.#model, theta, data, dataKey), fitKey);
    if (!fit.isPosterior) this.#denied++;
    fit.draws.forEach((chains, p) => {
      this.#ranks[p][r] = rankAmong(theta[p], chains, rankedDraws);
    });
    this.#done++;
    return { done: r + 1, total: replications, stage: "replication", facts: { denied: this.#denied } };
  }

  checkpoint(): Checkpoint {
    const ranks = this.#ranks.map((own) => Float64Array.from(own.subarray(0, this.#done)));
    const state: CalibrationState = { done: this.#done, denied: this.#denied, ranks };
    return { method: "calibration", identity: this.#identity, state };
  }

  result(): Calibration {
    const { replications, rankedDraws, bins } = this.#settings;
    if (this.#done < replications) throw unfinished();
    const { parameterNames } = this.#model;
    const histograms = this.#ranks.map((own) => histogramOf(own, (rankedDraws + 1) / bins, bins));
    const pValues = Float64Array.from(histograms, (histogram) => uniformityPValue(histogram, replications));
    const uneven = parameterNames.filter((_, p) => pValues[p] * histograms.length < falseAlarm);
    const message = `the ranks of ${uneven.join(", ")} are not uniform`;
    return {
      parameterNames,
      ranks: this.#ranks,
      histograms,
      pValues,
      denied: this.#denied,
      warnings: uneven.length === 0 ? [] : [{ code: "PHX845", message }],
    };
  }
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
