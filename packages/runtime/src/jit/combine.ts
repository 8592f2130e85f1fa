// How reductions combine values, and the fixed order in which they fold a row.
import type { DType } from "@phxlang/autodiff";
import type { Expression, FunctionBuilder, Local } from "../wasm/index.ts";
import { f64, f64x2 } from "../wasm/index.ts";
import { arithmetic, bitwise } from "./arithmetic.ts";
import { identityOf } from "./identities.ts";
import type { Combination } from "./lowering.ts";
import type { Mode, Pack } from "./pack.ts";
import { constantPack, convertPack, extractElement, packWidth } from "./pack.ts";

export function combinePacks(mode: Mode, combination: Combination, a: Pack, b: Pack): Pack {
  switch (combination) {
    case "sum":
      return arithmetic(mode, "add", a, b);
    case "product":
      return arithmetic(mode, "mul", a, b);
    case "max":
    case "min":
      return a.dtype === "bool"
        ? bitwise(mode, combination === "max" ? "or" : "and", a, b)
        : arithmetic(mode, combination, a, b);
    case "any":
      return bitwise(mode, "or", a, b);
    case "all":
      return bitwise(mode, "and", a, b);
  }
}

/** Floats of either kind are summed and multiplied as doubles and rounded once, at the end of the row. */
export function rowDtype(combination: Combination, dtype: DType): DType {
  return dtype === "f32" && (combination === "sum" || combination === "product") ? "f64" : dtype;
}

/** Elements that a vector pass over a row takes at once: eight interleaved partial results for sums. */
export const rowUnroll = 2;

/**
 * Folds one row. Sums have eight interleaved partial sums, entry i in partial i mod 8, combined as
 * ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)), and then the last entries one by one: the reference's order.
 */
export class RowFold {
  readonly #f: FunctionBuilder;
  readonly #combination: Combination;
  readonly #dtype: DType;
  /** Partial results, one pack for each unrolled part. */
  readonly #partials: readonly (readonly Local[])[];
  readonly #total: Local;

  /** `vectorized`: whether `addVector` will be called, then `joinPartials` once. */
  constructor(f: FunctionBuilder, combination: Combination, operandDtype: DType, vectorized: boolean) {
    this.#f = f;
    this.#combination = combination;
    this.#dtype = rowDtype(combination, operandDtype);
    const start = combination === "sum" ? 0 : identityOf(combination, this.#dtype);
    this.#total = f.let(constantPack("scalar", this.#dtype, start).parts[0]);
    this.#partials = vectorized
      ? Array.from({ length: rowUnroll }, () =>
          constantPack("vector", this.#dtype, start).parts.map((part) => f.let(part)),
        )
      : [];
  }

  /** The locals that `addVector` changes. */
  get partials(): readonly Local[] {
    return this.#partials.flat();
  }

  addVector(unrolled: number, value: Pack): void {
    const partial = this.#partials[unrolled];
    const own = convertPack("vector", value, this.#dtype);
    const sum = combinePacks("vector", this.#combination, { dtype: this.#dtype, parts: partial }, own);
    // A mask may come in two parts; the partial has one, and the combination then has one too.
    partial.forEach((local, i) => this.#f.set(local, sum.parts[i]));
  }

  addScalar(value: Pack): void {
    const own = convertPack("scalar", value, this.#dtype);
    this.#f.set(this.#total, combinePacks("scalar", this.#combination, this.total, own).parts[0]);
  }

  joinPartials(): void {
    const [first, second] = this.#partials;
    if (this.#dtype === "f64" && this.#combination === "sum") {
      const part = (locals: readonly Local[], i: number): Expression<"v128"> =>
        locals[i] as Expression<"v128">;
      const pair = this.#f.let(
        f64x2.add(f64x2.add(part(first, 0), part(second, 0)), f64x2.add(part(first, 1), part(second, 1))),
      );
      this.#f.set(this.#total, f64.add(f64x2.extractLane(pair, 0), f64x2.extractLane(pair, 1)));
      return;
    }
    const dtype = this.#dtype;
    const joined = combinePacks(
      "vector",
      this.#combination,
      { dtype, parts: first },
      { dtype, parts: second },
    );
    const kept: Pack = { dtype, parts: joined.parts.map((part) => this.#f.let(part)) };
    for (let i = 0; i < packWidth; i++) this.addScalar(extractElement(kept, i));
  }

  get total(): Pack {
    return { dtype: this.#dtype, parts: [this.#total] };
  }
}
