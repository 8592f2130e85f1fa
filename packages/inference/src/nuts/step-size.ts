// Step-size adaptation by dual averaging (Hoffman & Gelman 2014, section 3.2).
import { special } from "@phxlang/autodiff";

const shrinkage = 0.05;
const delay = 10;
const decay = 0.75;

/**
 * Leapfrog steps beyond twice the shortest scale are unstable. Adaptation begins with bold steps, and one that long
 * lands where a model of waiting times may cost a million times as much to evaluate.
 */
const longest = 2;

/** All that dual averaging remembers. */
export interface AveragingState {
  readonly anchor: number;
  readonly count: number;
  readonly error: number;
  readonly logAverage: number;
  readonly log: number;
}

/** Starts around a step size. */
export function startAveraging(stepSize: number): AveragingState {
  return {
    anchor: special.log(10 * stepSize),
    count: 0,
    error: 0,
    logAverage: 0,
    log: special.log(stepSize),
  };
}

/** The state after a transition with this acceptance, on the way to a mean acceptance of `target`. */
export function averagingStep(state: AveragingState, acceptance: number, target: number): AveragingState {
  const count = state.count + 1;
  const share = 1 / (count + delay);
  const error = (1 - share) * state.error + share * (target - acceptance);
  const log = state.anchor - (Math.sqrt(count) / shrinkage) * error;
  const weight = special.pow(count, -decay);
  return { ...state, count, error, log, logAverage: weight * log + (1 - weight) * state.logAverage };
}

/** The step size to use next while adapting. */
export function currentStepSize({ log }: AveragingState): number {
  return Math.min(longest, special.exp(log));
}

/** The step size to keep when adaptation ends. */
export function adaptedStepSize({ logAverage }: AveragingState): number {
  return Math.min(longest, special.exp(logAverage));
}
