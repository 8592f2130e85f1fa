// New observations in place of given ones: the same design, other outcomes.
import type { Value } from "@phxlang/autodiff";
import { PhxError, random } from "@phxlang/autodiff";
import type { Observations, PathObservations, RewardObservations, StopObservations } from "@phxlang/graph";
import { censoring } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import { numbersOf } from "../concrete.ts";
import type { Data } from "../posterior/posterior.ts";
import { observationSets } from "../posterior/posterior.ts";

/** A truncated row whose condition holds less often than this cannot be simulated by trying. */
const attemptLimit = 1000;

/**
 * Observations drawn from the model at θ under the design of `data`: covariates, weights, entries and limits stay. A row
 * that was censored on the right at c is again followed to c, one that was known to lie in (a, b] is again looked at in a
 * and b; the others are followed to their end. Panels are seen at the same times. PHX843 where the design cannot be
 * repeated: exact entries of panels, and truncations that almost never hold.
 */
export function simulate(model: Model, theta: Float64Array, data: Data, key: Value): readonly Observations[] {
  const sets = observationSets(data);
  const keys = random.splitList(key, sets.length);
  return sets.map((set, i): Observations => {
    switch (set.kind) {
      case "stop":
        return simulateStops(model, theta, set, keys[i]);
      case "reward":
        return simulateRewards(model, theta, set, keys[i]);
      case "path":
        return simulatePaths(model, theta, set, keys[i]);
    }
  });
}

/** Covariates of a row by name. */
export function covariatesOf(
  model: Model,
  { covariates }: Observations,
  row: number,
): Record<string, number> {
  if (covariates === null) return {};
  const values = covariates.values[covariates.rows[row]];
  return Object.fromEntries(model.covariates.map((name, c) => [name, values[c]]));
}

interface Stop {
  readonly time: number;
  readonly cause: number;
}

function simulateStops(
  model: Model,
  theta: Float64Array,
  data: StopObservations,
  key: Value,
): StopObservations {
  const needsCauses = data.causes.some((cause) => cause >= 0);
  const stops = needsCauses ? stopsByPaths(model, theta, data, key) : stopsByTimes(model, theta, data, key);
  const times = Float64Array.from(data.times);
  const uppers = data.uppers === null ? null : Float64Array.from(data.uppers);
  const kinds = Uint8Array.from(data.censoring);
  const causes = Int32Array.from(data.causes);
  stops.forEach(({ time, cause }, row) => {
    const known = observed(data, row, time);
    kinds[row] = known.kind;
    times[row] = known.time;
    if (known.kind === censoring.right) causes[row] = -1;
    else if (needsCauses) causes[row] = cause;
  });
  return { ...data, times, uppers, censoring: kinds, causes };
}

/** What the design of a row lets be known of a time. */
function observed(
  data: StopObservations,
  row: number,
  time: number,
): { readonly kind: number; readonly time: number } {
  const at = data.times[row];
  const upper = data.uppers?.[row] ?? Infinity;
  switch (data.censoring[row]) {
    case censoring.right:
      return time > at ? { kind: censoring.right, time: at } : { kind: censoring.exact, time };
    case censoring.left:
      return time <= at ? { kind: censoring.left, time: at } : { kind: censoring.exact, time };
    case censoring.interval:
      if (time <= at) return { kind: censoring.left, time: at };
      if (time > upper) return { kind: censoring.right, time: upper };
      return { kind: upper === Infinity ? censoring.right : censoring.interval, time: at };
    default:
      return { kind: censoring.exact, time };
  }
}

function isSeen(data: StopObservations, row: number, time: number): boolean {
  return time > (data.entries?.[row] ?? -1) && time <= (data.limits?.[row] ?? Infinity);
}

/** Rows with equal covariates are drawn together; those that truncation hides are drawn again. */
function stopsByTimes(model: Model, theta: Float64Array, data: StopObservations, key: Value): Stop[] {
  const sample: Sample = (...args) => model.sample(...args);
  const stops: Stop[] = [];
  let open = Array.from({ length: data.count }, (_, row) => row);
  for (let attempt = 0; open.length > 0; attempt++) {
    if (attempt === attemptLimit) throw hidden(data, open[0]);
    const drawn = drawTimes(sample, model, theta, data, open, random.fold(key, attempt));
    open.forEach((row, i) => (stops[row] = { time: drawn[i], cause: -1 }));
    open = open.filter((row) => !isSeen(data, row, stops[row].time));
  }
  return stops;
}

function stopsByPaths(model: Model, theta: Float64Array, data: StopObservations, key: Value): Stop[] {
  return random.splitList(key, data.count).map((own, row) => {
    const options = { with: covariatesOf(model, data, row) };
    for (let attempt = 0; attempt < attemptLimit; attempt++) {
      const { end, cause } = model.samplePath(random.fold(own, attempt), theta, options);
      if (isSeen(data, row, end)) return { time: end, cause };
    }
    throw hidden(data, row);
  });
}

type Sample = Model["sample"];

/** One draw for each of some rows, from one call for each set of covariates. */
function drawTimes(
  sample: Sample,
  model: Model,
  theta: Float64Array,
  data: Observations,
  rows: readonly number[],
  key: Value,
): Float64Array {
  const groups = new Map<number, number[]>();
  rows.forEach((row, i) => {
    const group = data.covariates === null ? 0 : data.covariates.rows[row];
    groups.set(group, [...(groups.get(group) ?? []), i]);
  });
  const drawn = new Float64Array(rows.length);
  const keys = random.splitList(key, groups.size);
  [...groups.values()].forEach((places, g) => {
    const options = { with: covariatesOf(model, data, rows[places[0]]) };
    const values = numbersOf(sample(keys[g], theta, places.length, options));
    places.forEach((place, i) => (drawn[place] = values[i]));
  });
  return drawn;
}

function simulateRewards(
  model: Model,
  theta: Float64Array,
  data: RewardObservations,
  key: Value,
): RewardObservations {
  const reward = model.reward(data.reward);
  const rows = Array.from({ length: data.count }, (_, row) => row);
  const sample: Sample = (...args) => reward.sample(...args);
  return { ...data, values: drawTimes(sample, model, theta, data, rows, key) };
}

function simulatePaths(
  model: Model,
  theta: Float64Array,
  data: PathObservations,
  key: Value,
): PathObservations {
  const exact = data.exact.indexOf(1);
  if (exact >= 0) {
    throw new PhxError({
      code: "PHX843",
      what: `row ${data.sourceRows[exact]}: an entry that was seen at its very moment`,
      why: "a new path enters at another time, or never, so the row has no place in new data",
      fix: "leave the exact rows out of what is simulated",
    });
  }
  const cellValues = Int32Array.from(data.cellValues);
  const state = new Int32Array(model.graph.states.cells.length);
  const subjectCount = data.subjectOffsets.length - 1;
  random.splitList(key, subjectCount).forEach((own, subject) => {
    const first = data.subjectOffsets[subject];
    const path = model.samplePath(own, theta, { with: covariatesOf(model, data, first) });
    let k = 0;
    for (let row = first; row < data.subjectOffsets[subject + 1]; row++) {
      while (k + 1 < path.states.length && path.times[k + 1] <= data.times[row]) k++;
      model.graph.states.read(path.states[k], state);
      data.cells.forEach((cell, c) => (cellValues[row * data.cells.length + c] = state[cell]));
    }
  });
  return { ...data, cellValues };
}

function hidden(data: StopObservations, row: number): PhxError {
  return new PhxError({
    code: "PHX843",
    what: `row ${data.sourceRows[row]}: ${attemptLimit} draws were all hidden by its truncation`,
    why: "at these parameters such a row is almost never seen",
    fix: "look at the entry and limit of the row, and at the parameters",
  });
}
