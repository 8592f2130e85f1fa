// What a sweep refuses, in the user's words.
import { PhxError } from "@phxlang/autodiff";
import { largestWork } from "./limits.ts";

export function unusableTime(mean: number): PhxError {
  return new PhxError({
    code: "PHX907",
    what: `a time gives ${mean} expected steps of uniformization`,
    why: "times must be finite numbers that are not negative, and rates must be finite",
    fix: "look for NaN or Infinity among the times and the parameters",
  });
}

export function tooManySteps(time: number, steps: number, work: number): PhxError {
  return new PhxError({
    code: "PHX805",
    what: `the time ${time} needs about ${steps.toExponential(1)} uniformization steps (${work.toExponential(1)} multiply-adds)`,
    why: `the fastest rate times the largest time decides the number of steps; the limit is ${largestWork.toExponential(0)} multiply-adds`,
    fix: "use smaller times, or remove states that are left at once (their rates are far above the others)",
  });
}
