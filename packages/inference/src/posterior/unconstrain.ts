// Between θ within its bounds and unconstrained space: the transforms of the language's bounds, with their Jacobians.
import type { Program, Value } from "@phxlang/autodiff";
import { array, callProgram, internalError, np, special } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";

type Parameter = Model["parameters"][number];
type Bound = Parameter["lower"];

/** θ and what it costs: log |dθ/du|. */
export interface Constrained {
  readonly theta: Value;
  readonly logJacobian: Value;
}

/**
 * The map u ↦ θ of a model. A parameter with one finite bound b is b ± eᵘ; between two bounds it is a scaled logistic
 * function of u; without bounds it is u; a simplex of K entries is made of K − 1 numbers by stick breaking (the
 * parameterisation of Stan's reference manual, in which u = 0 is the centre). Bounds may read earlier parameters.
 */
export interface Unconstraining {
  /** Length of u. */
  readonly dimension: number;
  /** u f64 [dimension] → θ f64 [P]; differentiable. */
  constrain(u: Value): Constrained;
  /** θ → u; throws nothing: a value on a closed end becomes infinite. */
  unconstrain(theta: Float64Array): Float64Array;
}

export function unconstraining(model: Model): Unconstraining {
  let dimension = 0;
  const offsets = model.parameters.map((parameter) => {
    const offset = dimension;
    dimension += parameter.simplex ? parameter.size - 1 : parameter.size;
    return offset;
  });

  return {
    dimension,
    constrain(u) {
      let known: Value[] = [];
      let logJacobian: Value = np.array(0);
      model.parameters.forEach((parameter, p) => {
        const count = parameter.simplex ? parameter.size - 1 : parameter.size;
        const own = np.slice(u, [offsets[p], offsets[p] + count]);
        const lower = boundValue(model, parameter.lower, known);
        const upper = boundValue(model, parameter.upper, known);
        const { theta, logJacobian: cost } = parameter.simplex ? breakStick(own) : within(own, lower, upper);
        known = [...known, theta];
        logJacobian = logJacobian.add(cost);
      });
      return { theta: known.length === 0 ? np.zeros([0]) : np.concatenate(known), logJacobian };
    },
    unconstrain(theta) {
      const u = new Float64Array(dimension);
      const known: Value[] = [];
      model.parameters.forEach((parameter, p) => {
        const own = theta.subarray(parameter.offset, parameter.offset + parameter.size);
        const lower = boundValue(model, parameter.lower, known)?.item() ?? null;
        const upper = boundValue(model, parameter.upper, known)?.item() ?? null;
        const free = parameter.simplex ? unbreakStick(own) : own.map((x) => outOf(x, lower, upper));
        u.set(free, offsets[p]);
        known.push(array(own));
      });
      return u;
    },
  };
}

const programs = new WeakMap<Model, Program>();

function featureProgram(model: Model): Program {
  let program = programs.get(model);
  if (program === undefined) programs.set(model, (program = model.graph.features.toProgram()));
  return program;
}

/** The value of a bound, given the parameters declared before it; the others count as 1, which it cannot read. */
export function boundValue(model: Model, bound: Bound, known: readonly Value[]): Value | null {
  if (bound === null) return null;
  if (typeof bound === "number") return Number.isFinite(bound) ? np.array(bound) : null;
  const present = known.reduce((sum, value) => sum + value.shape[0], 0);
  const rest = np.ones([model.parameterCount + model.covariates.length - present]);
  const [values] = callProgram(featureProgram(model), [np.concatenate([...known, rest])]);
  return np.slice(values, bound.feature);
}

function within(u: Value, lower: Value | null, upper: Value | null): Constrained {
  if (lower !== null && upper !== null) {
    const width = upper.sub(lower);
    const share = np.sigmoid(u);
    const cost = np.logSigmoid(u).add(np.logSigmoid(u.neg()));
    return { theta: lower.add(width.mul(share)), logJacobian: cost.add(np.log(width)).sum() };
  }
  if (lower !== null) return { theta: lower.add(np.exp(u)), logJacobian: u.sum() };
  if (upper !== null) return { theta: upper.sub(np.exp(u)), logJacobian: u.sum() };
  return { theta: u, logJacobian: np.array(0) };
}

function outOf(x: number, lower: number | null, upper: number | null): number {
  if (lower !== null && upper !== null) return special.log((x - lower) / (upper - x));
  if (lower !== null) return special.log(x - lower);
  if (upper !== null) return special.log(upper - x);
  return x;
}

/** Entry k takes the share sigmoid(u_k − log(K − 1 − k)) of what is left of the stick. */
function breakStick(u: Value): Constrained {
  const count = u.shape[0] + 1;
  const parts: Value[] = [];
  let logRest: Value = np.array(0);
  let logJacobian: Value = np.array(0);
  for (let k = 0; k < count - 1; k++) {
    const shifted = np.slice(u, k).sub(special.log(count - 1 - k));
    const logShare = np.logSigmoid(shifted);
    const logOther = np.logSigmoid(shifted.neg());
    parts.push(np.exp(logRest.add(logShare)));
    logJacobian = logJacobian.add(logRest).add(logShare).add(logOther);
    logRest = logRest.add(logOther);
  }
  parts.push(np.exp(logRest));
  return { theta: np.stack(parts), logJacobian };
}

function unbreakStick(theta: Float64Array): Float64Array {
  if (theta.length === 0) throw internalError("a simplex has entries");
  const u = new Float64Array(theta.length - 1);
  let rest = 1;
  for (let k = 0; k < u.length; k++) {
    u[k] = special.log(theta[k] / (rest - theta[k])) + special.log(theta.length - 1 - k);
    rest -= theta[k];
  }
  return u;
}
