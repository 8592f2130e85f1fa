// Step rules of particle methods: per-coordinate scaling of a direction.

export type OptimizerName = "adam" | "adagrad";

/** What a step rule remembers, in the shape of the particles: enough to go on after an interruption. */
export interface OptimizerState {
  readonly name: OptimizerName;
  readonly iteration: number;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const firstDecay = 0.9;
const secondDecay = 0.999;
const floor = 1e-8;

export function startOptimizer(name: OptimizerName, length: number): OptimizerState {
  return { name, iteration: 0, first: new Float64Array(length), second: new Float64Array(length) };
}

/** The step along an ascent direction, and the state after it (Kingma & Ba 2015; Duchi et al. 2011 with decay). */
export function optimizerStep(
  state: OptimizerState,
  direction: Float64Array,
  learningRate: number,
): { readonly step: Float64Array; readonly state: OptimizerState } {
  const iteration = state.iteration + 1;
  if (state.name === "adagrad") {
    const second = state.second.map((old, i) => old + direction[i] * direction[i]);
    const step = direction.map((d, i) => (learningRate * d) / (Math.sqrt(second[i]) + floor));
    return { step, state: { ...state, iteration, second } };
  }
  const first = state.first.map((old, i) => firstDecay * old + (1 - firstDecay) * direction[i]);
  const second = state.second.map((old, i) => secondDecay * old + (1 - secondDecay) * direction[i] ** 2);
  const firstScale = 1 / (1 - firstDecay ** iteration);
  const secondScale = 1 / (1 - secondDecay ** iteration);
  const step = first.map(
    (m, i) => (learningRate * m * firstScale) / (Math.sqrt(second[i] * secondScale) + floor),
  );
  return { step, state: { ...state, iteration, first, second } };
}
