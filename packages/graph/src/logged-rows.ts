// LoggedRows: the rows of a graph from a log that has all its transitions.
import type { EpochExploration } from "./epoch-exploration.ts";
import { SortedRow } from "./sorted-rows.ts";
import type { RowSource } from "./sorted-rows.ts";
import { inversePermutation } from "./state-layout.ts";
import type { TransitionLog } from "./transition-log.ts";

/** The states of the log are numbered as discovered: its state order[i] is state i of the graph. */
export class LoggedRows implements RowSource {
  readonly row: SortedRow = new SortedRow();
  readonly log: TransitionLog;
  readonly transitionCount: number;
  readonly termCount: number;
  private readonly order: Int32Array;
  private readonly rank: Int32Array;
  private readonly explorations: readonly EpochExploration[];
  /** Per epoch: where in `reached` a state stands; null where that is its number. */
  private readonly positions: readonly (Int32Array | null)[];

  /** `startCount` transitions at the head of the log are the start. */
  constructor(
    log: TransitionLog,
    startCount: number,
    rank: Int32Array,
    explorations: readonly EpochExploration[],
  ) {
    this.log = log;
    this.transitionCount = log.length - startCount;
    this.termCount = log.countTerms(startCount);
    this.order = inversePermutation(rank);
    this.rank = rank;
    this.explorations = explorations;
    this.positions = explorations.map(({ reached }) => {
      if (reached === null) return null;
      const positions = new Int32Array(rank.length).fill(-1);
      for (let k = 0; k < reached.length; k++) positions[reached.items[k]] = k;
      return positions;
    });
  }

  load(state: number): void {
    const found = this.order[state];
    this.row.count = 0;
    for (let epoch = 0; epoch < this.explorations.length; epoch++) {
      const positions = this.positions[epoch];
      const position = positions === null ? found : positions[found];
      const { offsets } = this.explorations[epoch];
      if (position < 0 || position + 1 >= offsets.length) continue;
      this.row.insert(this.log, this.rank, epoch, offsets.items[position], offsets.items[position + 1]);
    }
    this.row.finish();
  }
}
