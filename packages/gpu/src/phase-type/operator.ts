// The matrix A(s) of a slot vector s, uniformized: P = I + A/q, over lanes.
import type { CsrMatrix, CsrPattern, Value } from "@phxlang/autodiff";
import {
  csrLinear,
  csrMatrix,
  csrMatvec,
  csrPattern,
  csrTransposedMatvec,
  np,
  stopGradient,
} from "@phxlang/autodiff";

/** What the kernels read of an operator pattern of the runtime. */
export interface OperatorArrays {
  readonly rowCount: number;
  readonly slotCount: number;
  readonly rowOffsets: Int32Array;
  readonly closingEnds: Int32Array;
  readonly columns: Int32Array;
  readonly entrySlots: Int32Array;
  readonly exitOffsets: Int32Array;
  readonly exitSlots: Int32Array;
}

/** Entries and diagonals of A as linear functions of the slots. */
export class Operator {
  readonly rowCount: number;
  readonly #pattern: CsrPattern;
  readonly #entries: CsrMatrix;
  readonly #diagonal: CsrMatrix;

  constructor(arrays: OperatorArrays) {
    const { rowCount, slotCount, rowOffsets, columns, entrySlots, closingEnds, exitOffsets, exitSlots } =
      arrays;
    this.rowCount = rowCount;
    this.#pattern = csrPattern({ rowOffsets, columns, columnCount: rowCount });
    const entryCount = columns.length;
    this.#entries = csrMatrix({
      rowOffsets: Int32Array.from({ length: entryCount + 1 }, (_, e) => e),
      columns: entrySlots,
      columnCount: slotCount,
      coefficients: new Float64Array(entryCount).fill(1),
    });
    const slots: number[] = [];
    const offsets = [0];
    for (let r = 0; r < rowCount; r++) {
      slots.push(...entrySlots.subarray(rowOffsets[r], closingEnds[r]));
      slots.push(...exitSlots.subarray(exitOffsets[r], exitOffsets[r + 1]));
      offsets.push(slots.length);
    }
    this.#diagonal = csrMatrix({
      rowOffsets: Int32Array.from(offsets),
      columns: Int32Array.from(slots),
      columnCount: slotCount,
      coefficients: new Float64Array(slots.length).fill(1),
    });
  }

  /** For slots [L, slots]: q [L, 1], which carries no derivative, and the products x → P x and x → Pᵀ x of [L, rows]. */
  uniformized(slots: Value): Uniformized {
    const leaving = csrLinear(this.#diagonal, slots);
    const most = stopGradient(np.expandDims(leaving.max(1), 1));
    const rate = np.where(most.greater(0), most, 1);
    const moves = csrLinear(this.#entries, slots).div(rate);
    const stays = np.sub(1, leaving.div(rate));
    return {
      rate,
      right: (x) => stays.mul(x).add(csrMatvec(this.#pattern, moves, x)),
      left: (x) => stays.mul(x).add(csrTransposedMatvec(this.#pattern, moves, x)),
    };
  }
}

export interface Uniformized {
  readonly rate: Value;
  readonly right: (x: Value) => Value;
  readonly left: (x: Value) => Value;
}
