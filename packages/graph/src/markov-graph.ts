// MarkovGraph, the explored state graph: packed states, CSR edges, and θ-dependent numbers as linear forms.
import type { Cell, TimeKind } from "./callback.ts";
import type { BoundValue } from "./description.ts";
import type { FeatureTable } from "./feature-table.ts";
import type { LinearForms } from "./linear-forms.ts";

/** Packed states by number, with look-up. */
export interface StateTable {
  readonly stateCount: number;
  readonly cells: readonly Cell[];
  /** All states in order, as bit fields: equal states of equal cells have equal words. */
  readonly packedStates: Uint32Array;
  /** Copies state `index` into `out` (length cells.length) and returns it. */
  read(index: number, out?: Int32Array): Int32Array;
  /** Number of a state, or −1. */
  find(state: Int32Array): number;
  /** As people read it: `(S = 49, I = 1)`. */
  describe(index: number): string;
}

/** What holds during one stretch of time. All epochs share the edge pattern; an absent edge has an empty row. */
export interface GraphEpoch {
  readonly name: string;
  /** The time at which it begins: a number, or the feature whose value it is. */
  readonly start: BoundValue;
  /** Row e: rate (continuous) or probability (discrete) of edge e. */
  readonly weights: LinearForms;
  /** stop[i] = −1 while state i is transient, else the index of its cause. */
  readonly stop: Int32Array;
  /** 1 for the states that are met during this epoch (others have no edges in it); null where all are. */
  readonly reached: Uint8Array | null;
  /** State that state i becomes when the epoch begins; null where nothing changes. */
  readonly enter: Int32Array | null;
}

/**
 * States are numbered in lexicographic order of their cells, whatever the order they were found in. Edges are in
 * CSR order by source and ascend by target; parallel edges of different events are merged. Stop states have no
 * edges. In discrete time, or where an impulse reward counts it, an edge may lead back to its source.
 */
export interface MarkovGraph {
  readonly kind: TimeKind;
  readonly states: StateTable;
  readonly stateCount: number;
  readonly edgeCount: number;
  /** Length stateCount + 1. */
  readonly rowOffsets: Int32Array;
  readonly targets: Int32Array;
  readonly epochs: readonly GraphEpoch[];
  readonly causes: readonly string[];
  readonly features: FeatureTable;
  /** Distinct start states, ascending; row r of `startWeights` is the probability of startStates[r]. */
  readonly startStates: Int32Array;
  readonly startWeights: LinearForms;
  /** Whether exploration kept transitions by event. */
  readonly hasTransitions: boolean;
  /** Transitions by event, for impulse rewards. An internal error where exploration was told not to keep them. */
  readonly transitions: Transitions;
  readonly events: readonly string[];
  /** How many transitions were found of each event. */
  readonly eventCounts: Int32Array;
}

/**
 * The distinct pairs (edge, event), ascending by edge, then event; row t of `weights` is the rate of transition t
 * alone. Events of one edge that fire in different epochs are one transition.
 */
export interface Transitions {
  readonly count: number;
  /** Edge of transition t. */
  readonly edges: Int32Array;
  readonly events: Int32Array;
  readonly sources: Int32Array;
  /** Per epoch. */
  readonly weights: readonly LinearForms[];
}
