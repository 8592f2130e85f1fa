// Which method serves which times: the decision rule, and the refusal when none does.
import { PhxError } from "@phxlang/autodiff";
import type { Accuracy, MethodUse } from "./accuracy.ts";
import { dense } from "./dense/dense.ts";
import type { TimePart } from "./time-parts.ts";
import { problemAt } from "./time-parts.ts";
import type { EstimatedMethod, TimeProblem, TimeValues } from "./time-method.ts";
import { uniformization, uniformizationNanoseconds, valuesInLanes } from "./uniformization.ts";

/** A part with its values, where choosing it took them. */
interface ChosenPart extends TimePart {
  readonly values: TimeValues | null;
}

interface Choice {
  readonly parts: readonly ChosenPart[];
  /** What was tried and did not do, in words. */
  readonly refusals: readonly string[];
}

const methods: readonly EstimatedMethod[] = [dense];

/** Whether uniformization serves all times: then problems that differ in their numbers only can be taken together. */
export function isSweepOnly({ parts }: { readonly parts: readonly TimePart[] }): boolean {
  return parts.length === 1 && parts[0].method === uniformization;
}

/**
 * The values of 1, 2, 4 or 8 problems that differ in their numbers only, by the methods that serve each: the same as of
 * each alone.
 */
export function timeValues(
  problems: readonly TimeProblem[],
  accuracy: Accuracy,
  keepsSweep: boolean,
): TimeValues[] {
  const choices = problems.map((problem) => chooseParts(problem, accuracy));
  if (choices.every(isSweepOnly)) return swept(problems, keepsSweep, choices[0].refusals);
  return problems.map((problem, i) => valuesOf(problem, choices[i], keepsSweep));
}

function valuesOf(problem: TimeProblem, { parts, refusals }: Choice, keepsSweep: boolean): TimeValues {
  const logValues = new Float64Array(problem.times.length);
  const errors = new Float64Array(problem.times.length);
  const used: MethodUse[] = [];
  for (const { places, values } of parts) {
    const found = values ?? swept([problemAt(problem, places)], keepsSweep, refusals)[0];
    places.forEach((n, i) => {
      logValues[n] = found.logValues[i];
      errors[n] = found.errors[i];
    });
    used.push(...found.used);
  }
  return { logValues, errors, used };
}

/**
 * The parts of a problem. "auto" takes the cheapest method that does not refuse, at the times at which its error
 * estimate is within the tolerance, and uniformization at all others: its error is always within the tolerance, and
 * its work may be refused. A function of the concrete numbers alone, so that values and derivatives agree.
 */
export function chooseParts(problem: TimeProblem, accuracy: Accuracy): Choice {
  const all = Int32Array.from(problem.times.keys());
  const sweepOnly: Choice = {
    parts: [{ method: uniformization, places: all, values: null }],
    refusals: [],
  };
  const { method: wanted } = accuracy;
  if (wanted === "uniformization" || (wanted === "auto" && problem.law === "discrete")) return sweepOnly;
  const refusals: string[] = [];
  let best: EstimatedMethod | null = null;
  let least = wanted === "auto" ? uniformizationNanoseconds(problem) : Infinity;
  for (const method of methods) {
    if (wanted !== "auto" && wanted !== method.name) continue;
    const refusal =
      problem.law === "discrete" ? "discrete time is computed by powers" : method.refusal(problem);
    if (refusal !== null) {
      refusals.push(`${method.name}: ${refusal}`);
      continue;
    }
    const cost = method.nanoseconds(problem);
    if (cost >= least) continue;
    best = method;
    least = cost;
  }
  if (best === null) {
    if (wanted === "auto") return { ...sweepOnly, refusals };
    throw refused(accuracy, refusals);
  }
  const own = best;
  const suited = all.filter((n) => own.suits(problem, problem.times[n]));
  const values = own.values(problemAt(problem, suited), false);
  const isFine = Array.from(values.errors, (error) => error <= accuracy.tolerance);
  const failures = isFine.filter((fine) => !fine).length;
  if (failures > 0) {
    const most = values.errors.reduce((error, other) => Math.max(error, other), 0);
    refusals.push(
      `${own.name}: error estimate ${most.toExponential(1)} at ${failures} of ${suited.length} times`,
    );
    if (wanted !== "auto") throw refused(accuracy, refusals);
  }
  const isServed = new Uint8Array(all.length);
  suited.forEach((n, i) => {
    if (isFine[i]) isServed[n] = 1;
  });
  const served = all.filter((n) => isServed[n] === 1);
  const rest = all.filter((n) => isServed[n] === 0);
  const parts: ChosenPart[] = [
    { method: own, places: served, values: selected(values, isFine, served.length) },
    { method: uniformization, places: rest, values: null },
  ];
  return { parts: parts.filter(({ places }) => places.length > 0), refusals };
}

function selected(values: TimeValues, isFine: readonly boolean[], count: number): TimeValues {
  const errors = values.errors.filter((_, i) => isFine[i]);
  const error = errors.reduce((most, own) => Math.max(most, own), 0);
  return {
    logValues: values.logValues.filter((_, i) => isFine[i]),
    errors,
    used: values.used.map((use) => ({ ...use, times: count, error })),
  };
}

/** Values by uniformization; where its work is refused, with what else was tried. */
function swept(
  problems: readonly TimeProblem[],
  keepsSweep: boolean,
  refusals: readonly string[],
): TimeValues[] {
  try {
    return valuesInLanes(problems, keepsSweep);
  } catch (error) {
    if (!(error instanceof PhxError && error.code === "PHX805") || refusals.length === 0) throw error;
    const [first, ...others] = error.diagnostics;
    throw new PhxError([{ ...first, message: [first.message, ...refusals].join("; ") }, ...others]);
  }
}

function refused({ method, tolerance }: Accuracy, reasons: readonly string[]): PhxError {
  return new PhxError({
    code: "PHX805",
    what: `these values are not to be had to the tolerance ${tolerance.toExponential(0)}: ${reasons.join("; ")}`,
    why: `the method ${method} was asked for by name: it is used or refused, never replaced`,
    fix: "leave the method to auto, or give a larger tolerance",
  });
}
