// The unit of a machine: a loop that anyone can run, by which times of different machines are compared.

const count = 1_000_000;
const slots = 16_384;
let state = 1;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state % slots;
};
const [a, b, c] = [0, 1, 2].map(() => Int32Array.from({ length: count }, random));
const v = new Float64Array(slots).fill(1e-3);

/** Nanoseconds an operation of v[c] += v[a] * v[b] over 10⁶ random triples: one run. */
export function plainLoopOnce() {
  const start = performance.now();
  for (let t = 0; t < count; t++) v[c[t]] += v[a[t]] * v[b[t]];
  return ((performance.now() - start) * 1e6) / count;
}

/** Median of some runs. */
export function plainLoop(runs = 20) {
  const times = Array.from({ length: runs }, plainLoopOnce);
  return times.sort((x, y) => x - y)[runs >> 1];
}

/** That of the machine on which the figures of the design were measured. */
export const designLoop = 1.9;
