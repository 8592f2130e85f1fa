// TransitionLog, the sink of exploration: transitions as they are found, one after the other.
import type { StartSink, TransitionSink } from "./callback.ts";
import { negativeWeight, notFiniteWeight, outOfBounds, tooManyStates } from "./exploration-errors.ts";
import { ChunkedFloat64List, ChunkedInt32List } from "./growing-list.ts";
import type { PackedStates } from "./packed-states.ts";

/**
 * Transition t leads to state targets.at(t) by event events.at(t) (−1 for a start) with terms
 * [termStart(t), termStart(t + 1)). The transitions of one expanded state are contiguous; their source is known to
 * the caller, who notes where they begin.
 */
export class TransitionLog implements TransitionSink, StartSink {
  readonly targets: ChunkedInt32List = new ChunkedInt32List();
  readonly events: ChunkedInt32List = new ChunkedInt32List();
  readonly features: ChunkedInt32List = new ChunkedInt32List();
  readonly coefficients: ChunkedFloat64List = new ChunkedFloat64List();
  /** Transitions of each event; events that had none may be missing. */
  readonly eventCounts: number[] = [];
  /** State being expanded, for messages. */
  source = -1;
  /** Null while every transition has one term, which is the common case and needs no list. */
  private termStarts: ChunkedInt32List | null = null;
  private readonly states: PackedStates;
  private readonly eventNames: readonly string[];
  private readonly maxStates: number;

  constructor(states: PackedStates, eventNames: readonly string[], maxStates: number) {
    this.states = states;
    this.eventNames = eventNames;
    this.maxStates = maxStates;
  }

  get length(): number {
    return this.targets.length;
  }

  start(state: Int32Array, termCount: number, features: Int32Array, coefficients: Float64Array): void {
    this.append(-1, state, termCount, features, coefficients);
  }

  edge(
    event: number,
    target: Int32Array,
    termCount: number,
    features: Int32Array,
    coefficients: Float64Array,
  ): void {
    if (!this.append(event, target, termCount, features, coefficients)) return;
    while (this.eventCounts.length <= event) this.eventCounts.push(0);
    this.eventCounts[event]++;
  }

  /** First term of transition t; t = length gives the number of terms. */
  termStart(t: number): number {
    if (this.termStarts === null) return t;
    return t < this.termStarts.length ? this.termStarts.at(t) : this.features.length;
  }

  /** Number of a state that was reached; refuses states out of bounds and more states than allowed. */
  stateNumber(event: number, state: Int32Array): number {
    const { states } = this;
    const number = states.add(state);
    if (number < 0) throw outOfBounds(states, this.eventName(event), state, this.source);
    if (states.stateCount > this.maxStates) throw tooManyStates(states, this.maxStates);
    return number;
  }

  private append(
    event: number,
    target: Int32Array,
    termCount: number,
    features: Int32Array,
    coefficients: Float64Array,
  ): boolean {
    const begin = this.features.length;
    for (let j = 0; j < termCount; j++) {
      const coefficient = coefficients[j];
      if (coefficient === 0) continue;
      if (!Number.isFinite(coefficient)) {
        throw notFiniteWeight(this.states, this.eventName(event), coefficient, this.source);
      }
      if (coefficient < 0 && termCount === 1 && features[0] === 0) {
        throw negativeWeight(this.states, this.eventName(event), coefficient, this.source);
      }
      this.features.push(features[j]);
      this.coefficients.push(coefficient);
    }
    const added = this.features.length - begin;
    if (added === 0) return false;
    if (this.termStarts !== null) this.termStarts.push(begin);
    else if (added !== 1) this.beginTermStarts(begin);
    this.targets.push(this.stateNumber(event, target));
    this.events.push(event);
    return true;
  }

  private beginTermStarts(begin: number): void {
    this.termStarts = new ChunkedInt32List();
    for (let t = 0; t <= begin; t++) this.termStarts.push(t);
  }

  private eventName(event: number): string | null {
    return event < 0 ? null : this.eventNames[event];
  }
}
