// Model: what a Markov model offers to its users. This file is the contract; `make-model.ts` fulfils it.
import type { DensityMethod, MethodUse } from "./densities/accuracy.ts";
import type { ArrayLike, NdArray, Value } from "@phxlang/autodiff";
import type {
  EliminationTrace,
  MarkovGraph,
  ModelDescription,
  Observations,
  ParameterDeclaration,
  RecordOptions,
  TimeKind,
} from "@phxlang/graph";

/** An array argument: plain numbers, nested as deep as the array has axes, or a concrete or traced array. */
export type ArrayArgument = ArrayLike;

/**
 * Parameter values: an array [P] in the order of `parameters`, or an object `{ name: value }` (array parameters
 * take nested arrays; parameters with a default may be left out). PHX900 wrong length, PHX901 not a number,
 * PHX902 out of bounds, PHX903 unknown name, PHX904 missing value.
 */
export type Theta = ArrayArgument | { readonly [name: string]: ArrayArgument };

/** Covariates by name. PHX905 for an unknown name. */
export type Covariates = { readonly [name: string]: ArrayArgument };

export type { DensityMethod, MethodUse } from "./densities/accuracy.ts";

export interface EvaluationOptions {
  /** Values of covariates; those not named keep the default of the model. */
  readonly with?: Covariates;
  /**
   * Largest relative error of the method in a density or probability, in (0, 1); default 1e-12. Of "krylov" by name:
   * relative to the largest value among the times. A larger one takes fewer steps of uniformization. PHX805 with the
   * numbers where no method meets it.
   */
  readonly tolerance?: number;
  /** How densities and probabilities are computed; default "auto", which chooses and says so in `explain`. */
  readonly method?: DensityMethod;
}

export interface TimeOptions extends EvaluationOptions {
  /** Only paths that stop with this cause: sub-densities and sub-probabilities. PHX906 for an unknown name. */
  readonly cause?: string;
}

/** Mass points of a distribution. */
export interface Atoms {
  /** [A], ascending, in the unit of the variable. */
  readonly locations: Value;
  /** [A] */
  readonly probabilities: Value;
}

/** A result together with how it was found. */
export interface Explained {
  readonly value: Value;
  /** The methods that were used: one, or several where each served some of the times. */
  readonly methods: readonly MethodUse[];
  /** Largest estimate of a relative error among them. */
  readonly errorEstimate: number;
}

/**
 * The distribution of a nonnegative random variable X: the time to absorption T, or an accumulated reward Y.
 * Times (values of X) are a scalar or an array of any shape; results have that shape. Every function is
 * differentiable in θ, covariates and, in continuous time, times, to any order; batches under vmap; and works
 * under jit. Functions of a `discrete` model take whole numbers of steps (PHX908 otherwise).
 * Times that are negative or not a number: PHX907.
 */
export interface Distribution {
  /** "continuous" distributions have pdf, "discrete" ones have pmf; the other of the two throws PHX909. */
  readonly kind: TimeKind;
  /** Density of the continuous part, per unit of X. */
  pdf(theta: Theta, times: ArrayArgument, options?: TimeOptions): Value;
  /** log pdf: accurate far below the range of doubles (log f = −2900); −Infinity where the density is 0. */
  logPdf(theta: Theta, times: ArrayArgument, options?: TimeOptions): Value;
  /** P(X ≤ t), atoms included; with `cause`, P(X ≤ t and that cause). */
  cdf(theta: Theta, times: ArrayArgument, options?: TimeOptions): Value;
  /** P(X > t), from its own positive sums: full relative accuracy in the right tail. */
  survival(theta: Theta, times: ArrayArgument, options?: EvaluationOptions): Value;
  logSurvival(theta: Theta, times: ArrayArgument, options?: EvaluationOptions): Value;
  /** pdf / survival; in discrete time pmf(k) / P(X ≥ k). With `cause`, the hazard of that cause. */
  hazard(theta: Theta, times: ArrayArgument, options?: TimeOptions): Value;
  /** P(X = k), atom at 0 included. */
  pmf(theta: Theta, steps: ArrayArgument, options?: TimeOptions): Value;
  logPmf(theta: Theta, steps: ArrayArgument, options?: TimeOptions): Value;
  /** Smallest x with P(X ≤ x) ≥ p, for p in [0, 1]; shape of p. Infinity where p exceeds P(X < ∞). */
  quantile(theta: Theta, p: ArrayArgument, options?: EvaluationOptions): Value;
  /** Independent draws, f64 [count]; a function of the key and the index of the draw alone. Not differentiable. */
  sample(key: Value, theta: Theta, count: number, options?: EvaluationOptions): Value;
  mean(theta: Theta, options?: EvaluationOptions): Value;
  variance(theta: Theta, options?: EvaluationOptions): Value;
  std(theta: Theta, options?: EvaluationOptions): Value;
  /** E[X^order] for a whole number order ≥ 0; Infinity where X is infinite with positive probability. */
  moment(theta: Theta, order: number, options?: EvaluationOptions): Value;
  /** [count]: E[X], E[X²], …, E[X^count]. */
  moments(theta: Theta, count: number, options?: EvaluationOptions): Value;
  /** [count]: the first cumulants; cumulant 1 is the mean, cumulant 2 the variance. */
  cumulants(theta: Theta, count: number, options?: EvaluationOptions): Value;
  /** E[exp(−s X)] for s ≥ 0 (continuous), E[exp(−s X)] by steps (discrete); shape of s; atoms included. */
  laplace(theta: Theta, s: ArrayArgument, options?: EvaluationOptions): Value;
  /** Mass points: X = 0 where the start already stops, and beginnings of epochs that stop states. */
  atoms(theta: Theta, options?: EvaluationOptions): Atoms;
}

/** One path of the chain: state `states[k]` is entered at `times[k]`; the last one is where it stops. */
export interface SamplePath {
  readonly times: Float64Array;
  /** State numbers of the graph. */
  readonly states: Int32Array;
  /** Event that left states[k], as an index into `graph.events`, −1 for the beginning of an epoch; one fewer than states. */
  readonly events: Int32Array;
  /** Index of the cause with which the path stopped; −1 if it never does. */
  readonly cause: number;
  /** When it stopped: Infinity if it never does. An epoch may stop a path in the state where it was. */
  readonly end: number;
}

/** Matrices over the transient states, in the order of `states`. */
export interface ModelMatrices {
  /** Graph state of each row. */
  readonly states: Int32Array;
  /** [n] initial probabilities. */
  readonly alpha: Value;
  /** [n, n] sub-intensities (continuous), or transition probabilities between transient states (discrete). */
  readonly matrix: Value;
  /** [n, causes] rates (probabilities) of stopping. */
  readonly exits: Value;
}

/** One stretch of `Model.epochs`; the last one has no `until`. */
export interface EpochSetting {
  readonly until?: number;
  readonly theta: Theta;
}

/** The methods that say how a result was found. */
export interface Explanations {
  pdf(theta: Theta, times: ArrayArgument, options?: TimeOptions): Explained;
  logPdf(theta: Theta, times: ArrayArgument, options?: TimeOptions): Explained;
  cdf(theta: Theta, times: ArrayArgument, options?: TimeOptions): Explained;
  survival(theta: Theta, times: ArrayArgument, options?: EvaluationOptions): Explained;
  logSurvival(theta: Theta, times: ArrayArgument, options?: EvaluationOptions): Explained;
  hazard(theta: Theta, times: ArrayArgument, options?: TimeOptions): Explained;
  pmf(theta: Theta, steps: ArrayArgument, options?: TimeOptions): Explained;
  moments(theta: Theta, count: number, options?: EvaluationOptions): Explained;
}

/** A model: immutable and pure. As a Distribution it is that of T, the time (number of steps) until it stops. */
export interface Model extends Distribution {
  readonly name: string;
  readonly description: ModelDescription;
  readonly graph: MarkovGraph;
  /**
   * For the time to absorption, of the last epoch, in which the model stops for good; `traces` has one for each epoch.
   * Its rows are classes of states where the model was lumped.
   */
  readonly trace: EliminationTrace;
  readonly traces: readonly EliminationTrace[];
  readonly parameters: readonly ParameterDeclaration[];
  /** Length of θ. */
  readonly parameterCount: number;
  /** One name per entry of θ: `rate`, `alpha[1]`, … */
  readonly parameterNames: readonly string[];
  /** θ of the file, f64 [P]. PHX511 when asked for while a parameter has no default. */
  readonly defaults: NdArray;
  /** State descriptions, by state number. */
  readonly states: readonly string[];
  readonly causes: readonly string[];
  /** Names of the rewards; `time` is always there. */
  readonly rewards: readonly string[];
  readonly covariates: readonly string[];
  /** True where, with positive structural probability, no stop state is ever reached. */
  readonly defective: boolean;

  /** The accumulated reward Y as a distribution. PHX903 for an unknown name. */
  reward(name: string): Distribution;
  /** [R, R] for the named rewards (default: all but `time`). */
  covariance(theta: Theta, rewards?: readonly string[], options?: EvaluationOptions): Value;
  correlation(theta: Theta, rewards?: readonly string[], options?: EvaluationOptions): Value;
  /** E[Y₁ Y₂ …] of the named rewards; a name may occur more than once. */
  jointMoment(theta: Theta, rewards: readonly string[], options?: EvaluationOptions): Value;
  /** E[exp(−Σ s_j Y_j)]; s [R] in the order of the names, each ≥ 0. */
  jointLaplace(
    theta: Theta,
    rewards: readonly string[],
    s: ArrayArgument,
    options?: EvaluationOptions,
  ): Value;

  /** [...times, states]: P(X_t = i) for every state of the graph, stop states included. */
  stateProbabilities(theta: Theta, times: ArrayArgument, options?: EvaluationOptions): Value;
  /** [...times, states]: expected time (steps) spent in each state up to t; 0 for stop states. */
  occupancy(theta: Theta, times: ArrayArgument, options?: EvaluationOptions): Value;
  /** [states]: expected number of entries, the start included; 1 or less for stop states. */
  expectedVisits(theta: Theta, options?: EvaluationOptions): Value;
  /** [states]: expected total time (steps) in each state; 0 for stop states. */
  expectedTimeIn(theta: Theta, options?: EvaluationOptions): Value;
  /** [causes]: probability of stopping with each cause. */
  absorption(theta: Theta, options?: EvaluationOptions): Value;

  /** Sum over the observations of weight × log likelihood, a scalar. PHX606 with the row where it is −∞. */
  logLikelihood(
    theta: Theta,
    data: Observations | readonly Observations[],
    options?: EvaluationOptions,
  ): Value;
  /**
   * weight × log likelihood of each observation, one data set after another: of each row of stops and rewards, of each
   * subject of panel data. Their sum is `logLikelihood`.
   */
  logLikelihoods(
    theta: Theta,
    data: Observations | readonly Observations[],
    options?: EvaluationOptions,
  ): Value;
  /** Concrete only: the path of one draw. `sample(key, θ, 1)` is its end. */
  samplePath(key: Value, theta: Theta, options?: EvaluationOptions): SamplePath;

  /**
   * The same graph with parameters that change in time: a model whose θ holds one copy of the parameters for
   * each stretch (`rate@1`, `rate@2`, …) followed by the times of change (`until@1`, …), with the settings as
   * defaults. Differentiable in all of them.
   */
  epochs(settings: readonly EpochSetting[]): Model;
  toMatrices(theta: Theta, options?: EvaluationOptions): ModelMatrices;
  readonly explain: Explanations;
}

export interface ModelOptions {
  /** Allows states from which no stop state can be reached (PHX705 otherwise). */
  readonly allowDefective?: boolean;
  /** Largest number of states (PHX707 beyond); default ten million. */
  readonly maximumStates?: number;
  /** Most multiply-adds that one elimination may take (PHX950 beyond); default 2e9. */
  readonly maximumOperations?: number;
  /** Most non-zeros that the factors of one elimination may have (PHX950 beyond); default 2e8, of 12 bytes each. */
  readonly maximumNonzeros?: number;
  /**
   * Computes with classes of states that have the same future, where the result allows it (what is asked by state does
   * not): equal to rounding, and often far cheaper. Default true.
   */
  readonly lumping?: boolean;
  /** Supplies a trace, from a cache for instance; default: record it. */
  readonly traceOf?: (
    graph: MarkovGraph,
    how: RecordOptions,
    record: () => EliminationTrace,
  ) => EliminationTrace;
}
