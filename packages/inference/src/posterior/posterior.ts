// Posterior: a model, its data and its priors as functions on unconstrained space.
import type { Value } from "@phxlang/autodiff";
import { np, PhxError } from "@phxlang/autodiff";
import { censoring } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import { logPrior } from "./priors.ts";
import { boundValue, unconstraining } from "./unconstrain.ts";
import type { Unconstraining } from "./unconstrain.ts";

/** What `logLikelihood` of a model takes. */
export type Data = Parameters<Model["logLikelihood"]>[1];

/** One set of observations. */
export type ObservationSet = Exclude<Data, readonly unknown[]>;

export function observationSets(data: Data): readonly ObservationSet[] {
  return "kind" in data ? [data] : data;
}

/** Scalar functions of u f64 [dimension]: traced or concrete, so that every transform applies. */
export interface Posterior {
  readonly model: Model;
  readonly transform: Unconstraining;
  readonly dimension: number;
  /** log L(θ(u)) */
  logLikelihood(u: Value): Value;
  /** Sum of the log prior densities at θ(u); 0 for parameters without a prior. */
  logPrior(u: Value): Value;
  /** log L + log prior + log |dθ/du|: the density that samplers draw u from, up to a constant. */
  logPosterior(u: Value): Value;
}

/**
 * Largest relative error of each density in a fit. Ten thousand of them move a log-likelihood by 1e-4, far below what
 * matters for an estimate or a draw; and where sweeps are long, Krylov spaces reach it in a hundredth of the time.
 */
export const fitTolerance = 1e-8;

/** Throws PHX830 for data without rows, PHX834 where every row is censored. */
export function posterior(model: Model, data: Data, tolerance: number = fitTolerance): Posterior {
  const transform = unconstraining(model);
  const observations = observationSets(data);
  if (observations.every((set) => set.count === 0)) {
    throw new PhxError({
      code: "PHX830",
      what: "there is nothing to fit to: the data have no rows",
      fix: "give at least one observation, or look at the `when` of the observe line",
    });
  }

  const isCensored = observations.every(
    (set) => set.kind === "stop" && set.censoring.every((how) => how === censoring.right),
  );
  if (isCensored) {
    throw new PhxError({
      code: "PHX834",
      what: "every observation is censored",
      why: "where nothing was seen to end, the likelihood has no maximum inside the bounds",
      fix: "give data in which something ends",
    });
  }

  const priorsAt = (theta: Value): Value => {
    let total: Value = np.array(0);
    const known: Value[] = [];
    for (const parameter of model.parameters) {
      const own = np.slice(theta, [parameter.offset, parameter.offset + parameter.size]);
      if (parameter.prior !== null) {
        const args = parameter.prior.args.map((arg) => boundValue(model, arg, known) ?? np.array(Infinity));
        total = total.add(logPrior(parameter.prior.law, own, args));
      }
      known.push(own);
    }
    return total;
  };

  const logLikelihood = (theta: Value): Value => model.logLikelihood(theta, data, { tolerance });
  return {
    model,
    transform,
    dimension: transform.dimension,
    logLikelihood: (u) => logLikelihood(transform.constrain(u).theta),
    logPrior: (u) => priorsAt(transform.constrain(u).theta),
    logPosterior(u) {
      const { theta, logJacobian } = transform.constrain(u);
      return logLikelihood(theta).add(priorsAt(theta)).add(logJacobian);
    },
  };
}

/**
 * PHX835 unless the prior is proper: a prior for every parameter that is not confined to an interval or a simplex.
 * Without one the posterior may have no mode and no moments, and samplers would wander off for ever.
 */
export function requirePriors(model: Model): void {
  const missing = model.parameters.filter(
    ({ prior, simplex, lower, upper }) => prior === null && !simplex && (lower === null || upper === null),
  );
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => `\`${name}\``).join(", ");
  throw new PhxError({
    code: "PHX835",
    what: `${names} ${missing.length === 1 ? "has" : "have"} no prior`,
    why: "without proper priors the posterior may not exist, and nothing can be drawn from it",
    fix: `write one in the file, such as \`param ${missing[0].name} > 0 = 1 ~ gamma(2, 1)\`, or use maximum likelihood`,
  });
}
