// RowReader: the logged transitions of one state, over all epochs, by target.
import type { EpochExploration } from "./epoch-exploration.ts";
import { chunkBits, chunkSize } from "./transition-log.ts";
import type { TransitionLog } from "./transition-log.ts";

/**
 * After `load(state)` the first `count` entries hold the transitions of a state (numbered as discovered), sorted by
 * target (canonical number); `entries` are their numbers in the log. Those of one target are in no particular order.
 */
export class RowReader {
  count = 0;
  targets: Int32Array = new Int32Array(64);
  epochs: Int32Array = new Int32Array(64);
  entries: Int32Array = new Int32Array(64);
  private readonly log: TransitionLog;
  private readonly rank: Int32Array;
  private readonly explorations: readonly EpochExploration[];
  /** Per epoch: where in `reached` a state stands; null where that is its number. */
  private readonly positions: readonly (Int32Array | null)[];

  constructor(log: TransitionLog, rank: Int32Array, explorations: readonly EpochExploration[]) {
    this.log = log;
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
    this.count = 0;
    for (let epoch = 0; epoch < this.explorations.length; epoch++) {
      const positions = this.positions[epoch];
      const position = positions === null ? state : positions[state];
      const { offsets } = this.explorations[epoch];
      if (position < 0 || position + 1 >= offsets.length) continue;
      this.insert(epoch, offsets.items[position], offsets.items[position + 1]);
    }
    if (this.count > insertionLimit) this.sortAll();
  }

  /** Inserts logged transitions in order while the row is short; appends to longer rows, to be sorted at the end. */
  private insert(epoch: number, begin: number, end: number): void {
    while (this.count + end - begin > this.targets.length) this.grow();
    const { rank, targets, epochs, entries } = this;
    const chunks = this.log.targets;
    let { count } = this;
    for (let t = begin; t < end; t++, count++) {
      const target = rank[chunks[t >>> chunkBits][t & (chunkSize - 1)]];
      const first = count <= insertionLimit ? 0 : count;
      let j = count;
      while (j > first && targets[j - 1] > target) {
        targets[j] = targets[j - 1];
        epochs[j] = epochs[j - 1];
        entries[j] = entries[j - 1];
        j--;
      }
      targets[j] = target;
      epochs[j] = epoch;
      entries[j] = t;
    }
    this.count = count;
  }

  private grow(): void {
    const grown = (old: Int32Array): Int32Array => {
      const array = new Int32Array(2 * old.length);
      array.set(old);
      return array;
    };
    this.targets = grown(this.targets);
    this.epochs = grown(this.epochs);
    this.entries = grown(this.entries);
  }

  private sortAll(): void {
    const { count, targets, epochs, entries } = this;
    const order = Int32Array.from({ length: count }, (_, i) => i);
    order.sort((a, b) => targets[a] - targets[b] || entries[a] - entries[b]);
    for (const array of [targets, epochs, entries]) {
      const old = array.slice(0, count);
      for (let i = 0; i < count; i++) array[i] = old[order[i]];
    }
  }
}

const insertionLimit = 64;
