// RuleRows: the rows of a graph from rules, which are asked again once all states are known.
import type { RuleCallback } from "./callback.ts";
import { Int32List } from "./growing-list.ts";
import { MoveLog } from "./move-log.ts";
import type { PackedStates } from "./packed-states.ts";
import { SortedRow } from "./sorted-rows.ts";
import type { RowSource } from "./sorted-rows.ts";
import { StateBlock } from "./state-block.ts";
import { TransitionLog } from "./transition-log.ts";

/**
 * Rows of rules, which are asked again in canonical order, a block of states at a time: that is faster than to note
 * all transitions and to look them up out of order, and takes no memory.
 */
export class RuleRows implements RowSource {
  readonly row: SortedRow = new SortedRow();
  readonly log: TransitionLog;
  readonly transitionCount: number;
  readonly termCount: number;
  private readonly callback: RuleCallback;
  private readonly stops: readonly Int32Array[];
  private readonly reached: readonly (Uint8Array | null)[];
  private readonly stateCount: number;
  private readonly block: StateBlock;
  private readonly moves: MoveLog;
  private readonly numbers: Int32Array;
  private readonly lanes: Int32Array;
  /** First state of the block. */
  private first = 0;
  /** Per epoch: where in the log the transitions of each lane begin. */
  private readonly offsets: readonly Int32List[];

  /** `states` are in canonical order; per epoch, `stops` and `reached` are as in GraphEpoch. */
  constructor(
    callback: RuleCallback,
    states: PackedStates,
    stops: readonly Int32Array[],
    reached: readonly (Uint8Array | null)[],
    transitionCount: number,
    termCount: number,
  ) {
    const { width } = callback;
    this.callback = callback;
    this.stops = stops;
    this.reached = reached;
    this.stateCount = states.stateCount;
    this.transitionCount = transitionCount;
    this.termCount = termCount;
    this.log = new TransitionLog(states, callback.events, states.stateCount);
    this.block = new StateBlock(states, width);
    this.moves = new MoveLog(states, this.log, this.block);
    this.numbers = new Int32Array(width);
    this.lanes = new Int32Array(width);
    this.offsets = stops.map(() => new Int32List(width + 1));
  }

  load(state: number): void {
    const { width } = this.block;
    if (state < this.first || state >= this.first + this.block.count) {
      this.loadBlock(state - (state % width));
    }
    const lane = state - this.first;
    this.row.count = 0;
    for (let epoch = 0; epoch < this.offsets.length; epoch++) {
      const { items } = this.offsets[epoch];
      this.row.insert(this.log, null, epoch, items[lane], items[lane + 1]);
    }
    this.row.finish();
  }

  private loadBlock(first: number): void {
    const { block, lanes, log } = this;
    const count = Math.min(block.width, this.stateCount - first);
    for (let lane = 0; lane < count; lane++) this.numbers[lane] = first + lane;
    this.first = first;
    block.load(this.numbers, count);
    log.clear();
    for (let epoch = 0; epoch < this.stops.length; epoch++) {
      const stop = this.stops[epoch];
      const reached = this.reached[epoch];
      let open = 0;
      for (let lane = 0; lane < count; lane++) {
        const isReached = reached === null || reached[first + lane] === 1;
        if (isReached && stop[first + lane] < 0) lanes[open++] = lane;
      }
      const offsets = this.offsets[epoch];
      offsets.length = 0;
      if (open > 0) this.callback.moves(block, lanes.subarray(0, open), epoch, this.moves);
      this.moves.flush(offsets);
      offsets.push(log.length);
    }
  }
}
