// times: random values of T where its distribution has something to say.
import type { Model, Theta } from "@phxlang/runtime";
import * as fc from "fast-check";
import { timeScale } from "../time-scale.ts";

export interface TimesOptions {
  /** Largest time over the scale of the distribution; default 5. */
  readonly furthest?: number;
  readonly mostTimes?: number;
}

/**
 * [1 … mostTimes] distinct ascending times: between a thousandth of the time scale (the mean where it is finite) and
 * `furthest` times it; whole numbers of steps, from 1 on, for a discrete model.
 */
export function times(
  model: Model,
  theta: Theta,
  options: TimesOptions = {},
): fc.Arbitrary<readonly number[]> {
  const { furthest = 5, mostTimes = 6 } = options;
  const scale = timeScale(model, theta);
  const one =
    model.kind === "discrete"
      ? fc.integer({ min: 1, max: Math.max(1, Math.ceil(scale * furthest)) })
      : fc
          .integer({ min: 1, max: Math.ceil(1000 * furthest) })
          .map((thousandths) => (scale * thousandths) / 1000);
  return fc
    .uniqueArray(one, { minLength: 1, maxLength: mostTimes })
    .map((found) => [...found].sort((a, b) => a - b));
}
