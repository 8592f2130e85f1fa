// A stream of uniform and normal numbers from one key: what rejection samplers draw from.
import { erfinv } from "../special/erfinv.ts";
import { threefry2x32 } from "../special/threefry.ts";

/** Block number `block` of the key gives the next number: a draw depends on the key and its place alone. */
export class Stream {
  readonly #words: Uint32Array = new Uint32Array(2);
  #k0 = 0;
  #k1 = 0;
  #block = 0;

  /** Starts the stream of entry `index` of the draw with key (k0, k1). */
  start(k0: number, k1: number, index: number): void {
    threefry2x32(k0, k1, 0, index, this.#words, 0);
    this.#k0 = this.#words[0];
    this.#k1 = this.#words[1];
    this.#block = 0;
  }

  /** A multiple of 2⁻⁵² in [0, 1). */
  uniform(): number {
    threefry2x32(this.#k0, this.#k1, 0, this.#block, this.#words, 0);
    this.#block += 1;
    return (this.#words[0] * 1048576 + (this.#words[1] >>> 12)) * 2.220446049250313e-16;
  }

  /** An odd multiple of 2⁻⁵³ in (0, 1). */
  open(): number {
    return this.uniform() + 1.1102230246251565e-16;
  }

  normal(): number {
    return Math.SQRT2 * erfinv(2 * this.open() - 1);
  }
}
