// OperatorBlock: the matrices of several lanes over one pattern, in the memory of the kernels.
import type { LaneCount } from "../kernels/lane-arrays.ts";
import { operatorFrame } from "../kernels/sweep-kernels.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";

/** The index arrays of a pattern in the memory, and its entries in the order of their columns. */
interface PlacedPattern {
  readonly rowOffsets: number;
  readonly closingEnds: number;
  readonly columns: number;
  readonly columnOffsets: number;
  readonly sourceRows: number;
  /** Entry of the pattern behind each transposed entry. */
  readonly transposedEntries: Int32Array;
}

const placed = new WeakMap<OperatorPattern, PlacedPattern>();

function placePattern(pattern: OperatorPattern): PlacedPattern {
  const known = placed.get(pattern);
  if (known !== undefined) return known;
  const { rowCount, rowOffsets, columns } = pattern;
  const columnOffsets = new Int32Array(rowCount + 1);
  for (const column of columns) columnOffsets[column + 1] += 1;
  for (let c = 0; c < rowCount; c++) columnOffsets[c + 1] += columnOffsets[c];
  const next = columnOffsets.slice();
  const sourceRows = new Int32Array(columns.length);
  const transposedEntries = new Int32Array(columns.length);
  for (let r = 0; r < rowCount; r++) {
    for (let e = rowOffsets[r]; e < rowOffsets[r + 1]; e++) {
      const position = next[columns[e]]++;
      sourceRows[position] = r;
      transposedEntries[position] = e;
    }
  }
  const arena = kernelHost().arena();
  const addresses = {
    rowOffsets: arena.place(rowOffsets),
    closingEnds: arena.place(pattern.closingEnds),
    columns: arena.place(columns),
    columnOffsets: arena.place(columnOffsets),
    sourceRows: arena.place(sourceRows),
    transposedEntries,
  };
  arena.releaseWith(pattern);
  placed.set(pattern, addresses);
  return addresses;
}

export class OperatorBlock {
  readonly pattern: OperatorPattern;
  readonly lanes: LaneCount;
  /** Address of the frame that kernels take. */
  readonly frame: number;
  readonly #placed: PlacedPattern;
  readonly #values: number;
  readonly #diagonal: number;
  readonly #transposedValues: number;
  #isTransposed = false;

  /** Room in an arena; `gather` fills it lane by lane. */
  constructor(arena: Arena, pattern: OperatorPattern, lanes: LaneCount) {
    this.pattern = pattern;
    this.lanes = lanes;
    this.#placed = placePattern(pattern);
    this.#values = arena.allocate(8 * lanes * pattern.entryCount);
    this.#diagonal = arena.allocate(16 * lanes * pattern.rowCount);
    this.#transposedValues = arena.allocate(8 * lanes * pattern.entryCount);
    const { rowOffsets, closingEnds, columns, columnOffsets, sourceRows } = this.#placed;
    const fields = {
      rowCount: pattern.rowCount,
      rowOffsets,
      closingEnds,
      columns,
      values: this.#values,
      diagonal: this.#diagonal,
      columnOffsets,
      sourceRows,
      transposedValues: this.#transposedValues,
    };
    const frame = new Int32Array(Object.keys(operatorFrame).length);
    for (const [name, position] of Object.entries(operatorFrame)) {
      frame[position] = fields[name as keyof typeof operatorFrame];
    }
    this.frame = arena.place(frame);
  }

  /**
   * The matrix of a lane: identity · I + scale · A(slots). Where 1 − d is near 1, −d and 1 stay apart: a rounded 1 − d
   * would be wrong in the same direction at each of a million steps, a rounded sum is not.
   */
  gather(lane: number, slots: Float64Array, scale: number, identity: number): void {
    const { rowCount, rowOffsets, closingEnds, entrySlots, exitOffsets, exitSlots } = this.pattern;
    const { lanes } = this;
    const memory = kernelHost().f64;
    const values = this.#values / 8 + lane;
    const diagonal = this.#diagonal / 8 + lane;
    for (let r = 0; r < rowCount; r++) {
      let out = 0;
      let e = rowOffsets[r];
      for (; e < closingEnds[r]; e++) {
        const rate = slots[entrySlots[e]];
        out += rate;
        memory[values + e * lanes] = rate * scale;
      }
      for (; e < rowOffsets[r + 1]; e++) memory[values + e * lanes] = slots[entrySlots[e]] * scale;
      for (let s = exitOffsets[r]; s < exitOffsets[r + 1]; s++) out += slots[exitSlots[s]];
      const drop = out * scale;
      const staysApart = identity === 1 && drop <= 0.5;
      memory[diagonal + r * lanes] = staysApart ? -drop : identity - drop;
      memory[diagonal + (rowCount + r) * lanes] = staysApart ? 1 : 0;
    }
    this.#isTransposed = false;
  }

  /** Makes the transposed entries, before a product with Pᵀ. */
  transpose(): void {
    if (this.#isTransposed) return;
    const { lanes } = this;
    const { transposedEntries } = this.#placed;
    const memory = kernelHost().f64;
    const from = this.#values / 8;
    const to = this.#transposedValues / 8;
    for (let p = 0; p < transposedEntries.length; p++) {
      const source = from + transposedEntries[p] * lanes;
      const target = to + p * lanes;
      for (let lane = 0; lane < lanes; lane++) memory[target + lane] = memory[source + lane];
    }
    this.#isTransposed = true;
  }

  /** Largest row sum of magnitudes in a lane, at least 1: how much the largest entry can grow in a step. */
  largestGrowth(lane: number): number {
    const { lanes } = this;
    const { rowCount, rowOffsets } = this.pattern;
    const memory = kernelHost().f64;
    const values = this.#values / 8 + lane;
    const diagonal = this.#diagonal / 8 + lane;
    let largest = 1;
    for (let r = 0; r < rowCount; r++) {
      let sum = Math.abs(memory[diagonal + r * lanes] + memory[diagonal + (rowCount + r) * lanes]);
      for (let e = rowOffsets[r]; e < rowOffsets[r + 1]; e++) sum += Math.abs(memory[values + e * lanes]);
      // Row sums of a generator are 1 up to rounding, which must not count as growth.
      if (sum > largest + 1e-12) largest = sum;
    }
    return largest;
  }
}
