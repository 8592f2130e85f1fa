// x log y and its kin: 0 where the factor before the logarithm is 0.
import { log } from "./log.ts";
import { log1p } from "./log1p.ts";

/** x log y; 0 at x = 0 unless y is NaN. */
export function xlogy(x: number, y: number): number {
  return x === 0 && y === y ? 0 : x * log(y);
}

/** x log(1 + y); 0 at x = 0 unless y is NaN. */
export function xlog1py(x: number, y: number): number {
  return x === 0 && y === y ? 0 : x * log1p(y);
}

/** −x log x; 0 at 0, −∞ below. */
export function entr(x: number): number {
  if (x > 0) return -x * log(x);
  if (x === 0) return 0;
  return x < 0 ? -Infinity : NaN;
}
