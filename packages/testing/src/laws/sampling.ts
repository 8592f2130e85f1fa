// Laws of draws: they follow the distribution that the model computes.
import { random } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { numbersOf, sumOf } from "../numbers-of.ts";
import type { Law } from "./law.ts";
import { agree, Disagreement } from "./law.ts";

const draws = 2000;
/** Probability that the law fails although draws are right, for one input. */
export const falseAlarmRate = 1e-9;

/**
 * Largest distance of an empirical from the true distribution function that is exceeded with at most the false-alarm
 * rate: sqrt(log(2 / rate) / (2 n)), for every distribution (Massart 1990, the tight Dvoretzky–Kiefer–Wolfowitz inequality).
 */
const farthest = Math.sqrt(Math.log(2 / falseAlarmRate) / (2 * draws));

export const samplingLaws: readonly Law[] = [
  {
    name: "draws",
    says: `the share of ${draws} draws up to any time is the cdf (false alarms: ${falseAlarmRate} for each input)`,
    check(model, { theta, times }) {
      const key = random.key(Math.round(1e6 * (times[0] % 1)) + Math.floor(times[0]));
      const drawn = Float64Array.from(numbersOf(model.sample(key, theta, draws))).sort();
      const finite = drawn.filter((time) => Number.isFinite(time));
      checkDistance(model, theta, finite);
      const never = 1 - sumOf(numbersOf(model.absorption(theta)));
      const share = (draws - finite.length) / draws;
      if (Math.abs(share - never) > farthest)
        throw new Disagreement("the share of draws that never stop", share, never, farthest);
    },
  },
  {
    name: "keys",
    says: "a draw depends on its key and its index alone",
    check(model, { theta }) {
      const key = random.key(7);
      const many = numbersOf(model.sample(key, theta, 9));
      const few = numbersOf(model.sample(key, theta, 4));
      few.forEach((time, i) => agree(`draw ${i} of 4`, time, many[i], 0));
    },
  },
];

/** At each draw, from the right: the empirical function jumps there. */
function checkDistance(model: Model, theta: readonly number[], finite: Float64Array): void {
  const distinct = [...new Set(finite)];
  if (distinct.length === 0) return;
  const cdf = model.cdf(theta, distinct).dataSync();
  let next = 0;
  distinct.forEach((time, i) => {
    while (next < finite.length && finite[next] <= time) next++;
    const share = next / draws;
    if (Math.abs(share - cdf[i]) > farthest)
      throw new Disagreement(`the share of draws up to ${time}`, share, cdf[i], farthest);
  });
}
