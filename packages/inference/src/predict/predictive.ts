// Prior and posterior predictive draws: what the model says that data could be.
import type { Value } from "@phxlang/autodiff";
import { PhxError, random } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import type { Fit } from "../fit/fit.ts";
import { thetaOfDraw } from "../fit/fit.ts";
import type { Data } from "../posterior/posterior.ts";
import { observationSets, requirePriors } from "../posterior/posterior.ts";
import { samplePrior } from "./prior-draws.ts";
import { simulate } from "./simulate.ts";

/** One new value for every row of stops and rewards, at each of several θ. */
export interface PredictiveDraws {
  /** One-based rows of the user's tables, one data set after another. */
  readonly rows: Int32Array;
  /** thetas[d]: the parameters of draw d. */
  readonly thetas: readonly Float64Array[];
  /** values[d][row]: the time or reward, without censoring. */
  readonly values: readonly Float64Array[];
}

/** `count` draws from the prior, and new values at each. PHX835 without proper priors. */
export function priorPredictive(model: Model, data: Data, key: Value, count: number): PredictiveDraws {
  requirePriors(model);
  const [priorKey, dataKey] = random.splitList(key);
  return predict(model, samplePrior(model, priorKey, count), data, dataKey);
}

/** New values at `count` draws of a fit, spread evenly over its chains. */
export function posteriorPredictive(
  model: Model,
  fit: Pick<Fit, "draws">,
  data: Data,
  key: Value,
  count: number,
): PredictiveDraws {
  const lengths = (fit.draws[0] ?? []).map((chain) => chain.length);
  const total = lengths.reduce((a, b) => a + b, 0);
  const thetas = Array.from({ length: Math.min(count, total) }, (_, d) => {
    let at = Math.floor((d * total) / Math.min(count, total));
    let chain = 0;
    while (at >= lengths[chain]) at -= lengths[chain++];
    return thetaOfDraw(fit, chain, at);
  });
  return predict(model, thetas, data, key);
}

function predict(model: Model, thetas: readonly Float64Array[], data: Data, key: Value): PredictiveDraws {
  const sets = observationSets(data).map((set) => {
    if (set.kind === "reward") return set;
    if (set.kind === "stop") return { ...set, censoring: new Uint8Array(set.count) };
    throw new PhxError({
      code: "PHX843",
      what: "predictive draws of panel data",
      why: "a panel has states at given times, not one value a row",
      fix: "use simulate, which gives whole panels",
    });
  });
  const keys = random.splitList(key, Math.max(1, thetas.length));
  return {
    rows: Int32Array.from(sets.flatMap(({ sourceRows }) => Array.from(sourceRows))),
    thetas,
    values: thetas.map((theta, d) =>
      Float64Array.from(
        simulate(model, theta, sets, keys[d]).flatMap((set) =>
          Array.from(set.kind === "reward" ? set.values : set.times),
        ),
      ),
    ),
  };
}
