// Threefry-2x32 with 20 rounds: random words as a function of a key and a counter.

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const parity = 0x1bd11bda;

/** Writes the two words of counter (c0, c1) under key (k0, k1) to `out`; all are unsigned 32-bit. */
export function threefry(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  const k2 = k0 ^ k1 ^ parity;
  const keys = [k0, k1, k2];
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  for (let group = 0; group < 5; group++) {
    for (let round = 0; round < 4; round++) {
      x0 = (x0 + x1) | 0;
      const rotation = rotations[(group % 2) * 4 + round];
      x1 = (x1 << rotation) | (x1 >>> (32 - rotation));
      x1 ^= x0;
    }
    x0 = (x0 + keys[(group + 1) % 3]) | 0;
    x1 = (x1 + keys[(group + 2) % 3] + group + 1) | 0;
  }
  out[0] = x0;
  out[1] = x1;
}

/** A stream of uniform numbers for one path: draw d of path p depends on the key, p and d alone. */
export class PathStream {
  readonly #k0: number;
  readonly #k1: number;
  readonly #words = new Uint32Array(2);
  #path = 0;
  #draw = 0;

  constructor(k0: number, k1: number) {
    this.#k0 = k0;
    this.#k1 = k1;
  }

  begin(path: number): void {
    this.#path = path;
    this.#draw = 0;
  }

  /** In [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number {
    threefry(this.#k0, this.#k1, this.#path, this.#draw, this.#words);
    this.#draw += 1;
    return ((this.#words[0] >>> 5) * 67108864 + (this.#words[1] >>> 6)) / 9007199254740992;
  }
}
