// runVectors: the cases of vectors/transforms.json on a device, here or in a page; what they gave, as JSON.
import type { Device } from "@phxlang/autodiff";
import { isValue, makeJit, NdArray, PhxError } from "@phxlang/autodiff";
import { runners } from "../../../autodiff/tests/vectors/runners.ts";
import { jitted, numbersOf } from "../../../autodiff/tests/vectors/vector-case.ts";
import { oneByOne } from "./one-by-one.ts";

/** Numbers as text, so that NaN and infinities survive JSON; or the code and words of an error. */
export type VectorOutcome = { readonly numbers: readonly string[] } | { readonly error: string };

/** "eager" runs every equation by itself. */
export async function runVectors(
  device: Device,
  mode: "eager" | "jitted",
): Promise<Readonly<Record<string, VectorOutcome>>> {
  const jit = makeJit(mode === "eager" ? oneByOne(device) : device);
  const outcomes: Record<string, VectorOutcome> = {};
  for (const [id, runner] of Object.entries(runners)) {
    try {
      const result = runner.run(jitted(jit), jit);
      await settle(result);
      outcomes[id] = { numbers: numbersOf(result).map(String) };
    } catch (error) {
      if (!(error instanceof PhxError)) throw error;
      outcomes[id] = { error: error.message };
    }
  }
  return outcomes;
}

/** Waits for the data of all arrays in a tree. */
async function settle(tree: unknown): Promise<void> {
  if (isValue(tree)) {
    if (tree instanceof NdArray) await tree.data();
  } else if (Array.isArray(tree)) {
    for (const branch of tree as unknown[]) await settle(branch);
  }
}
