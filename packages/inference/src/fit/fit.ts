// Fit: what every method returns that draws from the posterior, or from an approximation of it.
import type { Model } from "@phxlang/runtime";
import type { Chains } from "../diagnostics/ranks.ts";
import { summarize } from "./summary.ts";
import type { SummaryRow } from "./summary.ts";

export interface FitWarning {
  readonly code: string;
  readonly message: string;
}

/** One chain, iteration by iteration, warm-up first. Particles and independent draws are one chain without warm-up. */
export interface FitChain {
  /** Iteration i is warm-up where i < warmup. */
  readonly warmup: number;
  /** parameters[p][i]: parameter p on the scale of θ. */
  readonly parameters: readonly Float64Array[];
  /** statistics[name][i], under the names of ArviZ's sample_stats: `lp`, `diverging`, `energy` … */
  readonly statistics: Readonly<Record<string, Float64Array>>;
}

export type FitMethod = "nuts" | "pathfinder" | "svgd" | "laplace";

export interface Fit {
  readonly method: FitMethod;
  /** Name of the model. */
  readonly model: string;
  readonly parameterNames: readonly string[];
  readonly chains: readonly FitChain[];
  /** draws[p]: the chains of parameter p without their warm-up, as views of `chains`. */
  readonly draws: readonly Chains[];
  readonly summary: readonly SummaryRow[];
  readonly warnings: readonly FitWarning[];
  /** False where diagnostics say that spreads and quantiles are not those of the posterior. */
  readonly isPosterior: boolean;
  /** How many points the model refused, by code: they counted as density 0. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** One step of long work, for progress bars. */
export interface FitProgress {
  readonly done: number;
  readonly total: number;
  /** `warm-up`, `sampling`, `iteration` … */
  readonly stage: string;
  /** What a sampler says about itself so far: step size, divergences. */
  readonly facts: Readonly<Record<string, number>>;
}

/** Puts a fit together: views of the draws, and the table. */
export function makeFit<M extends FitMethod>(
  method: M,
  { name, parameterNames }: Model,
  chains: readonly FitChain[],
  refusals: ReadonlyMap<string, number>,
): Fit & { readonly method: M } {
  const draws = parameterNames.map((_, p) =>
    chains.map(({ parameters, warmup }) => parameters[p].subarray(warmup)),
  );
  return {
    method,
    model: name,
    parameterNames,
    chains,
    draws,
    summary: summarize(parameterNames, draws, method === "nuts"),
    warnings: refusalWarnings(refusals),
    isPosterior: true,
    refusals: Object.fromEntries(refusals),
  };
}

/** The fit with reasons why it is not the posterior, if there are any. */
export function withProblems<F extends Fit>(fit: F, problems: readonly FitWarning[]): F {
  if (problems.length === 0) return fit;
  return { ...fit, warnings: [...problems, ...fit.warnings], isPosterior: false };
}

/** θ of draw i of chain c, warm-up left out. */
export function thetaOfDraw(fit: Pick<Fit, "draws">, c: number, i: number): Float64Array {
  return Float64Array.from(fit.draws, (chains) => chains[c][i]);
}

/** PHX836 for points that the model refused. */
export function refusalWarnings(refusals: ReadonlyMap<string, number>): FitWarning[] {
  return Array.from(refusals, ([code, count]) => ({
    code: "PHX836",
    message: `the model refused ${count} ${count === 1 ? "point" : "points"} with ${code}: they counted as impossible`,
  }));
}
