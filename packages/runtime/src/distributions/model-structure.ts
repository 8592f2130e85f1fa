// ModelStructure: everything about a model that does not depend on θ.
import type { CsrMatrix, Program } from "@phxlang/autodiff";
import { csrMatrix } from "@phxlang/autodiff";
import type {
  EliminationTrace,
  LinearForms,
  MarkovGraph,
  ModelDescription,
  RewardDeclaration,
} from "@phxlang/graph";
import type { ValueCheck } from "../primitives/checked.ts";
import type { EpochStructure } from "./epoch-structure.ts";
import { absent, epochFromGraph, epochFromTrace } from "./epoch-structure.ts";
import { matrixOfForms, sumOfForms } from "./forms-matrix.ts";
import { graphIdentity, startCheck } from "./value-checks.ts";

export interface ModelStructure {
  readonly description: ModelDescription;
  readonly graph: MarkovGraph;
  /** Of the last epoch. */
  readonly trace: EliminationTrace;
  readonly epochs: readonly EpochStructure[];
  /** entries[e]: from rows and causes of epoch e to those of epoch e + 1. */
  readonly entries: readonly CsrMatrix[];
  /** φ → start weights [starts], in the order of graph.startStates. */
  readonly startWeights: CsrMatrix;
  readonly startCheck: ValueCheck;
  /** Start weights [starts] → rows and causes of the first epoch. */
  readonly startPlaces: CsrMatrix;
  readonly features: Program;
  /** Forms of each reward, by graph epoch. */
  readonly rewardForms: ReadonlyMap<RewardDeclaration, readonly RewardForms[]>;
}

export interface RewardForms {
  /** Row per graph state; null for a reward that pays at transitions only. */
  readonly state: LinearForms | null;
  /** Row per transition; null for a reward that none pays. */
  readonly impulse: LinearForms | null;
}

export function buildStructure(
  description: ModelDescription,
  graph: MarkovGraph,
  trace: EliminationTrace,
): ModelStructure {
  // Rewards may add features: all of them must be known before features are lowered.
  const rewardForms = new Map(
    description.rewards.map((reward) => [
      reward,
      graph.epochs.map((_, epoch): RewardForms => ({
        state: reward.stateForms(graph, epoch),
        impulse: reward.impulseForms(graph, epoch),
      })),
    ]),
  );
  return {
    description,
    graph,
    startWeights: matrixOfForms(graph.startWeights, graph.features.featureCount),
    startCheck: startCheck(graph, graphIdentity(graph)),
    features: graph.features.toProgram(),
    rewardForms,
    ...layOut(graph, trace),
  };
}

/** The same model with other rows in the last epoch. */
export function withTrace(structure: ModelStructure, trace: EliminationTrace): ModelStructure {
  return { ...structure, ...layOut(structure.graph, trace) };
}

function layOut(
  graph: MarkovGraph,
  trace: EliminationTrace,
): Pick<ModelStructure, "trace" | "epochs" | "entries" | "startPlaces"> {
  const last = graph.epochs.length - 1;
  const epochs = graph.epochs.map((_, e) =>
    e === last ? epochFromTrace(graph, trace) : epochFromGraph(graph, e),
  );
  return {
    trace,
    epochs,
    entries: epochs.slice(1).map((next, e) => entryMatrix(graph, epochs[e], next)),
    startPlaces: placesMatrix(
      Array.from(graph.startStates, (state) => placeOf(epochs[0], epochs[0].rowOfState[state])),
      epochs[0],
    ),
  };
}

/** Index among rows and causes of a row number or −1 − cause. */
function placeOf({ pattern }: EpochStructure, row: number): number {
  return row >= 0 ? row : pattern.rowCount - 1 - row;
}

/** Where mass goes when the next epoch begins. */
function entryMatrix(graph: MarkovGraph, from: EpochStructure, to: EpochStructure): CsrMatrix {
  const { enter } = graph.epochs[to.graphEpoch];
  const places: number[] = [];
  for (const state of from.stateOfRow) {
    places.push(placeOf(to, to.rowOfState[enter === null ? state : enter[state]]));
  }
  for (let cause = 0; cause < from.pattern.causeCount; cause++) places.push(placeOf(to, -1 - cause));
  return placesMatrix(places, to);
}

/** The matrix that moves entry i of a vector to places[i] of a vector over rows and causes. */
export function placesMatrix(places: readonly number[], { pattern }: EpochStructure): CsrMatrix {
  const rowCount = pattern.rowCount + pattern.causeCount;
  const identity = {
    rowCount: places.length,
    offsets: Int32Array.from({ length: places.length + 1 }, (_, i) => i),
    features: Int32Array.from(places, (_, i) => i),
    coefficients: new Float64Array(places.length).fill(1),
  };
  const rowOffsets = new Int32Array(rowCount + 1);
  const valid = places.map((place) => (place >= 0 && place < rowCount ? place : absent));
  for (const place of valid) if (place >= 0) rowOffsets[place + 1] += 1;
  for (let r = 0; r < rowCount; r++) rowOffsets[r + 1] += rowOffsets[r];
  const next = rowOffsets.slice();
  const groups = new Int32Array(rowOffsets[rowCount]);
  for (const [i, place] of valid.entries()) if (place >= 0) groups[next[place]++] = i;
  return sumOfForms(identity, rowOffsets, groups, places.length);
}

/** The identity over rows and causes of an epoch. */
export function sameRows({ pattern }: EpochStructure): CsrMatrix {
  const size = pattern.rowCount + pattern.causeCount;
  const numbers = Int32Array.from({ length: size + 1 }, (_, i) => i);
  return csrMatrix({
    rowOffsets: numbers,
    columns: numbers.slice(0, size),
    columnCount: size,
    coefficients: new Float64Array(size).fill(1),
  });
}

/** Forms of a reward during a graph epoch; null for the built-in reward `time`. */
export function formsOf(
  structure: ModelStructure,
  reward: RewardDeclaration,
  graphEpoch: number,
): RewardForms {
  return structure.rewardForms.get(reward)?.[graphEpoch] ?? { state: null, impulse: null };
}
