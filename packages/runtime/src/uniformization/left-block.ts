// LeftBlock: row vectors that a sweep is multiplied with, by the entries that are not 0 in some lane.
import type { LaneCount } from "../kernels/lane-arrays.ts";
import { leftFrame } from "../kernels/sweep-kernels.ts";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";

export class LeftBlock {
  /** Number of left vectors. */
  readonly count: number;
  /** Address of the frame that kernels take. */
  readonly frame: number;
  readonly #lanes: number;
  readonly #offsets: Int32Array;
  readonly #rows: readonly number[];
  readonly #values: readonly number[];

  /** No left vectors. */
  static empty(arena: Arena, lanes: LaneCount): LeftBlock {
    const none = Array.from({ length: lanes }, () => new Float64Array(0));
    return new LeftBlock(arena, none, 0, 0);
  }

  /** `vectors`: for each lane, row-major [count, rows]. */
  constructor(arena: Arena, vectors: readonly Float64Array[], count: number, rowCount: number) {
    this.count = count;
    const lanes = vectors.length;
    this.#lanes = lanes;
    const offsets = new Int32Array(count + 1);
    const rows: number[] = [];
    const values: number[] = [];
    for (let m = 0; m < count; m++) {
      for (let r = 0; r < rowCount; r++) {
        const position = m * rowCount + r;
        if (vectors.every((vector) => vector[position] === 0)) continue;
        rows.push(r);
        for (let lane = 0; lane < lanes; lane++) values.push(vectors[lane][position]);
      }
      offsets[m + 1] = rows.length;
    }
    const frame = new Int32Array(Object.keys(leftFrame).length);
    frame[leftFrame.count] = count;
    frame[leftFrame.offsets] = arena.place(offsets);
    frame[leftFrame.rows] = arena.place(Int32Array.from(rows));
    frame[leftFrame.values] = arena.place(Float64Array.from(values));
    this.frame = arena.place(frame);
    this.#offsets = offsets;
    this.#rows = rows;
    this.#values = values;
  }

  /** The products with the vector at an address: [count] for each lane. */
  sums(vector: number): Float64Array {
    const { f64 } = kernelHost();
    const lanes = this.#lanes;
    const sums = new Float64Array(this.count * lanes);
    for (let m = 0; m < this.count; m++) {
      for (let p = this.#offsets[m]; p < this.#offsets[m + 1]; p++) {
        for (let lane = 0; lane < lanes; lane++) {
          sums[m * lanes + lane] +=
            this.#values[p * lanes + lane] * f64[vector / 8 + this.#rows[p] * lanes + lane];
        }
      }
    }
    return sums;
  }
}
