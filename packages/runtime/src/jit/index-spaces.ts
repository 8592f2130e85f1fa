// IndexSpaces: one object for all equal index spaces of a plan.
import type { ArrayType } from "@phxlang/autodiff";
import type { IndexSpace } from "./plan.ts";
import type { View } from "./view.ts";
import { rowMajorStrides } from "./view.ts";

export class IndexSpaces {
  readonly #dense = new Map<ArrayType, View>();

  readonly #byKey = new Map<string, IndexSpace>();
  /** Programs share their types among many variables: most look-ups end here. */
  readonly #byType = new Map<ArrayType, IndexSpace>();

  of(type: ArrayType): IndexSpace {
    const known = this.#byType.get(type);
    if (known !== undefined) return known;
    const shape = type.shape.filter((length) => length !== 1);
    const key = shape.join(",");
    let space = this.#byKey.get(key);
    if (space === undefined) this.#byKey.set(key, (space = { shape }));
    this.#byType.set(type, space);
    return space;
  }

  /** The view of an array of that type as it lies in its own buffer. */
  dense(type: ArrayType): View {
    let view = this.#dense.get(type);
    if (view === undefined)
      this.#dense.set(type, (view = { offset: 0, strides: rowMajorStrides(type.shape) }));
    return view;
  }
}
