// The GraphCallback protocol: what exploration asks of a model, whether it came from a file or from code.
import type { BoundValue } from "./description.ts";
import type { FeatureTable } from "./feature-table.ts";

export type TimeKind = "continuous" | "discrete";

/**
 * One integer cell of the state vector. Enum and yes/no cells are integers with labels. A range of all 32-bit integers
 * says that none was declared: the states of the graph then have the range that was found.
 */
export interface Cell {
  /** As the user wrote it, with indices: `b[1]`. */
  readonly name: string;
  readonly lower: number;
  readonly upper: number;
  /** Labels of lower, lower + 1, …: enum values, or `false` and `true`. */
  readonly labels?: readonly string[];
}

/** Receives what the callback finds. The arrays handed over are read at once and may be reused by the caller. */
export interface TransitionSink {
  /**
   * One transition of event `event` to `target`, at rate (or with probability)
   * sum of coefficients[j] * φ[features[j]] over j < termCount. A call with termCount 0 makes no edge.
   */
  edge(
    event: number,
    target: Int32Array,
    termCount: number,
    features: Int32Array,
    coefficients: Float64Array,
  ): void;
}

/** Receives the initial distribution. */
export interface StartSink {
  start(state: Int32Array, termCount: number, features: Int32Array, coefficients: Float64Array): void;
}

/**
 * States side by side, one a lane: cell c of the state in lane i is cells[c * width + i]. Columns, so that one
 * operation runs over many states before the next one begins.
 */
export interface StateColumns {
  readonly width: number;
  /** Lanes [0, count) hold states. */
  readonly count: number;
  readonly cells: Float64Array;
}

/**
 * One change from each of the states in lanes[0], …, lanes[count − 1], all of the same cells: state i becomes what it
 * was with deltas[k * width + i] added to cells[k], for every k < cellCount, and stays in its ranges. As a transition it is one of
 * event `event`; its rate is coefficients[i] * φ[feature], or where feature is −1 what `terms` has for lane i.
 */
export interface Moves {
  readonly event: number;
  readonly lanes: Int32Array;
  readonly count: number;
  readonly cells: Int32Array;
  readonly cellCount: number;
  readonly deltas: Int32Array;
  readonly feature: number;
  readonly coefficients: Float64Array;
  readonly terms: LaneTermLists;
}

/** Terms by lane: lane i has features[i * capacity + j] and coefficients[i * capacity + j] for j < counts[i]. */
export interface LaneTermLists {
  readonly capacity: number;
  readonly counts: Int32Array;
  readonly features: Int32Array;
  readonly coefficients: Float64Array;
}

/** Receives moves, in any order. What is handed over is read at once and may be reused. */
export interface MoveSink {
  move(moves: Moves): void;
}

/** What every model tells exploration. Epochs (stretches of time with their own rates) are numbered from 0. */
interface CallbackHead {
  readonly kind: TimeKind;
  readonly cells: readonly Cell[];
  /** Distinct feature expressions; it may grow until exploration ends. */
  readonly features: FeatureTable;
  readonly events: readonly string[];
  /** Names of competing stop causes; one unnamed cause is `[""]`. */
  readonly causes: readonly string[];
  /**
   * True where a stop is declared: then states without transitions are not stop states.
   * False: every state without transitions stops with cause 0.
   */
  readonly declaresStop: boolean;
  /** A model without epochs has one. */
  readonly epochs: readonly EpochDeclaration[];
  start(sink: StartSink): void;
}

/**
 * A model that is asked state by state. Every method is a function of its arguments alone and never of parameter
 * values.
 */
export interface StateCallback extends CallbackHead {
  /** All transitions of a state that does not stop. Throws PhxError (7xx) with the state as witness. */
  transitions(state: Int32Array, epoch: number, sink: TransitionSink): void;
  /** −1 if the state does not stop in this epoch, else the index of its cause. Two causes at once: PHX410. */
  stopCause(state: Int32Array, epoch: number): number;
  /** Replaces the state by what it becomes when the epoch begins; epoch 0 changes nothing. */
  enter(state: Int32Array, epoch: number): void;
}

/**
 * A model whose transitions are declared as rules: it is asked for many states at once, and otherwise says the same.
 * `width` is the width of all columns that it is given, 1 or more.
 */
export interface RuleCallback extends CallbackHead {
  readonly width: number;
  /** Writes causes[i], as `stopCause`, for every lane. */
  stopCauses(states: StateColumns, epoch: number, causes: Int32Array): void;
  /** All transitions of the states in some lanes; the lanes may be reordered. */
  moves(states: StateColumns, lanes: Int32Array, epoch: number, sink: MoveSink): void;
  /** What the states in all lanes become when the epoch begins: one move for each lane, with no rate. */
  entries(states: StateColumns, epoch: number, sink: MoveSink): void;
}

/** The kind is decided by how the model is made, never by how exploring it goes. */
export type GraphCallback = StateCallback | RuleCallback;

export function hasRules(callback: GraphCallback): callback is RuleCallback {
  return "width" in callback;
}

export interface EpochDeclaration {
  readonly name: string;
  /** The time at which the epoch begins: a number, or the feature whose value it is. The first begins at 0. */
  readonly start: BoundValue;
}
