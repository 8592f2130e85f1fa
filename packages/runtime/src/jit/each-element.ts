// eachElement: an operation without vector instructions, one element after the other.
import type { DType } from "@phxlang/autodiff";
import type { Expression } from "../wasm/index.ts";
import { f32x4, f64x2, i32x4 } from "../wasm/index.ts";
import type { BodyContext } from "./lowering.ts";
import type { Pack } from "./pack.ts";
import { extractElement, packWidth } from "./pack.ts";

/** Applies a scalar operation to every element of the operands. */
export function eachElement(
  { f, mode }: BodyContext,
  operands: readonly Pack[],
  dtype: DType,
  compute: (elements: readonly Expression[]) => Expression,
): Pack {
  if (mode === "scalar") {
    const kept = operands.map(({ parts }) => f.let(parts[0]));
    return { dtype, parts: [compute(kept)] };
  }
  const kept = operands.map((pack): Pack => ({
    dtype: pack.dtype,
    parts: pack.parts.map((part) => f.let(part)),
  }));
  const elements = Array.from({ length: packWidth }, (_, i) =>
    f.let(compute(kept.map((pack) => f.let(extractElement(pack, i).parts[0])))),
  );
  return { dtype, parts: join(dtype, elements) };
}

function join(dtype: DType, elements: readonly Expression[]): readonly Expression[] {
  if (dtype === "f64") {
    const doubles = elements as readonly Expression<"f64">[];
    const pair = (first: number): Expression =>
      f64x2.replaceLane(f64x2.splat(doubles[first]), 1, doubles[first + 1]);
    return [pair(0), pair(2)];
  }
  if (dtype === "f32") {
    const floats = elements as readonly Expression<"f32">[];
    let vector = f32x4.splat(floats[0]);
    for (let i = 1; i < packWidth; i++) vector = f32x4.replaceLane(vector, i, floats[i]);
    return [vector];
  }
  const words = elements as readonly Expression<"i32">[];
  let vector = i32x4.splat(words[0]);
  for (let i = 1; i < packWidth; i++) vector = i32x4.replaceLane(vector, i, words[i]);
  return [dtype === "bool" ? i32x4.ne(vector, 0) : vector];
}
