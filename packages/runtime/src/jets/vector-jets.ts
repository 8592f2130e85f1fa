// Sums and products of jets of vectors in lanes; a component may be `ones`.
import { ones, zeroLanes } from "../kernels/lane-arrays.ts";
import type { LaneCount } from "../kernels/lane-arrays.ts";
import { vectorKernels } from "../kernels/wasm/lane-machine.ts";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import type { LaneJet } from "./energy.ts";
import { forProducts } from "./subsets.ts";

/** A jet under construction: components are made, as zeros, when they are first added to. */
export type LaneSum = (number | null)[];

/** Vectors have one element for each row and one more, for where the chain stops. */
export class VectorJets {
  readonly #arena: Arena;
  readonly #lanes: LaneCount;
  readonly #rows: number;
  #ones: number | null = null;

  constructor(arena: Arena, lanes: LaneCount, rows: number) {
    this.#arena = arena;
    this.#lanes = lanes;
    this.#rows = rows;
  }

  /** Component a of a sum. */
  part(sum: LaneSum, a: number): number {
    return (sum[a] ??= zeroLanes(this.#arena, this.#lanes, this.#rows + 1));
  }

  /** sum += factor · x */
  add(sum: LaneSum, factor: number, x: LaneJet): void {
    for (const [a, part] of x.entries()) {
      if (part !== null) this.#addScaled(factor, part, this.part(sum, a));
    }
  }

  /** sum += factor · x ∘ y */
  addProduct(sum: LaneSum, factor: number, x: LaneJet, y: LaneJet): void {
    for (let a = 0; a < sum.length; a++) {
      forProducts(x, y, a, (left, right) => {
        const target = this.part(sum, a);
        if (left === ones) this.#addScaled(factor, right, target);
        else if (right === ones) this.#addScaled(factor, left, target);
        else vectorKernels().addScaledProduct(this.#lanes * this.#rows, factor, left, right, target);
      });
    }
  }

  /** The array itself, also for `ones`, which are then also where the chain stops. */
  made(part: number): number {
    if (part !== ones) return part;
    if (this.#ones === null) {
      this.#ones = zeroLanes(this.#arena, this.#lanes, this.#rows + 1);
      const start = this.#ones / 8;
      kernelHost().f64.fill(1, start, start + this.#lanes * (this.#rows + 1));
    }
    return this.#ones;
  }

  #addScaled(factor: number, part: number, target: number): void {
    vectorKernels().addScaled(this.#lanes * this.#rows, factor, this.made(part), target);
  }
}
