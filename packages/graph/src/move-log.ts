// MoveLog: the moves of one block of states, put into the log of transitions state by state.
import type { MoveSink, Moves } from "./callback.ts";
import { Float64List, Int32List } from "./growing-list.ts";
import type { PackedStates } from "./packed-states.ts";
import type { StateBlock } from "./state-block.ts";
import type { TransitionLog } from "./transition-log.ts";

/**
 * Moves come event by event; entry e is one of lane lanes[e] to state targets[e]. `flush` sorts them by lane, each
 * lane's in the order they came.
 */
export class MoveLog implements MoveSink {
  private readonly states: PackedStates;
  private readonly log: TransitionLog;
  private readonly block: StateBlock;
  private readonly lanes = new Int32List(1024);
  private readonly targets = new Int32List(1024);
  private readonly events = new Int32List(1024);
  private readonly features = new Int32List(1024);
  private readonly coefficients = new Float64List(1024);
  private readonly columns = [this.lanes, this.targets, this.events, this.features, this.coefficients];
  /** Where the entries of each lane end. */
  private readonly ends: Int32Array;
  private order = new Int32Array(1024);
  private readonly found: Int32Array;

  constructor(states: PackedStates, log: TransitionLog, block: StateBlock) {
    this.states = states;
    this.log = log;
    this.block = block;
    this.ends = new Int32Array(block.width);
    this.found = new Int32Array(block.width);
  }

  move(moves: Moves): void {
    const { event, count, lanes, feature, coefficients, terms } = moves;
    const begin = this.lanes.length;
    for (const list of this.columns) list.reserve(begin + count);
    const { block, log, found } = this;
    this.states.addMoved(block, moves, found);
    log.checkCount();
    const allLanes = this.lanes.items;
    const allTargets = this.targets.items;
    const allEvents = this.events.items;
    const allFeatures = this.features.items;
    const allCoefficients = this.coefficients.items;
    let end = begin;
    for (let k = 0; k < count; k++) {
      const lane = lanes[k];
      allLanes[end] = lane;
      allTargets[end] = found[k];
      allEvents[end] = event;
      allFeatures[end] = feature;
      allCoefficients[end] = coefficients[lane];
      end++;
    }
    if (feature < 0) {
      end = begin;
      for (let k = 0; k < count; k++) {
        const lane = lanes[k];
        log.source = block.numbers[lane];
        const from = lane * terms.capacity;
        if (!log.weigh(event, terms.features, terms.coefficients, from, from + terms.counts[lane])) continue;
        allLanes[end] = lane;
        allTargets[end] = found[k];
        allFeatures[end] = log.feature;
        allCoefficients[end] = log.coefficient;
        end++;
      }
    }
    for (const list of this.columns) list.length = end;
    log.count(event, end - begin);
  }

  /** Logs all entries and forgets them; offsets[lane] are where those of each lane begin. */
  flush(offsets: Int32List): void {
    const { block, log, ends } = this;
    const count = this.lanes.length;
    if (this.order.length < count) this.order = new Int32Array(this.lanes.items.length);
    const lanes = this.lanes.items;
    const { order } = this;
    ends.fill(0);
    for (let e = 0; e < count; e++) ends[lanes[e]]++;
    let sum = 0;
    for (let lane = 0; lane < block.count; lane++) {
      offsets.push(log.length + sum);
      const inLane = ends[lane];
      ends[lane] = sum;
      sum += inLane;
    }
    for (let e = 0; e < count; e++) order[ends[lanes[e]]++] = e;
    log.appendAll(
      order,
      count,
      this.targets.items,
      this.events.items,
      this.features.items,
      this.coefficients.items,
    );
    for (const list of this.columns) list.length = 0;
  }
}
