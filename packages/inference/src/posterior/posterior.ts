// Posterior: a model, its data and its priors as functions on unconstrained space.
import type { Value } from "@phxlang/autodiff";
import { array, hessian, NdArray, np, PhxError, valueAndGrad } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import type { Evaluation, LogDensity } from "../log-density.ts";
import { logPrior } from "./priors.ts";
import { boundValue, unconstraining } from "./unconstrain.ts";
import type { Unconstraining } from "./unconstrain.ts";

/** What `logLikelihood` of a model takes. */
export type Data = Parameters<Model["logLikelihood"]>[1];

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

/** PHX940-free by construction: `data` is checked by the model before anything is computed. */
export function posterior(model: Model, data: Data): Posterior {
  const transform = unconstraining(model);
  const features = model.description.callback.features.toProgram();
  const covariateCount = model.description.covariates.length;
  const observations = Array.isArray(data) ? data : [data];
  if (observations.every((set) => set.count === 0)) {
    throw new PhxError({
      code: "PHX830",
      what: "there is nothing to fit to: the data have no rows",
      fix: "give at least one observation, or look at the `when` of the observe line",
    });
  }

  const priorsAt = (theta: Value): Value => {
    let total: Value = np.array(0);
    const known: Value[] = [];
    for (const parameter of model.parameters) {
      const own = np.slice(theta, [parameter.offset], [parameter.offset + parameter.size]);
      if (parameter.prior !== null) {
        const args = parameter.prior.args.map(
          (arg) => boundValue(features, arg, known, model, covariateCount) ?? np.array(Infinity),
        );
        total = total.add(logPrior(parameter.prior.law, own, args));
      }
      known.push(own);
    }
    return total;
  };

  return {
    model,
    transform,
    dimension: transform.dimension,
    logLikelihood: (u) => model.logLikelihood(transform.constrain(u).theta, data),
    logPrior: (u) => priorsAt(transform.constrain(u).theta),
    logPosterior(u) {
      const { theta, logJacobian } = transform.constrain(u);
      return model.logLikelihood(theta, data).add(priorsAt(theta)).add(logJacobian);
    },
  };
}

/** A scalar function of u as a LogDensity. Where the model refuses u (rates out of range), the density is 0. */
export function logDensity(dimension: number, f: (u: Value) => Value): LogDensity {
  const both = valueAndGrad(f);
  const second = hessian(f);
  return {
    dimension,
    evaluate(point): Evaluation {
      if (!point.every(Number.isFinite)) return { value: -Infinity, gradient: new Float64Array(dimension) };
      const [value, gradient] = both(array(point));
      return { value: numberOf(value), gradient: numbersOf(gradient) };
    },
    information: (point) => numbersOf(second(array(point))).map((x) => -x),
  };
}

function numbersOf(value: Value): Float64Array {
  if (!(value instanceof NdArray)) throw new Error("internal: a density was evaluated inside a transform");
  return Float64Array.from(value.elements);
}

function numberOf(value: Value): number {
  return numbersOf(value)[0];
}
