// fit.nuts: the posterior by the No-U-Turn sampler.
import type { Value } from "@phxlang/autodiff";
import { array, NdArray, random } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { energyFraction } from "../diagnostics/energy.ts";
import { sampleChain } from "../nuts/sample.ts";
import type { DrawStatistics, NutsOptions } from "../nuts/sample.ts";
import type { Data } from "../posterior/posterior.ts";
import { logDensity, posterior, requirePriors } from "../posterior/posterior.ts";
import { defaultPoint } from "../posterior/starting-points.ts";
import { randomStream } from "../random-stream.ts";
import type { Fit, FitWarning, ReportProgress } from "./fit.ts";
import { displaced, findMode } from "./laplace.ts";
import type { Mode } from "./laplace.ts";
import type { SummaryRow } from "./summary.ts";
import { summarize } from "./summary.ts";

export interface NutsFitOptions extends Partial<NutsOptions> {
  readonly data: Data;
  readonly key: Value;
  /** Default 4. */
  readonly chains?: number;
  readonly onProgress?: ReportProgress;
}

export interface NutsFit extends Fit {
  readonly method: "nuts";
  /** statistics[c][i]: draw i of chain c, warm-up left out. */
  readonly statistics: readonly (readonly DrawStatistics[])[];
}

/** Chains start within this many standard deviations of the mode in every direction. */
const startSpread = 2;

/** Chains one after another, each from its own key: the same seed gives the same draws on every machine. */
export function fitNuts(model: Model, options: NutsFitOptions): NutsFit {
  const { chains = 4, warmup = 1000, draws = 1000 } = options;
  requirePriors(model);
  const target = posterior(model, options.data);
  const density = logDensity(target.dimension, (u) => target.logPosterior(u));
  // The mode and its curvature give chains their scales from the first step on, so that warm-up does not wander
  // where the model is expensive or cannot be evaluated.
  const mode = findMode(density, defaultPoint(target));
  const initialInverseMass = diagonalOf(mode);
  const keys = random.splitList(options.key, chains);
  const columns = model.parameterNames.map(() => keys.map(() => new Float64Array(draws)));
  const statistics = keys.map((key, chain) => {
    const stream = randomStream(key);
    const start = displaced(
      mode,
      Float64Array.from(mode.point, () => startSpread * (2 * stream.uniform() - 1)),
    );
    const kept: DrawStatistics[] = [];
    const run = sampleChain(density, start, { ...options, warmup, draws, initialInverseMass }, stream);
    for (const progress of run) {
      options.onProgress?.({
        done: chain * (warmup + draws) + progress.iteration + 1,
        total: chains * (warmup + draws),
        stage: `chain ${chain + 1} of ${chains}${progress.isWarmup ? ", warm-up" : ""}`,
      });
      if (progress.isWarmup) continue;
      const theta = target.transform.constrain(array(progress.position)).theta;
      if (!(theta instanceof NdArray)) throw new Error("internal: a chain ran inside a transform");
      for (let p = 0; p < columns.length; p++) columns[p][chain][kept.length] = theta.elements[p];
      kept.push(progress.statistics);
    }
    return kept;
  });
  const summary = summarize(model.parameterNames, columns, true);
  const warnings = chainWarnings(summary, statistics, chains * draws);
  return {
    method: "nuts",
    parameterNames: model.parameterNames,
    draws: columns,
    summary,
    statistics,
    warnings,
    isPosterior: warnings.length === 0,
  };
}

/** Variances of the normal approximation. */
function diagonalOf({ point, scale }: Mode): Float64Array {
  const n = point.length;
  return point.map((_, i) => {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += scale[i * n + j] * scale[i * n + j];
    return sum;
  });
}

function chainWarnings(
  summary: readonly SummaryRow[],
  statistics: readonly (readonly DrawStatistics[])[],
  total: number,
): FitWarning[] {
  const messages: string[] = [];
  const divergences = statistics.flat().filter(({ diverged }) => diverged).length;
  if (divergences > 0) messages.push(`${divergences} of ${total} transitions diverged`);
  const disagreeing = summary.filter((row) => (row.rhat ?? 1) > 1.01);
  if (disagreeing.length > 0) {
    const worst = disagreeing.map((row) => `${row.name}: ${row.rhat?.toFixed(3)}`).join(", ");
    messages.push(`the chains do not agree (R-hat ${worst})`);
  }
  const thin = summary.filter((row) => Math.min(row.essBulk ?? total, row.essTail ?? total) < 100);
  if (thin.length > 0) {
    messages.push(`fewer than 100 effective draws of ${thin.map((row) => row.name).join(", ")}`);
  }
  const fractions = statistics.map((chain) =>
    energyFraction(Float64Array.from(chain, ({ energy }) => energy)),
  );
  const smallest = Math.min(...fractions);
  if (smallest < 0.3)
    messages.push(`the energy fraction of missing information is ${smallest.toFixed(2)}, below 0.3`);
  return messages.map((message) => ({ code: "PHX833", message }));
}
