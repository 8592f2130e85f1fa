// One transition of the No-U-Turn sampler with multinomial weights.
import { special } from "@phxlang/autodiff";
import type { Evaluating } from "../evaluating.ts";
import type { Evaluation } from "../log-density.ts";
import { dot } from "../optimize/line-search.ts";
import type { RandomStream } from "../random-stream.ts";
import type { Metric } from "./metric.ts";

/** A point of phase space. */
export interface PhasePoint {
  readonly position: Float64Array;
  readonly momentum: Float64Array;
  readonly evaluation: Evaluation;
}

export interface Transition {
  readonly position: Float64Array;
  readonly evaluation: Evaluation;
  /** Mean Metropolis acceptance over the trajectory. */
  readonly acceptance: number;
  readonly depth: number;
  readonly leapfrogSteps: number;
  readonly diverged: boolean;
  /** Hamiltonian of the accepted point. */
  readonly energy: number;
}

/** Energy error beyond which a trajectory counts as divergent, as in Stan. */
const divergenceLimit = 1000;

interface Subtree {
  /** Ends of the trajectory in the direction of time. */
  readonly first: PhasePoint;
  readonly last: PhasePoint;
  readonly proposal: PhasePoint;
  readonly logWeight: number;
  /** Sum of momenta: the generalised U-turn criterion (Betancourt 2017, appendix A.4.2) needs nothing else. */
  readonly momentumSum: Float64Array;
  readonly isComplete: boolean;
}

/** Hamiltonian of a point: potential energy plus kinetic energy. */
export function energyOf(point: PhasePoint, metric: Metric): number {
  return -point.evaluation.value + 0.5 * dot(point.momentum, metric.velocity(point.momentum));
}

/** One leapfrog step; a negative step goes back in time. */
export function* leapfrog(metric: Metric, point: PhasePoint, step: number): Evaluating<PhasePoint> {
  const half = point.momentum.map((p, i) => p + 0.5 * step * point.evaluation.gradient[i]);
  const velocity = metric.velocity(half);
  const position = point.position.map((q, i) => q + step * velocity[i]);
  const evaluation = yield position;
  const momentum = half.map((p, i) => p + 0.5 * step * evaluation.gradient[i]);
  return { position, momentum, evaluation };
}

/**
 * Draws the next state (Hoffman & Gelman 2014 with the multinomial sampling and the generalised criterion of
 * Betancourt 2017, checked across both halves of every merge as Stan does).
 */
export function* transition(
  metric: Metric,
  position: Float64Array,
  evaluation: Evaluation,
  stepSize: number,
  maximumDepth: number,
  stream: RandomStream,
): Evaluating<Transition> {
  const start: PhasePoint = { position, momentum: metric.sampleMomentum(stream), evaluation };
  const startEnergy = energyOf(start, metric);
  let leapfrogSteps = 0;
  let acceptanceSum = 0;
  let diverged = false;

  function* leaf(from: PhasePoint, direction: number): Evaluating<Subtree> {
    const point = yield* leapfrog(metric, from, direction * stepSize);
    leapfrogSteps++;
    const computed = energyOf(point, metric);
    const error = (Number.isNaN(computed) ? Infinity : computed) - startEnergy;
    acceptanceSum += Math.min(1, special.exp(-error));
    const diverges = error > divergenceLimit;
    if (diverges) diverged = true;
    return {
      first: point,
      last: point,
      proposal: point,
      logWeight: -error,
      momentumSum: point.momentum,
      isComplete: !diverges,
    };
  }

  /** Depth is at most maximumDepth: the recursion is shallow. */
  function* grow(from: PhasePoint, direction: number, depth: number): Evaluating<Subtree> {
    if (depth === 0) return yield* leaf(from, direction);
    const inner = yield* grow(from, direction, depth - 1);
    if (!inner.isComplete) return inner;
    const outer = yield* grow(direction > 0 ? inner.last : inner.first, direction, depth - 1);
    const logWeight = special.logaddexp(inner.logWeight, outer.logWeight);
    const takesOuter = outer.isComplete && special.log(stream.uniform()) < outer.logWeight - logWeight;
    return merge(inner, outer, direction, takesOuter ? outer.proposal : inner.proposal, logWeight, metric);
  }

  let tree: Subtree = {
    first: start,
    last: start,
    proposal: start,
    logWeight: 0,
    momentumSum: start.momentum,
    isComplete: true,
  };
  let depth = 0;
  while (depth < maximumDepth) {
    const direction = stream.uniform() < 0.5 ? -1 : 1;
    const added = yield* grow(direction > 0 ? tree.last : tree.first, direction, depth);
    depth++;
    if (!added.isComplete) break;
    // Biased progressive sampling: the new half is preferred.
    const takesNew = special.log(stream.uniform()) < added.logWeight - tree.logWeight;
    const logWeight = special.logaddexp(tree.logWeight, added.logWeight);
    tree = merge(tree, added, direction, takesNew ? added.proposal : tree.proposal, logWeight, metric);
    if (!tree.isComplete) break;
  }
  return {
    position: tree.proposal.position,
    evaluation: tree.proposal.evaluation,
    acceptance: leapfrogSteps === 0 ? 0 : acceptanceSum / leapfrogSteps,
    depth,
    leapfrogSteps,
    diverged,
    energy: energyOf(tree.proposal, metric),
  };
}

function merge(
  old: Subtree,
  added: Subtree,
  direction: number,
  proposal: PhasePoint,
  logWeight: number,
  metric: Metric,
): Subtree {
  const [left, right] = direction > 0 ? [old, added] : [added, old];
  const momentumSum = left.momentumSum.map((p, i) => p + right.momentumSum[i]);
  const isComplete =
    added.isComplete &&
    goesOn(metric, left.first.momentum, right.last.momentum, momentumSum) &&
    goesOn(
      metric,
      left.first.momentum,
      right.first.momentum,
      sumOf(left.momentumSum, right.first.momentum),
    ) &&
    goesOn(metric, left.last.momentum, right.last.momentum, sumOf(right.momentumSum, left.last.momentum));
  return { first: left.first, last: right.last, proposal, logWeight, momentumSum, isComplete };
}

/** Whether a trajectory with these end momenta and this sum of momenta has not turned back. */
function goesOn(metric: Metric, start: Float64Array, end: Float64Array, sum: Float64Array): boolean {
  return dot(metric.velocity(start), sum) > 0 && dot(metric.velocity(end), sum) > 0;
}

function sumOf(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, i) => x + b[i]);
}
