// fit.svgd: the posterior by Stein variational gradient descent, in coordinates whitened by the exact Hessian.
import type { Model } from "@phxlang/runtime";
import { timesTransposedTriangle, timesTriangle } from "../matrices/cholesky.ts";
import { findMode } from "../posterior/mode.ts";
import type { Mode } from "../posterior/mode.ts";
import { randomStream } from "../random-stream.ts";
import { closestDistance, spreads, steinDiscrepancy } from "../svgd/diagnostics.ts";
import { steinDirection } from "../svgd/kernel.ts";
import type { Ensemble, KernelName } from "../svgd/kernel.ts";
import { optimizerStep, startOptimizer } from "../svgd/optimizer.ts";
import type { OptimizerName, OptimizerState } from "../svgd/optimizer.ts";
import { scheduledRate } from "../svgd/schedule.ts";
import type { ScheduleName } from "../svgd/schedule.ts";
import { checkIdentity, identityOf } from "./checkpoint.ts";
import type { Checkpoint, RunIdentity } from "./checkpoint.ts";
import type { Fit, FitProgress } from "./fit.ts";
import { makeFit, withProblems } from "./fit.ts";
import { particleWarnings } from "./particle-warnings.ts";
import { checkBetween, checkCount, identifying, prepare, thetaColumns } from "./prepare.ts";
import type { PosteriorOptions, Prepared } from "./prepare.ts";
import { finishRun, unfinished } from "./run.ts";
import type { FitRun } from "./run.ts";

export interface SvgdOptions extends PosteriorOptions {
  /** Default 100. */
  readonly particles?: number;
  /** Default 300. */
  readonly iterations?: number;
  /** First step size, in posterior standard deviations; default 0.1. */
  readonly learningRate?: number;
  /** How the step size falls; default "inverse". */
  readonly schedule?: ScheduleName;
  /** Default "dimension-scaled". */
  readonly kernel?: KernelName;
  /** Default "adam". */
  readonly optimizer?: OptimizerName;
  /**
   * Share of the iterations during which the density grows from flat to itself, for posteriors of several modes: the
   * repulsion then spreads the particles before they settle. Default 0.
   */
  readonly annealing?: number;
  /** Goes on from a checkpoint of a run with the same model, data and options. */
  readonly resume?: Checkpoint;
  readonly onProgress?: (progress: FitProgress) => void;
}

export interface SvgdFit extends Fit {
  readonly method: "svgd";
  /** Per coordinate of whitened space: sd of the particles over that of the Laplace approximation. */
  readonly spreadRatios: Float64Array;
  /** Kernel Stein discrepancy in whitened space: small against 1 / √P where the particles have settled. */
  readonly steinDiscrepancy: number;
  /** Distance of the closest two particles, in posterior standard deviations. */
  readonly closestDistance: number;
}

/** Runs all iterations: `startSvgd` without pauses. */
export function fitSvgd(model: Model, options: SvgdOptions): SvgdFit {
  return finishRun(startSvgd(model, options), options.onProgress);
}

/**
 * Particles start from the Laplace approximation and move along the Stein direction (Liu & Wang 2016). Sums run over
 * particles in their order, so the same key gives the same bits on every machine and device.
 */
export function startSvgd(model: Model, options: SvgdOptions): FitRun<SvgdFit> {
  const settings: Settings = {
    particles: options.particles ?? 100,
    iterations: options.iterations ?? 300,
    learningRate: options.learningRate ?? 0.1,
    schedule: options.schedule ?? "inverse",
    kernel: options.kernel ?? "dimension-scaled",
    optimizer: options.optimizer ?? "adam",
    annealing: options.annealing ?? 0,
  };
  checkCount("particles", settings.particles, 2);
  checkCount("iterations", settings.iterations, 1);
  checkBetween("learningRate", settings.learningRate, 0, Infinity);
  checkBetween("annealing", settings.annealing, -Number.MIN_VALUE, 1);
  const prepared = prepare(model, options);
  const identity = identityOf(model, options.data, { ...settings, ...identifying(options) });
  if (options.resume !== undefined) {
    checkIdentity(options.resume, "svgd", identity);
    // The identity says that this class wrote it.
    return new SvgdRun(prepared, settings, identity, options.resume.state as SvgdState);
  }
  const mode = findMode(prepared.density, prepared.center);
  const stream = randomStream(options.key);
  const length = settings.particles * prepared.target.dimension;
  return new SvgdRun(prepared, settings, identity, {
    mode,
    iteration: 0,
    positions: Float64Array.from({ length }, () => stream.normal()),
    optimizer: startOptimizer(settings.optimizer, length),
  });
}

type Settings = Required<Omit<SvgdOptions, keyof PosteriorOptions | "resume" | "onProgress">>;

interface SvgdState {
  readonly mode: Mode;
  readonly iteration: number;
  /** In whitened coordinates, row-major particles × dimension. */
  readonly positions: Float64Array;
  readonly optimizer: OptimizerState;
}

class SvgdRun implements FitRun<SvgdFit> {
  readonly #prepared: Prepared;
  readonly #settings: Settings;
  readonly #identity: RunIdentity;
  #state: SvgdState;

  constructor(prepared: Prepared, settings: Settings, identity: RunIdentity, state: SvgdState) {
    this.#prepared = prepared;
    this.#settings = settings;
    this.#identity = identity;
    this.#state = state;
  }

  step(): FitProgress | null {
    const { iterations, learningRate, schedule, kernel, annealing } = this.#settings;
    const { iteration, positions, optimizer } = this.#state;
    if (iteration === iterations) return null;
    const heat = annealing === 0 ? 1 : Math.min(1, (iteration + 1) / (annealing * iterations));
    const { gradients } = this.#evaluate();
    const direction = steinDirection(
      kernel,
      this.#ensemble,
      heat === 1 ? gradients : gradients.map((g) => heat * g),
    );
    const rate = scheduledRate(schedule, learningRate, iteration, iterations);
    const next = optimizerStep(optimizer, direction, rate);
    this.#state = {
      ...this.#state,
      iteration: iteration + 1,
      positions: positions.map((x, i) => x + next.step[i]),
      optimizer: next.state,
    };
    const length = Math.sqrt(direction.reduce((sum, d) => sum + d * d, 0) / direction.length);
    return { done: iteration + 1, total: iterations, stage: "iteration", facts: { drift: length } };
  }

  checkpoint(): Checkpoint {
    return { method: "svgd", identity: this.#identity, state: this.#state };
  }

  result(): SvgdFit {
    if (this.#state.iteration < this.#settings.iterations) throw unfinished();
    const { target, density } = this.#prepared;
    const { values, gradients } = this.#evaluate();
    const chain = {
      warmup: 0,
      parameters: thetaColumns(target, this.#points()),
      statistics: { lp: values },
    };
    const fit = {
      ...makeFit("svgd", target.model, [chain], density.refusals),
      spreadRatios: spreads(this.#ensemble),
      steinDiscrepancy: steinDiscrepancy(this.#ensemble, gradients),
      closestDistance: closestDistance(this.#ensemble),
    };
    return withProblems(fit, particleWarnings(fit, this.#settings.particles));
  }

  get #ensemble(): Ensemble {
    const { particles: count } = this.#settings;
    const { dimension } = this.#prepared.target;
    return { count, dimension, positions: this.#state.positions };
  }

  /** The particles on unconstrained space. */
  #points(): Float64Array[] {
    const { dimension } = this.#prepared.target;
    const { mode, positions } = this.#state;
    return Array.from({ length: this.#settings.particles }, (_, i) => {
      const moved = timesTriangle(mode.scale, positions.subarray(i * dimension, (i + 1) * dimension));
      return mode.point.map((x, k) => x + moved[k]);
    });
  }

  /** Log densities, and gradients in whitened coordinates: Lᵀ ∇ for each particle; 0 where the model refuses it. */
  #evaluate(): { readonly values: Float64Array; readonly gradients: Float64Array } {
    const { dimension } = this.#prepared.target;
    const evaluations = this.#prepared.density.evaluateAll(this.#points());
    const gradients = new Float64Array(evaluations.length * dimension);
    evaluations.forEach(({ gradient }, i) => {
      gradients.set(timesTransposedTriangle(this.#state.mode.scale, gradient), i * dimension);
    });
    return { values: Float64Array.from(evaluations, ({ value }) => value), gradients };
  }
}
