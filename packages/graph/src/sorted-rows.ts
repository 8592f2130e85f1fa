// Rows of a graph as they are assembled: the transitions of one state, over all epochs, by target.
import { chunkBits, chunkSize } from "./transition-log.ts";
import type { TransitionLog } from "./transition-log.ts";

/** Loads the row of a state (canonical number); `row` and `log` then hold its transitions. */
export interface RowSource {
  readonly row: SortedRow;
  readonly log: TransitionLog;
  /** Transitions in all rows, and their terms. */
  readonly transitionCount: number;
  readonly termCount: number;
  load(state: number): void;
}

/**
 * The first `count` entries are transitions of one state, sorted by target (canonical number); `entries` are their
 * numbers in a log. Those of one target are in no particular order.
 */
export class SortedRow {
  count = 0;
  targets: Int32Array = new Int32Array(64);
  epochs: Int32Array = new Int32Array(64);
  entries: Int32Array = new Int32Array(64);

  /**
   * Inserts logged transitions in order while the row is short; appends to longer rows, for `finish` to sort. Without
   * a rank their targets are canonical.
   */
  insert(log: TransitionLog, rank: Int32Array | null, epoch: number, begin: number, end: number): void {
    while (this.count + end - begin > this.targets.length) this.grow();
    const { targets, epochs, entries } = this;
    const chunks = log.targets;
    let { count } = this;
    for (let t = begin; t < end; t++, count++) {
      const found = chunks[t >>> chunkBits][t & (chunkSize - 1)];
      const target = rank === null ? found : rank[found];
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

  finish(): void {
    const { count, targets, epochs, entries } = this;
    if (count <= insertionLimit) return;
    const order = Int32Array.from({ length: count }, (_, i) => i);
    order.sort((a, b) => targets[a] - targets[b] || entries[a] - entries[b]);
    for (const array of [targets, epochs, entries]) {
      const old = array.slice(0, count);
      for (let i = 0; i < count; i++) array[i] = old[order[i]];
    }
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
}

const insertionLimit = 64;
