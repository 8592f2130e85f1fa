// L-BFGS: limited-memory quasi-Newton minimisation.
import type { Evaluation } from "../log-density.ts";
import { dot, searchLine } from "./line-search.ts";

export interface LbfgsOptions {
  /** Correction pairs kept; default 10. */
  readonly history?: number;
  readonly maximumIterations?: number;
  /** Stop when the largest gradient entry is at most this times max(1, |value|); default 1e-10. */
  readonly gradientTolerance?: number;
  /**
   * No coordinate moves further than this in one iteration; default 5. On logarithmic scales that is a factor of 150: bold
   * steps end where rates overflow, and models of waiting times take ever longer on the way there.
   */
  readonly longestMove?: number;
}

/** One accepted iterate, in order: what Pathfinder reads. */
export interface Iterate {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface LbfgsResult extends Iterate {
  readonly iterates: readonly Iterate[];
  readonly evaluations: number;
  /** "stalled": no step decreases the value any more, within rounding. */
  readonly outcome: "converged" | "stalled" | "iterations exhausted";
}

interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** 1 / stepᵀ change > 0 */
  readonly scale: number;
}

/** Minimises a smooth function from a point where it is finite (Nocedal & Wright 2006, algorithm 7.5). */
export function minimize(
  minimised: (point: Float64Array) => Evaluation,
  start: Float64Array,
  options: LbfgsOptions = {},
): LbfgsResult {
  const { history = 10, maximumIterations = 1000, gradientTolerance = 1e-10, longestMove = 5 } = options;
  let evaluation = minimised(start);
  let point: Float64Array = start.slice();
  let evaluations = 1;
  const corrections: Correction[] = [];
  const iterates: Iterate[] = [{ point, ...evaluation }];
  const finish = (outcome: LbfgsResult["outcome"]): LbfgsResult => ({
    point,
    value: evaluation.value,
    gradient: evaluation.gradient,
    iterates,
    evaluations,
    outcome,
  });
  for (let iteration = 0; iteration < maximumIterations; iteration++) {
    const { gradient, value } = evaluation;
    const largest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    if (largest <= gradientTolerance * Math.max(1, Math.abs(value))) return finish("converged");
    let direction = applyInverseHessian(corrections, gradient).map((d) => -d);
    if (!(dot(direction, gradient) < 0)) {
      corrections.length = 0;
      direction = gradient.map((g) => -g);
    }
    const firstStep = corrections.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const longestStep = longestMove / direction.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
    const found = searchLine(minimised, point, evaluation, direction, firstStep, longestStep);
    if (found === null) {
      if (corrections.length === 0) return finish("stalled");
      corrections.length = 0;
      continue;
    }
    evaluations += found.evaluations;
    const step = found.point.map((x, i) => x - point[i]);
    const change = found.evaluation.gradient.map((g, i) => g - gradient[i]);
    const product = dot(step, change);
    if (product > 1e-14 * dot(change, change)) {
      corrections.push({ step, change, scale: 1 / product });
      if (corrections.length > history) corrections.shift();
    }
    if (found.evaluation.value === value && step.every((s, i) => Math.abs(s) <= 1e-15 * Math.abs(point[i]))) {
      return finish("stalled");
    }
    point = found.point;
    evaluation = found.evaluation;
    iterates.push({ point, ...evaluation });
  }
  return finish("iterations exhausted");
}

/** The two-loop recursion: H · gradient for the implicit inverse Hessian H. */
export function applyInverseHessian(
  corrections: readonly Correction[],
  gradient: Float64Array,
): Float64Array {
  const result = gradient.slice();
  const weights = new Float64Array(corrections.length);
  for (let i = corrections.length - 1; i >= 0; i--) {
    const { step, change, scale } = corrections[i];
    weights[i] = scale * dot(step, result);
    for (let j = 0; j < result.length; j++) result[j] -= weights[i] * change[j];
  }
  const last = corrections[corrections.length - 1];
  if (last !== undefined) {
    const gamma = 1 / (last.scale * dot(last.change, last.change));
    for (let j = 0; j < result.length; j++) result[j] *= gamma;
  }
  for (let i = 0; i < corrections.length; i++) {
    const { step, change, scale } = corrections[i];
    const weight = weights[i] - scale * dot(change, result);
    for (let j = 0; j < result.length; j++) result[j] += weight * step[j];
  }
  return result;
}
