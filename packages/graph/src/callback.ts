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
 * A model as exploration sees it. Every method is a function of its arguments alone and never of parameter
 * values. Epochs (stretches of time with their own rates) are numbered from 0; a model without epochs has one.
 */
export interface GraphCallback {
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
  readonly epochs: readonly EpochDeclaration[];
  start(sink: StartSink): void;
  /** All transitions of a state that does not stop. Throws PhxError (7xx) with the state as witness. */
  transitions(state: Int32Array, epoch: number, sink: TransitionSink): void;
  /** −1 if the state does not stop in this epoch, else the index of its cause. Two causes at once: PHX410. */
  stopCause(state: Int32Array, epoch: number): number;
  /** Replaces the state by what it becomes when the epoch begins; epoch 0 changes nothing. */
  enter(state: Int32Array, epoch: number): void;
}

export interface EpochDeclaration {
  readonly name: string;
  /** The time at which the epoch begins: a number, or the feature whose value it is. The first begins at 0. */
  readonly start: BoundValue;
}
