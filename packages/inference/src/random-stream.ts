// A sequential source of random numbers for samplers that branch on what they draw.
import type { Value } from "@phxlang/autodiff";
import { NdArray, random } from "@phxlang/autodiff";

/** Draws in order; two streams from the same key give the same draws on every machine. */
export interface RandomStream {
  /** In (0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

const blockLength = 1024;

/** The stream of a key: blocks of numbers from keys folded with the number of the block. */
export function randomStream(key: Value): RandomStream {
  const [uniformKey, normalKey] = random.splitList(key);
  return {
    uniform: blocks((block) => random.uniform(random.fold(uniformKey, block), [blockLength])),
    normal: blocks((block) => random.normal(random.fold(normalKey, block), [blockLength])),
  };
}

function blocks(draw: (block: number) => Value): () => number {
  let block = 0;
  let position = blockLength;
  let numbers = new Float64Array(0);
  return () => {
    if (position === blockLength) {
      const drawn = draw(block++);
      if (!(drawn instanceof NdArray))
        throw new Error("internal: a stream of random numbers inside a transform");
      numbers = Float64Array.from(drawn.elements);
      position = 0;
    }
    // A uniform number of exactly 0 would have no logarithm.
    return numbers[position++] || 2 ** -54;
  };
}
