// threefry2x32 with 20 rounds (Salmon et al. 2011): a counter and a key to two words of random bits.

const rotations: readonly number[] = [13, 15, 26, 6, 17, 29, 16, 24];

/** Encrypts the counter (x0, x1) under the key (k0, k1) into out[at] and out[at + 1]; all words are u32. */
export function threefry2x32(
  k0: number,
  k1: number,
  x0: number,
  x1: number,
  out: Uint32Array | Int32Array,
  at: number,
): void {
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  let a = (x0 + k0) | 0;
  let b = (x1 + k1) | 0;
  for (let group = 0; group < 5; group++) {
    const first = (group & 1) * 4;
    for (let r = first; r < first + 4; r++) {
      a = (a + b) | 0;
      const rotation = rotations[r];
      b = ((b << rotation) | (b >>> (32 - rotation))) ^ a;
    }
    // After each group of four rounds the next two of the three key words are added, and the group's number.
    const step = group % 3;
    a = (a + (step === 0 ? k1 : step === 1 ? k2 : k0)) | 0;
    b = (b + (step === 0 ? k2 : step === 1 ? k0 : k1) + group + 1) | 0;
  }
  out[at] = a;
  out[at + 1] = b;
}
