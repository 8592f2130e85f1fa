// ChainPattern: the transitions of an absorbing chain during one epoch, as operators that time laws run on.
import type { CsrMatrix } from "@phxlang/autodiff";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import { PatternBuilder } from "../patterns/pattern-builder.ts";
import type { TimeLaw } from "../uniformization/mixing-law.ts";
import { summationMatrix } from "./forms-matrix.ts";

export interface ChainPatternFields {
  readonly law: TimeLaw;
  readonly rowCount: number;
  readonly causeCount: number;
  /** The cause that stands for never stopping; −1 if there is none. */
  readonly neverCause: number;
  /** Source row of each slot. */
  readonly sources: Int32Array;
  /** Target row of each slot, or −1 − cause. */
  readonly targets: Int32Array;
}

/**
 * Slot s is the rate (probability) of going from row sources[s] to targets[s]. In discrete time a slot may lead
 * back to its row, and one more slot follows the others, whose value is 1: what is stopped stays stopped.
 */
export class ChainPattern implements ChainPatternFields {
  readonly law: TimeLaw;
  readonly rowCount: number;
  readonly causeCount: number;
  readonly neverCause: number;
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  #pattern: OperatorPattern | null = null;
  #stopPattern: OperatorPattern | null = null;
  readonly #exits = new Map<number | null, CsrMatrix>();

  constructor(fields: ChainPatternFields) {
    this.law = fields.law;
    this.rowCount = fields.rowCount;
    this.causeCount = fields.causeCount;
    this.neverCause = fields.neverCause;
    this.sources = fields.sources;
    this.targets = fields.targets;
  }

  /** Length of the slot vector of the operators. */
  get slotCount(): number {
    return this.sources.length + (this.law === "discrete" ? 1 : 0);
  }

  /** Rows are the transient rows; what stops is lost. */
  get pattern(): OperatorPattern {
    this.#pattern ??= this.#build(false);
    return this.#pattern;
  }

  /** One more row for each cause, in which stopped mass stays: row rowCount + cause. */
  get stopPattern(): OperatorPattern {
    this.#stopPattern ??= this.#build(true);
    return this.#stopPattern;
  }

  /** Slots → rates of stopping with a cause (null: with any but never), row by row [rows]. */
  exits(cause: number | null): CsrMatrix {
    let matrix = this.#exits.get(cause);
    if (matrix === undefined) {
      const rowOfSlot = new Int32Array(this.slotCount).fill(-1);
      for (let s = 0; s < this.targets.length; s++) {
        if (this.targets[s] >= 0) continue;
        const own = -1 - this.targets[s];
        if (cause === null ? own !== this.neverCause : own === cause) rowOfSlot[s] = this.sources[s];
      }
      matrix = summationMatrix(rowOfSlot, this.rowCount);
      this.#exits.set(cause, matrix);
    }
    return matrix;
  }

  /** 1 for the rows that may stop with a cause, as in `exits`. */
  exitMask(cause: number | null): Float64Array {
    const { rowOffsets } = this.exits(cause);
    return Float64Array.from({ length: this.rowCount }, (_, r) =>
      rowOffsets[r] < rowOffsets[r + 1] ? 1 : 0,
    );
  }

  /** A vector over rows and causes: 1 on rows (`alive`), and on the causes that `counts` accepts. */
  indicator(alive: boolean, counts: (cause: number) => boolean): Float64Array {
    return Float64Array.from({ length: this.rowCount + this.causeCount }, (_, i) =>
      (i < this.rowCount ? alive : counts(i - this.rowCount)) ? 1 : 0,
    );
  }

  #build(keepsStopped: boolean): OperatorPattern {
    const { law, rowCount, causeCount, sources, targets } = this;
    const builder = new PatternBuilder(rowCount + (keepsStopped ? causeCount : 0), this.slotCount);
    for (let s = 0; s < sources.length; s++) {
      const column = targets[s] >= 0 ? targets[s] : rowCount - 1 - targets[s];
      const leaves = targets[s] < 0 && !keepsStopped;
      if (law === "discrete" && !leaves) builder.coupling(sources[s], column, s);
      if (law === "continuous" && leaves) builder.exit(sources[s], s);
      if (law === "continuous" && !leaves && column !== sources[s]) builder.transition(sources[s], column, s);
    }
    if (law === "discrete" && keepsStopped) {
      for (let row = rowCount; row < rowCount + causeCount; row++) {
        builder.coupling(row, row, sources.length);
      }
    }
    return builder.finish();
  }
}
