// Which method computes the values and derivatives of a request.
import type { TimeMethod, TimeProblem, TimeValues } from "./time-method.ts";
import { uniformization } from "./uniformization.ts";

/** The values of a problem by the method that serves it. */
export function timeValues(problem: TimeProblem, keepsSweep: boolean): TimeValues {
  return uniformization.values(problem, keepsSweep);
}

/** The method for derivatives: a function of the same concrete numbers as the values. */
export function methodForDerivatives(): TimeMethod {
  return uniformization;
}
