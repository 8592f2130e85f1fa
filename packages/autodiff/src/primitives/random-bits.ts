// The source of all random bits as a primitive: elementwise, so that vmap over keys is a loop.
import { allocate, sizeOf, typeText } from "../array.ts";
import { bind } from "../bind.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Primitive } from "../primitive.ts";
import { alignBatch, commonShape, expandOperand, stepOf } from "./elementwise.ts";
import { threefry2x32 } from "../special/threefry.ts";
import type { Value } from "../trace.ts";

export const threefryPrimitive: Primitive = {
  name: "threefry2x32",
  documentation:
    "u32 key words k0, k1 and counter words x0, x1, broadcast → two u32 words of random bits each: threefry2x32 with 20 rounds",
  type(operands) {
    if (operands.some((operand) => operand.dtype !== "u32")) {
      throw new PhxError({
        code: "PHX927",
        what: `threefry2x32 of ${operands.map(typeText).join(", ")}`,
        why: "keys and counters are u32",
        fix: "make keys with random.key(seed)",
      });
    }
    const shape = commonShape("threefry2x32", operands);
    return [
      { dtype: "u32", shape },
      { dtype: "u32", shape },
    ];
  },
  evaluate(operands, _parameters, [type]) {
    const size = sizeOf(type.shape);
    const [k0, k1, x0, x1] = operands.map((operand) => expandOperand(operand, type.shape));
    const [s0, s1, t0, t1] = [k0, k1, x0, x1].map(stepOf);
    const first = allocate("u32", size);
    const second = allocate("u32", size);
    const block = new Uint32Array(2);
    for (let i = 0; i < size; i++) {
      threefry2x32(k0[i * s0], k1[i * s1], x0[i * t0], x1[i * t1], block, 0);
      first[i] = block[0];
      second[i] = block[1];
    }
    return [new NdArray(first, type.shape, "u32"), new NdArray(second, type.shape, "u32")];
  },
  jvp: (operands) => ({ primals: bind(threefryPrimitive, operands), tangents: [null, null] }),
  batch: (operands, axes) => ({ results: bind(threefryPrimitive, alignBatch(operands, axes)), axes: [0, 0] }),
};

/** Two words of random bits for each counter. */
export function threefry(k0: Value, k1: Value, x0: Value, x1: Value): readonly [Value, Value] {
  const [first, second] = bind(threefryPrimitive, [k0, k1, x0, x1]);
  return [first, second];
}
