// ExplorationSteps: how exploration asks a callback about some states, one after the other or all at once.
import { hasRules } from "./callback.ts";
import type { GraphCallback, MoveSink, Moves, RuleCallback, StateCallback } from "./callback.ts";
import type { EpochExploration } from "./epoch-exploration.ts";
import { Int32List } from "./growing-list.ts";
import { LoggedRows } from "./logged-rows.ts";
import type { PackedStates } from "./packed-states.ts";
import { RuleRows } from "./rule-rows.ts";
import type { RowSource } from "./sorted-rows.ts";
import { StateBlock } from "./state-block.ts";
import type { TransitionLog } from "./transition-log.ts";

/** The caller writes the numbers of some states, and reads what was found for the state at each place. */
export interface ExplorationSteps {
  /** Has the start, and for states that are asked one by one all transitions. */
  readonly log: TransitionLog;
  readonly numbers: Int32Array;
  readonly causes: Int32Array;
  readonly entered: Int32Array;
  /** Where the transitions of the last states expanded lead to; not noted in the first epoch. */
  readonly targets: Int32List;
  /** So many so far, with the start. */
  readonly transitionCount: number;
  /** Expands the first `count` states; notes in `offsets` how many transitions were found before each of them. */
  expand(count: number, epoch: number, offsets: Int32List): void;
  /** Finds what the first `count` states become when the epoch begins. */
  enter(count: number, epoch: number): void;
  /**
   * The rows of the graph, once all states are known: `states` are the same ones in canonical order, rank[found] is
   * the new number of a state; per epoch, `stops` and `reached` are as in GraphEpoch.
   */
  rows(
    states: PackedStates,
    rank: Int32Array,
    startCount: number,
    explorations: readonly EpochExploration[],
    stops: readonly Int32Array[],
    reached: readonly (Uint8Array | null)[],
  ): RowSource;
}

export function explorationSteps(
  callback: GraphCallback,
  states: PackedStates,
  log: TransitionLog,
): ExplorationSteps {
  return hasRules(callback) ? new RuleSteps(callback, states, log) : new StateSteps(callback, states, log);
}

const statesAtOnce = 64;

class StateSteps implements ExplorationSteps {
  readonly log: TransitionLog;
  readonly numbers: Int32Array = new Int32Array(statesAtOnce);
  readonly causes: Int32Array = new Int32Array(statesAtOnce);
  readonly entered: Int32Array = new Int32Array(statesAtOnce);
  readonly targets: Int32List = new Int32List();
  private readonly callback: StateCallback;
  private readonly states: PackedStates;
  private readonly state: Int32Array;

  constructor(callback: StateCallback, states: PackedStates, log: TransitionLog) {
    this.callback = callback;
    this.states = states;
    this.log = log;
    this.state = new Int32Array(callback.cells.length);
  }

  expand(count: number, epoch: number, offsets: Int32List): void {
    const { callback, states, log, state, targets } = this;
    const begin = log.length;
    for (let k = 0; k < count; k++) {
      offsets.push(log.length);
      states.read(this.numbers[k], state);
      this.causes[k] = callback.stopCause(state, epoch);
      if (this.causes[k] >= 0) continue;
      log.source = this.numbers[k];
      callback.transitions(state, epoch, log);
    }
    targets.length = 0;
    if (epoch > 0) for (let t = begin; t < log.length; t++) targets.push(log.targetOf(t));
  }

  enter(count: number, epoch: number): void {
    const { callback, states, log, state } = this;
    for (let k = 0; k < count; k++) {
      states.read(this.numbers[k], state);
      callback.enter(state, epoch);
      log.source = this.numbers[k];
      this.entered[k] = log.stateNumber(-1, state);
    }
  }

  get transitionCount(): number {
    return this.log.length;
  }

  rows(
    _states: PackedStates,
    rank: Int32Array,
    startCount: number,
    explorations: readonly EpochExploration[],
  ): RowSource {
    return new LoggedRows(this.log, startCount, rank, explorations);
  }
}

/** Counts transitions and finds states; the rows of the graph are made when all states are known. */
class RuleSteps implements ExplorationSteps, MoveSink {
  readonly log: TransitionLog;
  readonly numbers: Int32Array;
  readonly causes: Int32Array;
  readonly entered: Int32Array;
  readonly targets: Int32List = new Int32List();
  transitionCount: number;
  private termCount = 0;
  private readonly callback: RuleCallback;
  private readonly states: PackedStates;
  private readonly block: StateBlock;
  private readonly entries: MoveSink;
  private readonly lanes: Int32Array;
  private readonly found: Int32Array;
  /** Transitions of the state in each lane. */
  private readonly counts: Int32Array;
  private notesTargets = false;

  constructor(callback: RuleCallback, states: PackedStates, log: TransitionLog) {
    const { width } = callback;
    this.callback = callback;
    this.states = states;
    this.log = log;
    this.transitionCount = log.length;
    this.numbers = new Int32Array(width);
    this.causes = new Int32Array(width);
    this.entered = new Int32Array(width);
    this.lanes = new Int32Array(width);
    this.found = new Int32Array(width);
    this.counts = new Int32Array(width);
    this.block = new StateBlock(states, width);
    this.entries = { move: (moves) => this.noteEntries(moves) };
  }

  expand(count: number, epoch: number, offsets: Int32List): void {
    const { block, causes, counts, lanes, targets } = this;
    block.load(this.numbers, count);
    this.callback.stopCauses(block, epoch, causes);
    let open = 0;
    for (let lane = 0; lane < count; lane++) if (causes[lane] < 0) lanes[open++] = lane;
    this.notesTargets = epoch > 0;
    targets.length = 0;
    counts.fill(0);
    if (open > 0) this.callback.moves(block, lanes.subarray(0, open), epoch, this);
    for (let lane = 0; lane < count; lane++) {
      offsets.push(this.transitionCount);
      this.transitionCount += counts[lane];
    }
  }

  move(moves: Moves): void {
    const { counts, found, log, targets } = this;
    const { count, lanes, feature, terms } = moves;
    this.states.addMoved(this.block, moves, found);
    log.checkCount();
    log.count(moves.event, count);
    for (let k = 0; k < count; k++) counts[lanes[k]]++;
    if (feature >= 0) this.termCount += count;
    else for (let k = 0; k < count; k++) this.termCount += terms.counts[lanes[k]];
    if (this.notesTargets) for (let k = 0; k < count; k++) targets.push(found[k]);
  }

  enter(count: number, epoch: number): void {
    if (count === 0) return;
    this.block.load(this.numbers, count);
    this.callback.entries(this.block, epoch, this.entries);
  }

  rows(
    states: PackedStates,
    _rank: Int32Array,
    startCount: number,
    _explorations: readonly EpochExploration[],
    stops: readonly Int32Array[],
    reached: readonly (Uint8Array | null)[],
  ): RowSource {
    const transitionCount = this.transitionCount - startCount;
    return new RuleRows(this.callback, states, stops, reached, transitionCount, this.termCount);
  }

  private noteEntries(moves: Moves): void {
    const { entered, found, log } = this;
    this.states.addMoved(this.block, moves, found);
    log.checkCount();
    for (let k = 0; k < moves.count; k++) entered[moves.lanes[k]] = found[k];
  }
}
