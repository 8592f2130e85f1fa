// Step sizes over the iterations of a particle method.
import { special } from "@phxlang/autodiff";

/**
 * - "inverse": r / (1 + 10 i / n), the default: large steps at first, a tenth of them at the end.
 * - "cosine": r (1 + cos(π i / n)) / 2, which ends at 0.
 * - "constant": r.
 */
export type ScheduleName = "inverse" | "cosine" | "constant";

/** Step size of iteration i of n. */
export function scheduledRate(schedule: ScheduleName, rate: number, i: number, n: number): number {
  if (schedule === "constant") return rate;
  if (schedule === "cosine") return 0.5 * rate * (1 + special.cos((Math.PI * i) / n));
  return rate / (1 + (10 * i) / n);
}
