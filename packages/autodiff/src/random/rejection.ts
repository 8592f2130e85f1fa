// The samplers that draw until they accept, on numbers: gamma and Poisson.
import { exp } from "../special/exp.ts";
import { lgamma } from "../special/lgamma.ts";
import { log } from "../special/log.ts";
import type { Stream } from "./stream.ts";

/**
 * The logarithm of a gamma number of shape a > 0 and rate 1 (it does not underflow for small a), by Marsaglia and Tsang (2000): d (1 + c z)³ with
 * z normal, accepted with probability 0.95 or more. For a < 1 a number of shape a + 1 times u^(1/a).
 */
export function sampleLogGamma(a: number, stream: Stream): number {
  if (!(a > 0 && a < Infinity)) return NaN;
  const boost = a < 1 ? log(stream.open()) / a : 0;
  const d = (a < 1 ? a + 1 : a) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = stream.normal();
    const root = 1 + c * z;
    if (root <= 0) continue;
    const cube = root * root * root;
    const u = stream.open();
    const square = z * z;
    const accepted = u < 1 - 0.0331 * square * square || log(u) < 0.5 * square + d * (1 - cube + log(cube));
    if (accepted) return log(d * cube) + boost;
  }
}

/** A Poisson number of mean m ≥ 0: by products of uniforms below 10, by Hörmann's transformed rejection above. */
export function samplePoisson(m: number, stream: Stream): number {
  if (!(m >= 0 && m < Infinity)) return NaN;
  return m < 10 ? multiplicationPoisson(m, stream) : transformedPoisson(m, stream);
}

function multiplicationPoisson(m: number, stream: Stream): number {
  const limit = exp(-m);
  let product = stream.open();
  let count = 0;
  while (product > limit) {
    product *= stream.open();
    count += 1;
  }
  return count;
}

/** Hörmann (1993), algorithm PTRS; its constants are fitted bounds of the ratio of uniforms. */
function transformedPoisson(m: number, stream: Stream): number {
  const logMean = log(m);
  const b = 0.931 + 2.53 * Math.sqrt(m);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const v0 = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = stream.open() - 0.5;
    const v = stream.open();
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + m + 0.43);
    if (distance >= 0.07 && v <= v0) return k;
    if (k < 0 || (distance < 0.013 && v > distance)) continue;
    const bound = k * logMean - m - lgamma(k + 1);
    if (log((v * inverseAlpha) / (a / (distance * distance) + b)) <= bound) return k;
  }
}
