// Samples and sampled paths of a model.
import type { Value } from "@phxlang/autodiff";
import { NdArray, PhxError } from "@phxlang/autodiff";
import type { RewardDeclaration } from "@phxlang/graph";
import { concatenate, filled, reshape, vector } from "../array-operations.ts";
import type { SamplePath } from "../model.ts";
import { Memo } from "../memo.ts";
import { simulate, SimulationPlan } from "../primitives/simulation.ts";
import type { SimulatedFrame } from "../sampling/simulate.ts";
import { simulatePath, transitionOffsets } from "../sampling/simulate.ts";
import { PathStream } from "../sampling/threefry.ts";
import type { Evaluation } from "./evaluation.ts";
import { matrixOfForms } from "./forms-matrix.ts";
import type { ModelStructure } from "./model-structure.ts";
import { formsOf } from "./model-structure.ts";

const plans = new Memo<ModelStructure, boolean, SimulationPlan>();

/** Draws [count] of the time until it stops (reward null), or of a reward until then. */
export function sampleOf(
  evaluation: Evaluation,
  name: string,
  reward: RewardDeclaration | null,
  key: Value,
  count: number,
): Value {
  const measured = name === "time" ? null : reward;
  const { structure } = evaluation;
  const plan = plans.get(structure, measured !== null, () => {
    return new SimulationPlan(frameOf(structure), measured !== null);
  });
  const operands = chainOperands(evaluation);
  return simulate(plan, checkedKey(key), count, [
    ...operands,
    ...(measured === null ? [] : rewardOperands(evaluation, measured)),
  ]);
}

export function samplePathOf(evaluation: Evaluation, key: Value): SamplePath {
  const { graph } = evaluation.structure;
  const [times, startWeights, ...weights] = chainOperands(evaluation).map((operand) => {
    if (operand instanceof NdArray) return operand.elements;
    throw new PhxError({
      code: "PHX984",
      what: "samplePath of traced values",
      why: "a path has as many states as it happens to visit: it is no array",
      fix: "call samplePath outside of transforms; sample works within them",
    });
  });
  const words = checkedKey(key);
  if (!(words instanceof NdArray)) throw new PhxError({ code: "PHX984", what: "samplePath of a traced key" });
  const stream = new PathStream(words.elements[0], words.elements[1]);
  stream.begin(0);
  const path = { times: [] as number[], states: [] as number[], events: [] as number[] };
  const end = simulatePath({ ...frameOf(evaluation.structure), times, startWeights, weights }, stream, {
    stay: () => undefined,
    move(transition, _stretch, state, time) {
      if (path.states.length > 0)
        path.events.push(transition < 0 ? -1 : graph.transitions.events[transition]);
      path.times.push(time);
      path.states.push(state);
    },
  });
  const last = path.states[path.states.length - 1];
  const graphEpoch = evaluation.structure.epochs[end.stretch].graphEpoch;
  return {
    times: Float64Array.from(path.times),
    states: Int32Array.from(path.states),
    events: Int32Array.from(path.events),
    cause: end.state < 0 ? -1 : graph.epochs[graphEpoch].stop[last],
    end: end.time,
  };
}

function checkedKey(key: Value): Value {
  if (key.shape.length === 1 && key.shape[0] === 2) return key;
  throw new PhxError({
    code: "PHX908",
    what: `a key of shape [${key.shape.join(", ")}]`,
    why: "a key is two words: what random.key(seed) gives",
    fix: "use random.key(seed), or split one",
  });
}

function frameOf({ graph, epochs, trace }: ModelStructure): SimulatedFrame {
  const never = Uint8Array.from(trace.rowOfState, (row) =>
    trace.neverCause >= 0 && row === -1 - trace.neverCause ? 1 : 0,
  );
  return {
    kind: graph.kind,
    startStates: graph.startStates,
    stops: epochs.map(({ graphEpoch }) => graph.epochs[graphEpoch].stop),
    enters: epochs.map(({ graphEpoch }) => graph.epochs[graphEpoch].enter),
    never,
    offsets: transitionOffsets(graph),
    targets: Int32Array.from(graph.transitions.edges, (edge) => graph.targets[edge]),
  };
}

/** Times of epochs, start weights, transition weights of each epoch. */
function chainOperands(evaluation: Evaluation): Value[] {
  const { structure } = evaluation;
  const { graph } = structure;
  const times = evaluation.times().map((time) => reshape(time, [1]));
  return [
    times.length === 0 ? vector(new Float64Array(0)) : concatenate(times),
    evaluation.startWeights(),
    ...structure.epochs.map(({ graphEpoch }, e) => {
      // Asked for their checks.
      evaluation.slots(e);
      const weights = graph.transitions.weights[graphEpoch];
      return evaluation.forms(e, matrixOfForms(weights, graph.features.featureCount));
    }),
  ];
}

function rewardOperands(evaluation: Evaluation, reward: RewardDeclaration): Value[] {
  const { structure } = evaluation;
  const { graph } = structure;
  const features = graph.features.featureCount;
  const rates = structure.epochs.map(({ graphEpoch }, e) => {
    const { state } = formsOf(structure, reward, graphEpoch);
    return state === null ? filled(graph.stateCount, 0) : evaluation.forms(e, matrixOfForms(state, features));
  });
  const payments = structure.epochs.map(({ graphEpoch }, e) => {
    const { impulse } = formsOf(structure, reward, graphEpoch);
    return impulse === null
      ? filled(graph.transitions.count, 0)
      : evaluation.forms(e, matrixOfForms(impulse, features));
  });
  return [...rates, ...payments];
}
