// Fit: what every sampler returns.
import type { Chains } from "../diagnostics/ranks.ts";
import type { SummaryRow } from "./summary.ts";

export interface FitWarning {
  readonly code: string;
  readonly message: string;
}

/** Draws from (an approximation of) the posterior. */
export interface Fit {
  readonly method: "nuts" | "svgd" | "laplace";
  readonly parameterNames: readonly string[];
  /** draws[p]: the chains of parameter p, on the scale of θ. Particles and Laplace draws are one chain. */
  readonly draws: readonly Chains[];
  readonly summary: readonly SummaryRow[];
  readonly warnings: readonly FitWarning[];
  /** False where diagnostics say that spreads and quantiles are not those of the posterior. */
  readonly isPosterior: boolean;
}

/** One step of long work, for progress bars. */
export interface FitProgress {
  readonly done: number;
  readonly total: number;
  /** `chain 2, warm-up`, `iteration` … */
  readonly stage: string;
}

export type ReportProgress = (progress: FitProgress) => void;
