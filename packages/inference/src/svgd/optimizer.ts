// Step rules of particle methods: per-coordinate scaling of a direction.

export type OptimizerName = "adam" | "adagrad";

/** What a step rule remembers, in the shape of the particles: enough to go on after an interruption. */
export interface OptimizerState {
  readonly name: OptimizerName;
  /** Products of the decay rates over the steps so far. */
  readonly firstDecayed: number;
  readonly secondDecayed: number;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const firstDecay = 0.9;
const secondDecay = 0.999;
const floor = 1e-8;

export function startOptimizer(name: OptimizerName, length: number): OptimizerState {
  const zeros = new Float64Array(length);
  return { name, firstDecayed: 1, secondDecayed: 1, first: zeros, second: zeros };
}

/** The step along an ascent direction, and the state after it (Adam: Kingma & Ba 2015; AdaGrad: Duchi et al. 2011). */
export function optimizerStep(
  state: OptimizerState,
  direction: Float64Array,
  learningRate: number,
): { readonly step: Float64Array; readonly state: OptimizerState } {
  if (state.name === "adagrad") {
    const second = state.second.map((old, i) => old + direction[i] * direction[i]);
    const step = direction.map((d, i) => (learningRate * d) / (Math.sqrt(second[i]) + floor));
    return { step, state: { ...state, second } };
  }
  const first = state.first.map((old, i) => firstDecay * old + (1 - firstDecay) * direction[i]);
  const second = state.second.map((old, i) => secondDecay * old + (1 - secondDecay) * direction[i] ** 2);
  const firstDecayed = firstDecay * state.firstDecayed;
  const secondDecayed = secondDecay * state.secondDecayed;
  const firstScale = 1 / (1 - firstDecayed);
  const secondScale = 1 / (1 - secondDecayed);
  const step = first.map(
    (m, i) => (learningRate * m * firstScale) / (Math.sqrt(second[i] * secondScale) + floor),
  );
  return { step, state: { ...state, first, second, firstDecayed, secondDecayed } };
}
