// ConstantStore: elements that never change, in the one buffer of constants of a program.
import type { DType, Elements } from "@phxlang/autodiff";
import type { Packing } from "../device/packing.ts";

export class ConstantStore {
  readonly #packing: Packing;
  readonly #chunks: Uint32Array[] = [];
  readonly #places = new Map<Elements, Map<DType, number>>();
  #words = 0;

  constructor(packing: Packing) {
    this.#packing = packing;
  }

  /** The first word of the elements. */
  place(elements: Elements, dtype: DType): number {
    let byDtype = this.#places.get(elements);
    if (byDtype === undefined) this.#places.set(elements, (byDtype = new Map<DType, number>()));
    const known = byDtype.get(dtype);
    if (known !== undefined) return known;
    const place = this.#words;
    const words = this.#packing.pack(elements, dtype);
    this.#chunks.push(words);
    this.#words += words.length;
    byDtype.set(dtype, place);
    return place;
  }

  /** All of them, in order. */
  words(): Uint32Array<ArrayBuffer> {
    const all = new Uint32Array(this.#words);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }
}
