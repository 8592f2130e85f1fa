// One chain of the No-U-Turn sampler: step size found, metric and step size adapted, then draws.
import type { LogDensity } from "../log-density.ts";
import type { RandomStream } from "../random-stream.ts";
import { CovarianceEstimate, windowEnds, windowStart } from "./adaptation.ts";
import { diagonalMetric } from "./metric.ts";
import type { Metric } from "./metric.ts";
import { DualAveraging } from "./step-size.ts";
import { energyOf, leapfrog, transition } from "./trajectory.ts";

export interface NutsOptions {
  readonly warmup: number;
  readonly draws: number;
  /** Mean acceptance that the step size aims at; default 0.8. */
  readonly targetAcceptance?: number;
  /** At most 2^maximumDepth − 1 leapfrog steps a draw; default 10. */
  readonly maximumDepth?: number;
  readonly metric?: "diagonal" | "dense";
  /** Diagonal of the inverse mass matrix to begin with: squared scales of the coordinates. Default: all 1. */
  readonly initialInverseMass?: Float64Array;
}

/** What one iteration tells about itself. */
export interface DrawStatistics {
  readonly acceptance: number;
  readonly stepSize: number;
  readonly depth: number;
  readonly leapfrogSteps: number;
  readonly diverged: boolean;
  readonly energy: number;
}

export interface ChainProgress {
  readonly iteration: number;
  readonly total: number;
  readonly isWarmup: boolean;
  readonly position: Float64Array;
  readonly logDensity: number;
  readonly statistics: DrawStatistics;
}

/**
 * Runs a chain from a point of finite density and yields after each iteration, warm-up included. Where the stream
 * and the density are pure, so is the chain.
 */
export function* sampleChain(
  density: LogDensity,
  start: Float64Array,
  options: NutsOptions,
  stream: RandomStream,
): Generator<ChainProgress, void, void> {
  const { warmup, draws, targetAcceptance = 0.8, maximumDepth = 10, metric: kind = "diagonal" } = options;
  let metric: Metric = diagonalMetric(
    options.initialInverseMass ?? new Float64Array(density.dimension).fill(1),
  );
  let position = start;
  let evaluation = density.evaluate(start);
  const averaging = new DualAveraging(findStepSize(density, metric, position, 1, stream), targetAcceptance);
  const estimate = new CovarianceEstimate(density.dimension, kind);
  const firstWindow = windowStart(warmup);
  const ends = windowEnds(warmup);
  const lastWindowEnd = ends[ends.length - 1] ?? 0;
  const total = warmup + draws;
  let stepSize = averaging.stepSize;
  for (let iteration = 0; iteration < total; iteration++) {
    const isWarmup = iteration < warmup;
    const next = transition(density, metric, position, evaluation, stepSize, maximumDepth, stream);
    ({ position, evaluation } = next);
    const statistics: DrawStatistics = {
      acceptance: next.acceptance,
      stepSize,
      depth: next.depth,
      leapfrogSteps: next.leapfrogSteps,
      diverged: next.diverged,
      energy: next.energy,
    };
    if (isWarmup) {
      averaging.update(next.acceptance);
      stepSize = averaging.stepSize;
      if (iteration >= firstWindow && iteration < lastWindowEnd) estimate.add(position);
      if (ends.includes(iteration + 1)) {
        metric = estimate.takeMetric();
        averaging.restart(findStepSize(density, metric, position, stepSize, stream));
        stepSize = averaging.stepSize;
      }
      if (iteration + 1 === warmup) stepSize = averaging.adapted;
    }
    yield { iteration, total, isWarmup, position, logDensity: evaluation.value, statistics };
  }
}

/** A step size whose one-step acceptance is near 0.8, by doubling and halving (Hoffman & Gelman 2014, algorithm 4). */
function findStepSize(
  density: LogDensity,
  metric: Metric,
  position: Float64Array,
  guess: number,
  stream: RandomStream,
): number {
  const target = Math.log(0.8);
  const evaluation = density.evaluate(position);
  let stepSize = guess;
  let direction = 0;
  for (let attempt = 0; attempt < 60; attempt++) {
    const start = { position, momentum: metric.sampleMomentum(stream), evaluation };
    const end = leapfrog(density, metric, start, stepSize);
    const change = energyOf(start, metric) - energyOf(end, metric);
    const wanted = change > target ? 1 : -1;
    if (direction === 0) direction = wanted;
    else if (direction !== wanted) break;
    stepSize *= 2 ** direction;
  }
  return stepSize;
}
