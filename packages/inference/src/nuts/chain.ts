// One chain of the No-U-Turn sampler: step size found, metric and step size adapted, then draws.
import type { Value } from "@phxlang/autodiff";
import { special } from "@phxlang/autodiff";
import type { Evaluating } from "../evaluating.ts";
import type { Evaluation } from "../log-density.ts";
import { randomStream } from "../random-stream.ts";
import type { RandomStream, StreamPosition } from "../random-stream.ts";
import { covarianceStep, inverseMassOf, startCovariance, windowEnds, windowStart } from "./adaptation.ts";
import type { CovarianceState } from "./adaptation.ts";
import { metricOf } from "./metric.ts";
import type { Metric, MetricKind } from "./metric.ts";
import { adaptedStepSize, averagingStep, currentStepSize, startAveraging } from "./step-size.ts";
import type { AveragingState } from "./step-size.ts";
import { energyOf, leapfrog, transition } from "./trajectory.ts";
import type { Transition } from "./trajectory.ts";

export interface NutsOptions {
  readonly warmup: number;
  readonly draws: number;
  /** Mean acceptance that the step size aims at; default 0.8. */
  readonly targetAcceptance?: number;
  /** At most 2^maximumDepth − 1 leapfrog steps a draw; default 10. */
  readonly maximumDepth?: number;
  readonly metric?: MetricKind;
}

/** What one iteration tells about itself, under the names that ArviZ has for it. */
export interface IterationStatistics {
  readonly lp: number;
  readonly acceptance_rate: number;
  readonly step_size: number;
  readonly tree_depth: number;
  readonly n_steps: number;
  /** 1 for a divergent transition, else 0. */
  readonly diverging: number;
  readonly energy: number;
}

export const statisticNames: readonly (keyof IterationStatistics)[] = [
  "lp",
  "acceptance_rate",
  "step_size",
  "tree_depth",
  "n_steps",
  "diverging",
  "energy",
];

/** A chain between two iterations: all that the next ones depend on, besides the density and the key. */
export interface ChainState {
  readonly iteration: number;
  readonly position: Float64Array;
  readonly evaluation: Evaluation;
  readonly inverseMass: Float64Array;
  readonly stepSize: number;
  readonly averaging: AveragingState;
  readonly covariance: CovarianceState;
  readonly stream: StreamPosition;
}

/** Finds the first step size of a chain that begins at a point of finite density. */
export function* beginChain(
  position: Float64Array,
  inverseMass: Float64Array,
  key: Value,
  kind: MetricKind = "diagonal",
): Evaluating<ChainState> {
  const stream = randomStream(key);
  const evaluation = yield position;
  const metric = metricOf(inverseMass, position.length);
  const stepSize = yield* findStepSize(metric, position, evaluation, 1, stream);
  const averaging = startAveraging(stepSize);
  return {
    iteration: 0,
    position,
    evaluation,
    inverseMass,
    stepSize: currentStepSize(averaging),
    averaging,
    covariance: startCovariance(position.length, kind),
    stream: stream.position,
  };
}

/**
 * Goes on with a chain from a state to the end of its draws; `record` gets the state after each iteration and what the
 * iteration tells about itself. Interrupted and continued from any of these states, a chain has the same bits.
 */
export function* runChain(
  begin: ChainState,
  options: NutsOptions,
  key: Value,
  record: (state: ChainState, statistics: IterationStatistics) => void,
): Evaluating<void> {
  const { maximumDepth = 10 } = options;
  const dimension = begin.position.length;
  const stream = randomStream(key, begin.stream);
  const schedule = warmupSchedule(options);
  let state = begin;
  let metric = metricOf(state.inverseMass, dimension);
  while (state.iteration < options.warmup + options.draws) {
    const { position, evaluation, stepSize } = state;
    const next = yield* transition(metric, position, evaluation, stepSize, maximumDepth, stream);
    const statistics: IterationStatistics = {
      lp: next.evaluation.value,
      acceptance_rate: next.acceptance,
      step_size: stepSize,
      tree_depth: next.depth,
      n_steps: next.leapfrogSteps,
      diverging: next.diverged ? 1 : 0,
      energy: next.energy,
    };
    const before = state.inverseMass;
    state = yield* adapted(state, next, schedule, stream);
    if (state.inverseMass !== before) metric = metricOf(state.inverseMass, dimension);
    record(state, statistics);
  }
}

interface Schedule {
  readonly warmup: number;
  readonly target: number;
  readonly kind: MetricKind;
  readonly firstWindow: number;
  readonly ends: readonly number[];
  readonly lastEnd: number;
}

function warmupSchedule({ warmup, targetAcceptance, metric }: NutsOptions): Schedule {
  const ends = windowEnds(warmup);
  return {
    warmup,
    target: targetAcceptance ?? 0.8,
    kind: metric ?? "diagonal",
    firstWindow: windowStart(warmup),
    ends,
    lastEnd: ends[ends.length - 1] ?? 0,
  };
}

/** The state after a transition; during warm-up with what was learnt from it. */
function* adapted(
  state: ChainState,
  { position, evaluation, acceptance }: Transition,
  schedule: Schedule,
  stream: RandomStream,
): Evaluating<ChainState> {
  const iteration = state.iteration + 1;
  const moved = { ...state, iteration, position, evaluation };
  if (iteration > schedule.warmup) return { ...moved, stream: stream.position };
  let averaging = averagingStep(state.averaging, acceptance, schedule.target);
  let { covariance, inverseMass } = state;
  if (iteration > schedule.firstWindow && iteration <= schedule.lastEnd) {
    covariance = covarianceStep(covariance, position);
  }
  if (schedule.ends.includes(iteration)) {
    inverseMass = inverseMassOf(covariance);
    covariance = startCovariance(position.length, schedule.kind);
    const renewed = metricOf(inverseMass, position.length);
    const guess = currentStepSize(averaging);
    averaging = startAveraging(yield* findStepSize(renewed, position, evaluation, guess, stream));
  }
  const isLast = iteration === schedule.warmup;
  const stepSize = isLast ? adaptedStepSize(averaging) : currentStepSize(averaging);
  return { ...moved, averaging, covariance, inverseMass, stepSize, stream: stream.position };
}

/** A step size whose one-step acceptance is near 0.8, by doubling and halving (Hoffman & Gelman 2014, algorithm 4). */
function* findStepSize(
  metric: Metric,
  position: Float64Array,
  evaluation: Evaluation,
  guess: number,
  stream: RandomStream,
): Evaluating<number> {
  const target = special.log(0.8);
  let stepSize = guess;
  let direction = 0;
  for (let attempt = 0; attempt < 60; attempt++) {
    const start = { position, momentum: metric.sampleMomentum(stream), evaluation };
    const end = yield* leapfrog(metric, start, stepSize);
    const change = energyOf(start, metric) - energyOf(end, metric);
    const wanted = change > target ? 1 : -1;
    if (direction === 0) direction = wanted;
    else if (direction !== wanted) break;
    stepSize *= direction > 0 ? 2 : 0.5;
  }
  return stepSize;
}
