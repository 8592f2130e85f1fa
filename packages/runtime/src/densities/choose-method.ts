// Which method serves which times: the decision rule, and the refusal when none does.
import { PhxError } from "@phxlang/autodiff";
import type { Accuracy, MethodUse } from "./accuracy.ts";
import type { ExponentialRequest } from "../jets/exponential-request.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import { dense } from "./dense/dense.ts";
import { largestDenseSize } from "./dense/dense-rule.ts";
import { krylov } from "./krylov/krylov.ts";
import type { PanelPlan } from "./panels/panel-plan.ts";
import { panelPlan } from "./panels/panel-plan.ts";
import type { TimePart } from "./time-parts.ts";
import { problemAt } from "./time-parts.ts";
import type { EstimatedMethod, TimeProblem, TimeValues } from "./time-method.ts";
import { uniformization, uniformizationNanoseconds, valuesInLanes } from "./uniformization.ts";

/** A part with its values, where choosing it took them. */
interface ChosenPart extends TimePart {
  readonly values: TimeValues | null;
}

export interface Choice {
  /** Of the problem, or of its nodes where panels serve it. */
  readonly parts: readonly ChosenPart[];
  readonly panels: PanelPlan | null;
  /** What was tried and did not do, in words. */
  readonly refusals: readonly string[];
}

const methods: readonly EstimatedMethod[] = [dense, krylov];
/** Another method must be so much cheaper than uniformization, whose errors are relative at every time. */
const advantage = 1.5;
/** Nanoseconds beyond which a sweep may be refused. */
const endless = 2e10;

/**
 * Of the steps of a sweep, those that a search for a limiting distribution may take: few where the sweep may be another
 * method's.
 */
export function shareOfSearch({ rowCount }: OperatorPattern, { method, tolerance }: Accuracy): number {
  if (method !== "auto") return 1 / 8;
  if (rowCount <= largestDenseSize) return 1 / 64;
  return tolerance >= krylov.bestTolerance ? 1 / 256 : 1 / 8;
}

/** Whether uniformization serves all times: then problems that differ in their numbers only can be taken together. */
export function isSweepOnly({ parts, panels }: Choice): boolean {
  return panels === null && parts.length === 1 && parts[0].method === uniformization;
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
  const choices = problems.map((problem) => choose(problem, accuracy, null));
  const { tolerance } = accuracy;
  if (choices.every(isSweepOnly)) return swept(problems, tolerance, keepsSweep, choices[0].refusals);
  return problems.map((problem, i) => valuesOf(problem, tolerance, choices[i], keepsSweep));
}

function valuesOf(
  problem: TimeProblem,
  tolerance: number,
  { parts, refusals, panels }: Choice,
  keepsSweep: boolean,
): TimeValues {
  if (panels !== null) return panels.values;
  const logValues = new Float64Array(problem.times.length);
  const errors = new Float64Array(problem.times.length);
  const used: MethodUse[] = [];
  for (const { places, values } of parts) {
    const found = values ?? swept([problemAt(problem, places)], tolerance, keepsSweep, refusals)[0];
    places.forEach((n, i) => {
      logValues[n] = found.logValues[i];
      errors[n] = found.errors[i];
    });
    used.push(...found.used);
  }
  return { logValues, errors, used };
}

/** The parts of a problem, or of the nodes that stand for it where it has very many times. */
export function choose(problem: TimeProblem, accuracy: Accuracy, request: ExponentialRequest | null): Choice {
  const panels = panelPlan(problem, accuracy, (nodes) =>
    valuesOf(nodes, accuracy.tolerance, chooseParts(nodes, accuracy, null), false),
  );
  if (panels === null) return chooseParts(problem, accuracy, request);
  if (request === null) return { parts: [], panels, refusals: [] };
  return { ...chooseParts(panels.problem, accuracy, request), panels };
}

/**
 * The parts of a problem, or of a request for derivatives of it. "auto" takes the cheapest method that does not
 * refuse, at the times at which its error estimate is within the tolerance, and uniformization at all others: its
 * error is always within the tolerance, and its work may be refused. A function of the concrete numbers alone, so
 * that values and derivatives are chosen alike; each meets the tolerance.
 */
function chooseParts(problem: TimeProblem, accuracy: Accuracy, request: ExponentialRequest | null): Choice {
  const all = Int32Array.from(problem.times.keys());
  const sweepOnly: Choice = {
    parts: [{ method: uniformization, places: all, values: null }],
    panels: null,
    refusals: [],
  };
  const { method: wanted } = accuracy;
  if (wanted === "uniformization" || (wanted === "auto" && problem.law === "discrete")) return sweepOnly;
  if (wanted !== "auto") checkNamed(problem, accuracy, request);
  const best =
    wanted === "auto" ? cheapest(problem, accuracy, request) : methods.find(({ name }) => name === wanted);
  if (best === undefined)
    return { ...sweepOnly, refusals: methods.flatMap((other) => refusalOf(other, problem)) };
  const suited = all.filter((n) => best.suits(problem, problem.times[n]));
  const values = best.values(problemAt(problem, suited), accuracy, request !== null);
  const isFine = Array.from(values.errors, (error) => error <= accuracy.tolerance);
  const failures = isFine.filter((fine) => !fine).length;
  const refusals: string[] = [];
  if (failures > 0) {
    const most = values.errors.reduce((error, other) => Math.max(error, other), 0);
    refusals.push(
      `${best.name}: error estimate ${most.toExponential(1)} at ${failures} of ${suited.length} times`,
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
    { method: best, places: served, values: selected(values, isFine, served.length) },
    { method: uniformization, places: rest, values: null },
  ];
  return { parts: parts.filter(({ places }) => places.length > 0), panels: null, refusals };
}

/** The method that is cheapest by far; undefined where that is uniformization. */
function cheapest(
  problem: TimeProblem,
  { tolerance }: Accuracy,
  request: ExponentialRequest | null,
): EstimatedMethod | undefined {
  let best: EstimatedMethod | undefined;
  let least = uniformizationNanoseconds(problem) / advantage;
  for (const method of methods) {
    // What would not reach the tolerance is not tried, unless there is nothing else.
    if (tolerance < method.bestTolerance && least < endless) continue;
    const cost = method.nanoseconds(problem, least);
    if (cost >= least || method.refusal(problem) !== null) continue;
    if (request !== null && !method.differentiates(request)) continue;
    best = method;
    least = cost;
  }
  return best;
}

function refusalOf(method: EstimatedMethod, problem: TimeProblem): string[] {
  const refusal = method.refusal(problem);
  return refusal === null ? [] : [`${method.name}: ${refusal}`];
}

/** PHX805 where a method that is asked for by name cannot serve. */
function checkNamed(problem: TimeProblem, accuracy: Accuracy, request: ExponentialRequest | null): void {
  if (problem.law === "discrete") throw refused(accuracy, ["discrete time is computed by powers"]);
  for (const method of methods) {
    if (method.name !== accuracy.method) continue;
    const refusals = refusalOf(method, problem);
    if (refusals.length > 0) throw refused(accuracy, refusals);
    if (request !== null && !method.differentiates(request)) {
      throw refused(accuracy, [`${method.name}: derivatives of second order, or vectors, are asked for`]);
    }
  }
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
  tolerance: number,
  keepsSweep: boolean,
  refusals: readonly string[],
): TimeValues[] {
  try {
    return valuesInLanes(problems, tolerance, keepsSweep);
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
