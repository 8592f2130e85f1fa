// timeScale: a time at which the distribution of a model has something to say.
import type { Model, Theta } from "@phxlang/runtime";
import { numbersOf, sumOf } from "./numbers-of.ts";

/** The mean; the median of the paths that stop, where others never do. 1 where the model stops at once. */
export function timeScale(model: Model, theta: Theta): number {
  const mean = model.mean(theta).item();
  if (mean === 0) return 1;
  if (Number.isFinite(mean)) return mean;
  const stopping = sumOf(numbersOf(model.absorption(theta)));
  const median = model.quantile(theta, stopping / 2).item();
  return median > 0 && Number.isFinite(median) ? median : 1;
}
