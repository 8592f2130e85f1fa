// Random numbers: threefry2x32 in vectors of words; rejection samplers run as their own evaluate (`library.ts`).
import type { Expression } from "../../wasm/index.ts";
import { i32, i32x4, v128 } from "../../wasm/index.ts";
import { arithmetic, bitwise } from "../arithmetic.ts";
import type { BodyContext, Elementwise, ElementwiseOutputs } from "../lowering.ts";
import type { Pack } from "../pack.ts";
import { constantPack, vectorPart } from "../pack.ts";
import { elementwise } from "./arithmetic.ts";

const rotations = [13, 15, 26, 6, 17, 29, 16, 24];

function rotateLeft({ mode }: BodyContext, word: Pack, count: number): Pack {
  if (mode === "scalar")
    return { dtype: "u32", parts: [i32.rotl(word.parts[0] as Expression<"i32">, count)] };
  const vector = vectorPart(word, 0);
  return { dtype: "u32", parts: [v128.or(i32x4.shl(vector, count), i32x4.shrU(vector, 32 - count))] };
}

/** One of the two words, with the operations of `special.threefry2x32`. */
function threefryWord(output: 0 | 1): Elementwise {
  const emit = (body: BodyContext, [k0, k1, x0, x1]: readonly Pack[]): Pack => {
    const { f, mode } = body;
    const keep = ({ parts: [part] }: Pack): Pack => ({ dtype: "u32", parts: [f.let(part)] });
    const add = (a: Pack, b: Pack): Pack => keep(arithmetic(mode, "add", a, b));
    const xor = (a: Pack, b: Pack): Pack => keep(bitwise(mode, "xor", a, b));
    const number = (value: number): Pack => constantPack(mode, "u32", value);
    const keys = [k0, k1, xor(xor(k0, k1), number(0x1bd11bda))];
    let a = add(x0, k0);
    let b = add(x1, k1);
    for (let group = 0; group < 5; group++) {
      for (let r = 0; r < 4; r++) {
        a = add(a, b);
        b = xor(rotateLeft(body, b, rotations[(group % 2) * 4 + r]), a);
      }
      a = add(a, keys[(group + 1) % 3]);
      b = add(add(b, keys[(group + 2) % 3]), number(group + 1));
    }
    return output === 0 ? a : b;
  };
  return elementwise(emit, 80);
}

export const randomTable: Readonly<Record<string, ElementwiseOutputs>> = {
  // Where a loop needs both words, the engine computes what they share once.
  threefry2x32: { kind: "outputs", outputs: [threefryWord(0), threefryWord(1)] },
};
