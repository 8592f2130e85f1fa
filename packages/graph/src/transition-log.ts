// TransitionLog, the sink of exploration: transitions as they are found, one after the other.
import type { StartSink, TransitionSink } from "./callback.ts";
import { negativeWeight, notFiniteWeight, outOfBounds, tooManyStates } from "./exploration-errors.ts";
import { Float64List, Int32List } from "./growing-list.ts";
import type { PackedStates } from "./packed-states.ts";

export const chunkBits = 13;
export const chunkSize: number = 1 << chunkBits;

/**
 * Transition t is entry t mod chunkSize of chunk ⌊t / chunkSize⌋ of four columns: no copying and no slack, for as many
 * transitions as a graph has. It leads to state `targets` by event `events` (−1 for a start). With one term, which is
 * the common case, that is `coefficients` times feature `features`; with more (or fewer), `features` is −1 − k, where
 * terms [termOffsets[k], termOffsets[k + 1]) of the overflow lists are its terms. The transitions of one expanded
 * state are contiguous; their source is known to the caller, who notes where they begin.
 */
export class TransitionLog implements TransitionSink, StartSink {
  length = 0;
  readonly targets: Int32Array[] = [];
  readonly events: Int32Array[] = [];
  readonly features: Int32Array[] = [];
  readonly coefficients: Float64Array[] = [];
  readonly termOffsets: Int32List = new Int32List();
  readonly overflowFeatures: Int32List = new Int32List();
  readonly overflowCoefficients: Float64List = new Float64List();
  /** Transitions of each event; events that had none may be missing. */
  readonly eventCounts: number[] = [];
  /** State being expanded, for messages. */
  source = -1;
  /** What `weigh` found. */
  feature = 0;
  coefficient = 0;
  private readonly states: PackedStates;
  private readonly eventNames: readonly string[];
  private readonly maxStates: number;
  /** Columns of the last chunk, and how many entries it has. */
  private chunkTargets: Int32Array = new Int32Array(0);
  private chunkEvents: Int32Array = new Int32Array(0);
  private chunkFeatures: Int32Array = new Int32Array(0);
  private chunkCoefficients: Float64Array = new Float64Array(0);
  private filled = chunkSize;

  constructor(states: PackedStates, eventNames: readonly string[], maxStates: number) {
    this.states = states;
    this.eventNames = eventNames;
    this.maxStates = maxStates;
    this.termOffsets.push(0);
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
    if (this.append(event, target, termCount, features, coefficients)) this.count(event, 1);
  }

  /** Forgets all transitions; the memory is used again. */
  clear(): void {
    this.length = 0;
    this.termOffsets.length = 1;
    this.overflowFeatures.length = 0;
    this.overflowCoefficients.length = 0;
    for (const columns of [this.targets, this.events, this.features, this.coefficients]) {
      columns.length = Math.min(columns.length, 1);
    }
    if (this.targets.length === 0) return;
    [this.chunkTargets] = this.targets;
    [this.chunkEvents] = this.events;
    [this.chunkFeatures] = this.features;
    [this.chunkCoefficients] = this.coefficients;
    this.filled = 0;
  }

  /** So many more transitions of an event. */
  count(event: number, transitions: number): void {
    while (this.eventCounts.length <= event) this.eventCounts.push(0);
    this.eventCounts[event] += transitions;
  }

  targetOf(t: number): number {
    return this.targets[t >>> chunkBits][t & (chunkSize - 1)];
  }

  eventOf(t: number): number {
    return this.events[t >>> chunkBits][t & (chunkSize - 1)];
  }

  /** The feature, or −1 − k for what overflowed. */
  featureOf(t: number): number {
    return this.features[t >>> chunkBits][t & (chunkSize - 1)];
  }

  coefficientOf(t: number): number {
    return this.coefficients[t >>> chunkBits][t & (chunkSize - 1)];
  }

  /** Number of terms of all transitions from `begin` on. */
  countTerms(begin: number): number {
    let count = this.length - begin;
    if (this.termOffsets.length === 1) return count;
    for (let t = begin; t < this.length; t++) {
      const feature = this.featureOf(t);
      if (feature < 0) count += this.termOffsets.items[-feature] - this.termOffsets.items[-1 - feature] - 1;
    }
    return count;
  }

  /** Number of a state that was reached; refuses states out of bounds and more states than allowed. */
  stateNumber(event: number, state: Int32Array): number {
    const number = this.states.add(state);
    if (number < 0) throw outOfBounds(this.states, this.eventName(event), state, this.source);
    this.checkCount();
    return number;
  }

  checkCount(): void {
    if (this.states.stateCount > this.maxStates) throw tooManyStates(this.states, this.maxStates);
  }

  /**
   * Leaves in `feature` and `coefficient` what an entry with the terms [begin, end) has; false where there is no edge:
   * no term, or zeros alone.
   */
  weigh(
    event: number,
    features: Int32Array,
    coefficients: Float64Array,
    begin: number,
    end: number,
  ): boolean {
    if (end !== begin + 1) {
      if (!this.appendOverflow(event, features, coefficients, begin, end)) return false;
      this.feature = 1 - this.termOffsets.length;
      this.coefficient = 0;
      return true;
    }
    const feature = features[begin];
    const coefficient = coefficients[begin];
    if (!(coefficient > 0 && coefficient < Infinity)) {
      if (coefficient === 0) return false;
      if (!Number.isFinite(coefficient)) throw this.notFinite(event, coefficient);
      if (feature === 0) {
        throw negativeWeight(this.states, this.eventName(event), coefficient, this.source);
      }
    }
    this.feature = feature;
    this.coefficient = coefficient;
    return true;
  }

  /** Entries order[0], …, order[count − 1] of some columns. */
  appendAll(
    order: Int32Array,
    count: number,
    targets: Int32Array,
    events: Int32Array,
    features: Int32Array,
    coefficients: Float64Array,
  ): void {
    for (let done = 0; done < count;) {
      if (this.filled === chunkSize) this.beginChunk();
      const { chunkTargets, chunkEvents, chunkFeatures, chunkCoefficients } = this;
      const end = Math.min(count, done + chunkSize - this.filled);
      let at = this.filled;
      for (let k = done; k < end; k++, at++) {
        const entry = order[k];
        chunkTargets[at] = targets[entry];
        chunkEvents[at] = events[entry];
        chunkFeatures[at] = features[entry];
        chunkCoefficients[at] = coefficients[entry];
      }
      this.filled = at;
      done = end;
    }
    this.length += count;
  }

  private append(
    event: number,
    target: Int32Array,
    termCount: number,
    features: Int32Array,
    coefficients: Float64Array,
  ): boolean {
    if (!this.weigh(event, features, coefficients, 0, termCount)) return false;
    if (this.filled === chunkSize) this.beginChunk();
    const at = this.filled;
    this.chunkTargets[at] = this.stateNumber(event, target);
    this.chunkEvents[at] = event;
    this.chunkFeatures[at] = this.feature;
    this.chunkCoefficients[at] = this.coefficient;
    this.filled = at + 1;
    this.length++;
    return true;
  }

  /** Notes the terms that are not zero; false if there are none. */
  private appendOverflow(
    event: number,
    features: Int32Array,
    coefficients: Float64Array,
    from: number,
    to: number,
  ): boolean {
    const begin = this.overflowFeatures.length;
    for (let j = from; j < to; j++) {
      const coefficient = coefficients[j];
      if (!Number.isFinite(coefficient)) throw this.notFinite(event, coefficient);
      if (coefficient === 0) continue;
      this.overflowFeatures.push(features[j]);
      this.overflowCoefficients.push(coefficient);
    }
    if (this.overflowFeatures.length === begin) return false;
    this.termOffsets.push(this.overflowFeatures.length);
    return true;
  }

  private beginChunk(): void {
    this.chunkTargets = new Int32Array(chunkSize);
    this.chunkEvents = new Int32Array(chunkSize);
    this.chunkFeatures = new Int32Array(chunkSize);
    this.chunkCoefficients = new Float64Array(chunkSize);
    this.targets.push(this.chunkTargets);
    this.events.push(this.chunkEvents);
    this.features.push(this.chunkFeatures);
    this.coefficients.push(this.chunkCoefficients);
    this.filled = 0;
  }

  private notFinite(event: number, coefficient: number): Error {
    return notFiniteWeight(this.states, this.eventName(event), coefficient, this.source);
  }

  private eventName(event: number): string | null {
    return event < 0 ? null : this.eventNames[event];
  }
}
