// log(1 + x) without cancellation near 0.
import { log, logReduced } from "./log.ts";
import { highWord, withHighWord } from "./words.ts";

/** log(1 + x); −∞ at −1 and NaN below. Largest error seen: 0.70 ulp. */
export function log1p(x: number): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (x > -0.29289321881345254 && x < 0.41421356237309503) {
    if (x < 1e-17 && x > -1e-17) return x;
    return logReduced(0, x, 0);
  }
  if (x > 9007199254740992) return log(x);
  const u = 1 + x;
  // log(1 + x) = log u + (rounding error of u) / u
  const tail = (x >= 1 ? 1 - (u - x) : x - (u - 1)) / u;
  const high = highWord(u);
  const exponent = (high - 0x3fe6a09e) >> 20;
  const f = withHighWord(u, high - (exponent << 20)) - 1;
  return logReduced(exponent, f, tail);
}
