// A sequential source of random numbers for samplers that branch on what they draw.
import type { Value } from "@phxlang/autodiff";
import { random } from "@phxlang/autodiff";
import { numbersOf } from "./concrete.ts";

/** How many numbers of each kind have been drawn from a stream. */
export interface StreamPosition {
  readonly uniforms: number;
  readonly normals: number;
}

/** Draws in order; two streams from the same key give the same draws on every machine. */
export interface RandomStream {
  /** In (0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  readonly position: StreamPosition;
}

const blockLength = 1024;

/** The stream of a key from a position on: blocks of numbers from keys folded with the number of the block. */
export function randomStream(key: Value, from: StreamPosition = { uniforms: 0, normals: 0 }): RandomStream {
  const [uniformKey, normalKey] = random.splitList(key);
  const uniforms = new Blocks(
    (block) => random.uniform(random.fold(uniformKey, block), [blockLength]),
    from.uniforms,
  );
  const normals = new Blocks(
    (block) => random.normal(random.fold(normalKey, block), [blockLength]),
    from.normals,
  );
  return {
    // A uniform number of exactly 0 would have no logarithm.
    uniform: () => uniforms.next() || 2 ** -54,
    normal: () => normals.next(),
    get position() {
      return { uniforms: uniforms.count, normals: normals.count };
    },
  };
}

class Blocks {
  readonly #draw: (block: number) => Value;
  #numbers: Float64Array | null = null;
  count: number;

  constructor(draw: (block: number) => Value, count: number) {
    this.#draw = draw;
    this.count = count;
  }

  next(): number {
    const position = this.count % blockLength;
    if (this.#numbers === null || position === 0) {
      this.#numbers = numbersOf(this.#draw(Math.floor(this.count / blockLength)));
    }
    this.count += 1;
    return this.#numbers[position];
  }
}
