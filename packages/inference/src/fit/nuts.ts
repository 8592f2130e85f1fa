// fit.nuts: the posterior by the No-U-Turn sampler, chains side by side from draws of Pathfinder.
import { random } from "@phxlang/autodiff";
import type { Value } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { SideBySide } from "../evaluating.ts";
import type { Evaluating } from "../evaluating.ts";
import { beginChain, runChain, statisticNames } from "../nuts/chain.ts";
import type { ChainState, NutsOptions } from "../nuts/chain.ts";
import type { MetricKind } from "../nuts/metric.ts";
import { runPath } from "../pathfinder/path.ts";
import type { NormalApproximation } from "../pathfinder/path.ts";
import { noStart } from "../posterior/starting-points.ts";
import { checkIdentity, identityOf } from "./checkpoint.ts";
import type { Checkpoint, RunIdentity } from "./checkpoint.ts";
import type { Fit, FitChain, FitProgress } from "./fit.ts";
import { makeFit, withProblems } from "./fit.ts";
import { chainWarnings } from "./chain-warnings.ts";
import { checkBetween, checkCount, identifying, prepare, thetaColumns } from "./prepare.ts";
import type { PosteriorOptions, Prepared } from "./prepare.ts";
import { finishRun, unfinished } from "./run.ts";
import type { FitRun } from "./run.ts";

export interface NutsFitOptions extends PosteriorOptions {
  /** Default 4. */
  readonly chains?: number;
  /** Iterations of each chain before its draws; default 1000. */
  readonly warmup?: number;
  /** Draws of each chain; default 1000. */
  readonly draws?: number;
  /** Mean acceptance that step sizes aim at; default 0.8. */
  readonly targetAcceptance?: number;
  /** At most 2^maximumDepth − 1 leapfrog steps a draw; default 10. */
  readonly maximumDepth?: number;
  /** Diagonal by default; dense for strongly correlated posteriors of few parameters. */
  readonly metric?: MetricKind;
  /** Goes on from a checkpoint of a run with the same model, data and options. */
  readonly resume?: Checkpoint;
  readonly onProgress?: (progress: FitProgress) => void;
}

export interface NutsFit extends Fit {
  readonly method: "nuts";
}

/** Runs all chains to their ends: `startNuts` without pauses. */
export function fitNuts(model: Model, options: NutsFitOptions): NutsFit {
  return finishRun(startNuts(model, options), options.onProgress);
}

/**
 * Chains begin at draws of Pathfinder, one path each, with its variances as their first metric. They share batches of
 * evaluations; each depends on its own key alone, so the same key gives the same bits on every machine and device.
 */
export function startNuts(model: Model, options: NutsFitOptions): FitRun<NutsFit> {
  const { chains = 4, warmup = 1000, draws = 1000 } = options;
  const { targetAcceptance = 0.8, maximumDepth = 10, metric = "diagonal" } = options;
  checkCount("chains", chains, 1);
  checkCount("warmup", warmup, 0);
  checkCount("draws", draws, 4);
  checkCount("maximumDepth", maximumDepth, 1);
  checkBetween("targetAcceptance", targetAcceptance, 0, 1);
  const settings = { warmup, draws, targetAcceptance, maximumDepth, metric };
  const prepared = prepare(model, options);
  const identity = identityOf(model, options.data, {
    ...settings,
    chains,
    ...identifying(options),
  });
  const keys = random.splitList(options.key, chains);
  const run = new NutsRun(prepared, settings, identity, keys);
  if (options.resume !== undefined) run.takeUp(options.resume);
  return run;
}

/** What a chain has recorded: a column for each coordinate of u, then one for each statistic. */
interface ChainRecord {
  readonly state: ChainState | null;
  readonly columns: readonly Float64Array[];
}

interface SavedRun {
  readonly chains: readonly ChainRecord[];
  readonly refusals: Readonly<Record<string, number>>;
}

class NutsRun implements FitRun<NutsFit> {
  readonly #prepared: Prepared;
  readonly #settings: Required<NutsOptions>;
  readonly #identity: RunIdentity;
  readonly #keys: readonly Value[];
  readonly #states: (ChainState | null)[];
  readonly #columns: readonly (readonly Float64Array[])[];
  #earlierRefusals: Readonly<Record<string, number>> = {};
  #work: SideBySide<void> | null = null;

  constructor(
    prepared: Prepared,
    settings: Required<NutsOptions>,
    identity: RunIdentity,
    keys: readonly Value[],
  ) {
    this.#prepared = prepared;
    this.#settings = settings;
    this.#identity = identity;
    this.#keys = keys;
    this.#states = keys.map(() => null);
    const count = prepared.target.dimension + statisticNames.length;
    this.#columns = keys.map(() =>
      Array.from({ length: count }, () => new Float64Array(settings.warmup + settings.draws)),
    );
  }

  takeUp(checkpoint: Checkpoint): void {
    checkIdentity(checkpoint, "nuts", this.#identity);
    // The identity says that this class wrote it.
    const saved = checkpoint.state as SavedRun;
    saved.chains.forEach(({ state, columns }, c) => {
      this.#states[c] = state;
      columns.forEach((column, k) => this.#columns[c][k].set(column));
    });
    this.#earlierRefusals = saved.refusals;
  }

  step(): FitProgress | null {
    this.#work ??= this.#begin();
    return this.#work.advance() ? this.#progress() : null;
  }

  checkpoint(): Checkpoint {
    const chains = this.#states.map((state, c): ChainRecord => {
      const length = state?.iteration ?? 0;
      return { state, columns: this.#columns[c].map((column) => column.slice(0, length)) };
    });
    const state: SavedRun = { chains, refusals: Object.fromEntries(this.#refusals()) };
    return { method: "nuts", identity: this.#identity, state };
  }

  result(): NutsFit {
    const { target } = this.#prepared;
    const { dimension } = target;
    const { warmup, draws } = this.#settings;
    if (this.#states.some((state) => state?.iteration !== warmup + draws)) throw unfinished();
    const chains = this.#columns.map((columns): FitChain => {
      const points = Array.from({ length: warmup + draws }, (_, i) =>
        Float64Array.from({ length: dimension }, (__, k) => columns[k][i]),
      );
      const statistics = statisticNames.map((name, s) => [name, columns[dimension + s]] as const);
      return {
        warmup,
        parameters: thetaColumns(target, points),
        statistics: Object.fromEntries(statistics),
      };
    });
    const fit = makeFit("nuts", target.model, chains, this.#refusals());
    return withProblems(fit, chainWarnings(fit));
  }

  #begin(): SideBySide<void> {
    const works = this.#keys.map((key, c) => {
      const [pathKey, chainKey] = random.splitList(key);
      const state = this.#states[c];
      const start = state ?? this.#startOf(pathKey);
      return this.#workOf(c, start, chainKey);
    });
    return new SideBySide(this.#prepared.density, works);
  }

  *#workOf(c: number, start: ChainState | Start, key: Value): Evaluating<void> {
    const { target } = this.#prepared;
    const state =
      "iteration" in start
        ? start
        : yield* beginChain(start.point, start.variances, key, this.#settings.metric);
    this.#states[c] = state;
    yield* runChain(state, this.#settings, key, (next, statistics) => {
      const at = next.iteration - 1;
      const columns = this.#columns[c];
      for (let k = 0; k < target.dimension; k++) columns[k][at] = next.position[k];
      statisticNames.forEach((name, s) => {
        columns[target.dimension + s][at] = statistics[name];
      });
      this.#states[c] = next;
    });
  }

  /** Where a chain begins, and with which metric: from a path of its own. */
  #startOf(key: Value): Start {
    const { density, center } = this.#prepared;
    const { approximation, draws } = runPath(density, center, key, { draws: 25, elboDraws: 10 });
    const possible = draws.find(({ logDensity }) => logDensity > -Infinity);
    if (possible === undefined) throw noStart();
    return { point: possible.point, variances: variancesOf(approximation) };
  }

  #refusals(): Map<string, number> {
    const all = new Map(this.#prepared.density.refusals);
    for (const [code, count] of Object.entries(this.#earlierRefusals)) {
      all.set(code, (all.get(code) ?? 0) + count);
    }
    return all;
  }

  #progress(): FitProgress {
    const { warmup, draws } = this.#settings;
    const iterations = this.#states.map((state) => state?.iteration ?? 0);
    const slowest = Math.min(...iterations);
    const stepSizes = this.#states.flatMap((state) => (state === null ? [] : [state.stepSize]));
    const diverging = this.#prepared.target.dimension + statisticNames.indexOf("diverging");
    const divergences = this.#columns.reduce(
      (sum, columns) => sum + columns[diverging].subarray(warmup).reduce((a, b) => a + b, 0),
      0,
    );
    return {
      done: iterations.reduce((a, b) => a + b, 0),
      total: iterations.length * (warmup + draws),
      stage: slowest < warmup ? "warm-up" : "sampling",
      facts: {
        "step size": stepSizes.reduce((a, b) => a + b, 0) / Math.max(1, stepSizes.length),
        divergences,
      },
    };
  }
}

interface Start {
  readonly point: Float64Array;
  readonly variances: Float64Array;
}

/** Diagonal of L Lᵀ. */
function variancesOf({ mean, scale }: NormalApproximation): Float64Array {
  const n = mean.length;
  return mean.map((_, i) => scale.subarray(i * n, i * n + i + 1).reduce((sum, x) => sum + x * x, 0));
}
