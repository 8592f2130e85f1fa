// From a curve to a figure: which values to draw, over which data.
import { PhxError } from "@phxlang/autodiff";
import { censoring } from "@phxlang/graph";
import type { StopObservations } from "@phxlang/graph";
import type { Invocation } from "../command.ts";
import { readObservations } from "../observations.ts";
import { drawFigure } from "../plots/draw.ts";
import type { Curve, Figure, Histogram, Ticks } from "../plots/figure.ts";
import { densityHistogram, frequencyHistogram } from "../plots/histogram.ts";
import { kaplanMeier } from "../plots/kaplan-meier.ts";
import { numbersOf } from "../numbers-of.ts";
import { describeTheta } from "../session.ts";
import type { Session } from "../session.ts";
import { unitsOf } from "../variables.ts";
import type { CurveRequest } from "./curve-command.ts";
import { defaultTimes } from "./grid.ts";
import { groupRows } from "./groups.ts";
import type { Group } from "./groups.ts";

/** The SVG of a curve; with an invocation, over the data that the model observes. */
export async function drawCurve(
  request: CurveRequest,
  session: Session,
  data: Invocation | undefined,
): Promise<string> {
  const groups =
    data === undefined ? [] : groupRows(drawable(await stopRows(request, session, data)), session.model);
  const latest = Math.max(0, ...groups.flatMap((group) => group.times));
  const times = request.times ?? defaultTimes(session, request.variable, 201, latest);
  const units = unitsOf(session, request.reward);
  const { kind } = request;
  const title =
    kind.isPerUnit && session.model.kind === "continuous" ? `${kind.title} (${units.density})` : kind.title;
  return drawFigure({
    title: `${session.model.name}${request.reward === undefined ? "" : `, reward ${request.reward}`}`,
    subtitle: describeTheta(session),
    xLabel: units.value,
    yLabel: request.isLog ? `log ${title}` : title,
    logarithmic: request.isLog,
    ...content(request, session, groups, times),
  });
}

function content(
  request: CurveRequest,
  session: Session,
  groups: readonly Group[],
  times: Float64Array,
): Pick<Figure, "curves" | "histogram" | "ticks"> {
  const shape =
    session.model.kind === "continuous" ? "line" : request.kind.name === "pmf" ? "stems" : "steps";
  const curve = (name: string, group: string, values: Float64Array): Curve => ({
    name,
    group,
    x: times,
    y: values,
    shape,
  });
  if (groups.length === 0)
    return { curves: [curve("model", "model", valuesAt(request, session, times, {}))] };
  if (request.kind.name === "pdf" || request.kind.name === "pmf") {
    const [group] = groups;
    return {
      curves: [curve("model", "model", valuesAt(request, session, times, group.with))],
      histogram: histogramOf(request, groups),
    };
  }
  const several = groups.length > 1;
  const curves: Curve[] = [];
  const ticks: Ticks[] = [];
  for (const group of groups) {
    const label = several ? `${group.name}: ` : "";
    const estimate = kaplanMeier(
      group.times,
      (row) => group.isCensored[row],
      (row) => group.weights[row],
    );
    const turn = (values: readonly number[]): number[] =>
      values.map((value) => scaled(request.kind.name === "cdf" ? 1 - value : value, request.isLog));
    const steps = { x: estimate.times, y: turn(estimate.survival), shape: "steps" } as const;
    curves.push({ name: `${label}data`, group: group.name, ...steps });
    curves.push(curve(`${label}model`, group.name, valuesAt(request, session, times, group.with)));
    ticks.push({
      name: `${label}censored`,
      group: group.name,
      x: estimate.censoredTimes,
      y: turn(estimate.censoredSurvival),
    });
  }
  return { curves, ticks };
}

function valuesAt(
  request: CurveRequest,
  session: Session,
  times: Float64Array,
  covariates: Readonly<Record<string, number>>,
): Float64Array {
  const { kind, variable, options } = request;
  const evaluate = request.isLog ? kind.evaluateLog : kind.evaluate;
  const given =
    Object.keys(covariates).length === 0 ? options : { ...options, with: { ...options.with, ...covariates } };
  return numbersOf(evaluate(variable, session.theta, times, given));
}

function scaled(value: number, isLog: boolean): number {
  return isLog ? Math.log(value) : value;
}

function histogramOf(request: CurveRequest, groups: readonly Group[]): Histogram {
  const [group] = groups;
  if (groups.length > 1 || group.isCensored.some(Boolean) || request.isLog) {
    throw new PhxError({
      code: "PHX995",
      what: "no histogram can stand behind this curve",
      why: request.isLog
        ? "its values are logarithms"
        : groups.length > 1
          ? `the data fall into ${groups.length} groups with different covariates`
          : "some times are censored: a histogram of them would mislead",
      fix: "phx survival … --plot --observed draws the Kaplan–Meier estimate of each group",
    });
  }
  const name = `data (${group.times.length} rows)`;
  return request.kind.name === "pmf"
    ? frequencyHistogram(name, group.times)
    : densityHistogram(name, group.times);
}

/** The rows that observe when the process stops. Throws PHX995 where there are none. */
async function stopRows(
  request: CurveRequest,
  session: Session,
  invocation: Invocation,
): Promise<readonly StopObservations[]> {
  if (request.kind.name === "hazard") throw noData("a hazard", "the data do not show it without smoothing");
  if (request.reward !== undefined) throw noData("a reward", "the picture knows times only");
  const stops = (await readObservations(session, invocation)).filter((rows) => rows.kind === "stop");
  if (stops.length === 0) throw noData(session.model.name, "it does not observe when the process stops");
  return stops;
}

/** The same rows. Throws PHX995 where some are left- or interval-censored. */
function drawable(observations: readonly StopObservations[]): readonly StopObservations[] {
  if (
    observations.every((rows) =>
      rows.censoring.every((how) => how === censoring.exact || how === censoring.right),
    )
  ) {
    return observations;
  }
  throw noData(
    "rows that are left- or interval-censored",
    "the Kaplan–Meier estimate needs exact or right-censored times",
  );
}

function noData(what: string, why: string): PhxError {
  return new PhxError({
    code: "PHX995",
    what: `--observed has nothing to draw for ${what}`,
    why,
    fix: "leave --observed out",
  });
}
