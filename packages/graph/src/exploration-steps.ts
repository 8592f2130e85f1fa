// ExplorationSteps: how exploration asks a callback about some states, one after the other or all at once.
import { hasRules } from "./callback.ts";
import type { GraphCallback, MoveSink, Moves, RuleCallback, StateCallback } from "./callback.ts";
import type { Int32List } from "./growing-list.ts";
import { MoveLog } from "./move-log.ts";
import type { PackedStates } from "./packed-states.ts";
import { StateBlock } from "./state-block.ts";
import type { TransitionLog } from "./transition-log.ts";

/** The caller writes the numbers of some states, and reads what was found for the state at each place. */
export interface ExplorationSteps {
  readonly log: TransitionLog;
  readonly numbers: Int32Array;
  readonly causes: Int32Array;
  readonly entered: Int32Array;
  /** Logs the transitions of the first `count` states, where each begins in `offsets`, and their causes. */
  expand(count: number, epoch: number, offsets: Int32List): void;
  /** Finds what the first `count` states become when the epoch begins. */
  enter(count: number, epoch: number): void;
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
    const { callback, states, log, state } = this;
    for (let k = 0; k < count; k++) {
      offsets.push(log.length);
      states.read(this.numbers[k], state);
      this.causes[k] = callback.stopCause(state, epoch);
      if (this.causes[k] >= 0) continue;
      log.source = this.numbers[k];
      callback.transitions(state, epoch, log);
    }
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
}

class RuleSteps implements ExplorationSteps {
  readonly log: TransitionLog;
  readonly numbers: Int32Array;
  readonly causes: Int32Array;
  readonly entered: Int32Array;
  private readonly callback: RuleCallback;
  private readonly block: StateBlock;
  private readonly moves: MoveLog;
  private readonly entries: MoveSink;
  private readonly lanes: Int32Array;

  constructor(callback: RuleCallback, states: PackedStates, log: TransitionLog) {
    const { width } = callback;
    this.callback = callback;
    this.log = log;
    this.numbers = new Int32Array(width);
    this.causes = new Int32Array(width);
    this.entered = new Int32Array(width);
    this.lanes = new Int32Array(width);
    this.block = new StateBlock(states, width);
    this.moves = new MoveLog(states, log, this.block);
    const found = new Int32Array(width);
    this.entries = {
      move: (moves: Moves): void => {
        states.addMoved(this.block, moves, found);
        log.checkCount();
        for (let k = 0; k < moves.count; k++) this.entered[moves.lanes[k]] = found[k];
      },
    };
  }

  expand(count: number, epoch: number, offsets: Int32List): void {
    const { block, causes, lanes } = this;
    block.load(this.numbers, count);
    this.callback.stopCauses(block, epoch, causes);
    let open = 0;
    for (let lane = 0; lane < count; lane++) if (causes[lane] < 0) lanes[open++] = lane;
    if (open > 0) this.callback.moves(block, lanes.subarray(0, open), epoch, this.moves);
    this.moves.flush(offsets);
  }

  enter(count: number, epoch: number): void {
    if (count === 0) return;
    this.block.load(this.numbers, count);
    this.callback.entries(this.block, epoch, this.entries);
  }
}
