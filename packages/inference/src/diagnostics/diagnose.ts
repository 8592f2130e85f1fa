// diagnose: what draws say about themselves, wherever they came from.
import { chainWarnings, statisticOf } from "../fit/chain-warnings.ts";
import type { FitWarning } from "../fit/fit.ts";
import { summarize } from "../fit/summary.ts";
import type { SummaryRow } from "../fit/summary.ts";
import { leaveOneOut } from "../importance/loo.ts";
import type { LeaveOneOut } from "../importance/loo.ts";
import { isMarkov } from "../output/saved-draws.ts";
import type { SavedDraws } from "../output/saved-draws.ts";
import { energyFraction } from "./energy.ts";

export interface Diagnosis {
  readonly summary: readonly SummaryRow[];
  /** Whether these are chains, which have R-hat and effective sample sizes. */
  readonly isMarkov: boolean;
  /** Chain by chain; empty where energies were not recorded. */
  readonly energyFractions: readonly number[];
  /** Divergent transitions of each chain; empty where they were not recorded. */
  readonly divergences: readonly number[];
  /** Null without log-likelihoods of the observations. */
  readonly leaveOneOut: LeaveOneOut | null;
  /** PHX833 and PHX844. */
  readonly warnings: readonly FitWarning[];
}

export function diagnose(saved: SavedDraws): Diagnosis {
  const { parameterNames, chains, draws, logLikelihood } = saved;
  const hasChains = isMarkov(saved);
  const summary = summarize(parameterNames, draws, hasChains);
  const loo = logLikelihood === null ? null : leaveOneOut(logLikelihood);
  return {
    summary,
    isMarkov: hasChains,
    energyFractions: statisticOf(chains, "energy").map(energyFraction),
    divergences: statisticOf(chains, "diverging").map((flags) => flags.reduce((a, b) => a + b, 0)),
    leaveOneOut: loo,
    warnings: [...(hasChains ? chainWarnings({ chains, summary }) : []), ...(loo?.warnings ?? [])],
  };
}
