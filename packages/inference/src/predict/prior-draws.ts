// Draws of θ from the priors of a model.
import type { Value } from "@phxlang/autodiff";
import { np, PhxError, random } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { numbersOf } from "../concrete.ts";
import { boundValue } from "../posterior/unconstrain.ts";

/** A prior that almost never meets the bounds is a mistake in the model. */
const attemptLimit = 10_000;

type Parameter = Model["parameters"][number];

/**
 * `count` draws of θ [P] from the joint prior: each parameter from its law given the earlier ones (without one, uniformly
 * on its interval or simplex), until all bounds hold. PHX843 where bounds are met less than once in ten thousand times, or
 * where a parameter without a prior has bounds that depend on others. PHX835 is checked by the caller.
 */
export function samplePrior(model: Model, key: Value, count: number): Float64Array[] {
  return random.splitList(key, count).map((own) => drawTheta(model, own));
}

function drawTheta(model: Model, key: Value): Float64Array {
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const keys = random.splitList(random.fold(key, attempt), Math.max(1, model.parameters.length));
    const known: Value[] = [];
    const isInside = model.parameters.every((parameter, p) => {
      const own = drawParameter(model, parameter, known, keys[p]);
      const holds = meetsBounds(model, parameter, known, own);
      known.push(own);
      return holds;
    });
    if (isInside) return numbersOf(np.concatenate(known));
  }
  throw new PhxError({
    code: "PHX843",
    what: "no draw from the priors lies within the bounds",
    why: `${attemptLimit} draws were tried`,
    fix: "choose priors that give the ranges of the parameters some probability",
  });
}

function drawParameter(model: Model, parameter: Parameter, known: readonly Value[], key: Value): Value {
  const { name, prior, simplex, size, lower, upper } = parameter;
  const shape = [size];
  if (prior === null && simplex) return random.dirichlet(key, np.ones(shape));
  if (prior === null) {
    if (typeof lower !== "number" || typeof upper !== "number") {
      throw new PhxError({
        code: "PHX843",
        what: `\`${name}\` has no prior to draw from`,
        why: "its range depends on other parameters",
        fix: "write a prior for it",
      });
    }
    return random.uniform(key, shape, { lower, upper });
  }
  const args = prior.args.map((arg) => boundValue(model, arg, known) ?? np.array(Infinity));
  switch (prior.law) {
    case "normal":
      return args[0].add(args[1].mul(random.normal(key, shape)));
    case "half_normal":
      return args[0].mul(np.abs(random.normal(key, shape)));
    case "lognormal":
      return np.exp(args[0].add(args[1].mul(random.normal(key, shape))));
    case "gamma":
      return random.gamma(key, args[0], shape).div(args[1]);
    case "exponential":
      return random.exponential(key, shape).div(args[0]);
    case "beta":
      return random.beta(key, args[0], args[1], shape);
    case "uniform":
      return args[0].add(args[1].sub(args[0]).mul(random.uniform(key, shape)));
    case "dirichlet":
      return random.dirichlet(key, args.length === 1 ? np.broadcastTo(args[0], shape) : np.stack([...args]));
  }
}

function meetsBounds(model: Model, parameter: Parameter, known: readonly Value[], own: Value): boolean {
  const low = boundValue(model, parameter.lower, known)?.item() ?? -Infinity;
  const high = boundValue(model, parameter.upper, known)?.item() ?? Infinity;
  return numbersOf(own).every((x) => x > low && x < high);
}
