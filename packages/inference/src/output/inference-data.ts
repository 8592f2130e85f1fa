// InferenceData: draws and what goes with them as named arrays, in the groups and under the names of ArviZ.
import type { Fit } from "../fit/fit.ts";
import type { Data } from "../posterior/posterior.ts";
import { observationSets } from "../posterior/posterior.ts";
import type { PointwiseLogLikelihood } from "../predict/pointwise.ts";
import type { PredictiveDraws } from "../predict/predictive.ts";

/** One variable. */
export interface NamedArray {
  /** `chain` and `draw` first, then `row` where there is a value for each observation. */
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float64Array;
  /** Flags are 0 or 1, and leave as booleans: ArviZ selects draws by them. */
  readonly isFlag?: boolean;
}

export type InferenceGroup = Readonly<Record<string, NamedArray>>;

export const groupNames = [
  "posterior",
  "sample_stats",
  "log_likelihood",
  "posterior_predictive",
  "observed_data",
  "prior",
  "prior_predictive",
] as const;

export type GroupName = (typeof groupNames)[number];

export interface InferenceData {
  /** `model`, `method` and `inference_library`, where they are known. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: Readonly<Partial<Record<GroupName, InferenceGroup>>>;
  /** Labels along `row`: rows of the user's table. */
  readonly rows: Int32Array | null;
}

/** The one variable of the groups that hold a value for each observation. */
export const observationName = "y";

/** Draws with their names: a fit, or what was read from a file. */
export type NamedDraws = Pick<Fit, "parameterNames" | "draws" | "chains"> & {
  readonly model: string | null;
  readonly method: string | null;
};

/** What may go beside the draws; each part becomes a group. */
export interface InferenceParts {
  readonly logLikelihood?: PointwiseLogLikelihood;
  readonly data?: Data;
  readonly predictive?: PredictiveDraws;
}

/** The draws of a fit without their warm-up, their statistics, and the parts that are given. */
export function inferenceData(fit: NamedDraws, parts: InferenceParts = {}): InferenceData {
  const { parameterNames, draws, chains, method, model } = fit;
  const statistics = Object.keys(chains[0].statistics).map((name): [string, NamedArray] => {
    const values = chains.map((chain) => chain.statistics[name].subarray(chain.warmup));
    return [name, name === "diverging" ? { ...byChain(values), isFlag: true } : byChain(values)];
  });
  const { logLikelihood, data, predictive } = parts;
  const observed = data === undefined ? null : observedGroup(data);
  return {
    attributes: {
      inference_library: "phx",
      ...(model === null ? {} : { model }),
      ...(method === null ? {} : { method }),
    },
    rows: logLikelihood?.rows ?? predictive?.rows ?? observed?.rows ?? null,
    groups: {
      posterior: Object.fromEntries(parameterNames.map((name, p) => [name, byChain(draws[p])])),
      sample_stats: Object.fromEntries(statistics),
      ...(logLikelihood === undefined ? {} : { log_likelihood: pointwiseGroup(logLikelihood) }),
      ...(predictive === undefined ? {} : { posterior_predictive: predictiveGroup(predictive) }),
      ...(observed === null ? {} : { observed_data: observed.group }),
    },
  };
}

/** Draws from the prior and new data at them, in the groups `prior` and `prior_predictive`. */
export function priorData(
  { name, parameterNames }: { readonly name: string; readonly parameterNames: readonly string[] },
  predictive: PredictiveDraws,
  data: Data,
): InferenceData {
  const { thetas } = predictive;
  const observed = observedGroup(data);
  return {
    attributes: { inference_library: "phx", model: name },
    rows: predictive.rows,
    groups: {
      prior: Object.fromEntries(
        parameterNames.map((parameter, p) => [
          parameter,
          byChain([Float64Array.from(thetas, (theta) => theta[p])]),
        ]),
      ),
      prior_predictive: predictiveGroup(predictive),
      ...(observed === null ? {} : { observed_data: observed.group }),
    },
  };
}

function byChain(chains: readonly Float64Array[]): NamedArray {
  return { dimensions: ["chain", "draw"], shape: [chains.length, chains[0].length], values: joined(chains) };
}

function pointwiseGroup({ rows, values }: PointwiseLogLikelihood): InferenceGroup {
  const shape = [values.length, values[0].length / Math.max(1, rows.length), rows.length];
  return {
    [observationName]: { dimensions: ["chain", "draw", "row"], shape, values: joined(values) },
  };
}

function predictiveGroup({ rows, values }: PredictiveDraws): InferenceGroup {
  const shape = [1, values.length, rows.length];
  return {
    [observationName]: { dimensions: ["chain", "draw", "row"], shape, values: joined(values) },
  };
}

/**
 * Times and rewards as they were observed, with how: 0 exactly, 1 at least, 2 at most, 3 in an interval that begins there. Null
 * for panels, which have no single value a row.
 */
function observedGroup(data: Data): { readonly rows: Int32Array; readonly group: InferenceGroup } | null {
  const sets = observationSets(data);
  const rows: number[] = [];
  const values: number[] = [];
  const kinds: number[] = [];
  for (const set of sets) {
    if (set.kind === "path") return null;
    rows.push(...set.sourceRows);
    values.push(...(set.kind === "reward" ? set.values : set.times));
    kinds.push(...(set.kind === "reward" ? Array.from(set.values, () => 0) : set.censoring));
  }
  const byRow = (entries: readonly number[]): NamedArray => ({
    dimensions: ["row"],
    shape: [entries.length],
    values: Float64Array.from(entries),
  });
  return {
    rows: Int32Array.from(rows),
    group: { [observationName]: byRow(values), censoring: byRow(kinds) },
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const result = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
