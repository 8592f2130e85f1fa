// What observations must be before anything is computed from them.
import { PhxError } from "@phxlang/autodiff";
import type { Observations, PathObservations, StopObservations } from "@phxlang/graph";
import { censoring } from "@phxlang/graph";

/** What the checks ask of a model. */
export interface ObservedModel {
  /** Names of the covariates. */
  readonly covariates: readonly string[];
  readonly causeCount: number;
  readonly isDiscrete: boolean;
}

/**
 * With row and column: PHX604 negative or missing numbers, PHX607 wrong order, PHX608 fractions of steps, PHX605 unknown
 * causes.
 */
export function checkObservations(model: ObservedModel, data: Observations): void {
  const column = data.kind === "reward" ? "values" : "times";
  const times = data.kind === "reward" ? data.values : data.times;
  for (let row = 0; row < data.count; row++) {
    checkTime(model, data, row, column, times[row]);
    if (data.weights !== null) checkNumber(data, row, "weights", data.weights[row]);
    if (data.kind === "stop") checkStop(model, data, row);
  }
  checkCovariates(model, data);
  if (data.kind === "path") checkOrder(data);
}

function checkStop(model: ObservedModel, data: StopObservations, row: number): void {
  const source = data.sourceRows[row];
  if (data.causes[row] < -1 || data.causes[row] >= model.causeCount) {
    throw new PhxError({
      code: "PHX605",
      what: `row ${source}: there is no cause number ${data.causes[row]}`,
      why: `the model has ${model.causeCount}, numbered from 0; −1 stands for an unknown one`,
      fix: "use the numbers of the model's causes",
    });
  }
  const time = data.times[row];
  const isInterval = data.censoring[row] === censoring.interval;
  const upper = data.uppers?.[row] ?? Infinity;
  if (isInterval && upper !== Infinity) {
    checkTime(model, data, row, "uppers", upper);
    if (!(upper > time)) {
      throw badRow(
        source,
        `the interval from ${time} to ${upper} is empty`,
        "an interval holds its upper end only",
      );
    }
  }
  const entry = data.entries?.[row] ?? 0;
  if (entry !== 0) checkTime(model, data, row, "entries", entry);
  if (entry > time) {
    throw badRow(
      source,
      `the time ${time} is before the entry ${entry}`,
      "a row with delayed entry is seen only because it had not stopped by then",
    );
  }
  const limit = data.limits?.[row] ?? Infinity;
  if (limit === Infinity) return;
  checkTime(model, data, row, "limits", limit);
  const last = isInterval ? upper : time;
  if (data.censoring[row] === censoring.right || last > limit || entry >= limit) {
    throw badRow(
      source,
      `what was seen does not lie before the limit ${limit}`,
      "a row with a limit is seen only because it had stopped by then",
    );
  }
}

function checkTime(
  model: ObservedModel,
  data: Observations,
  row: number,
  column: string,
  time: number,
): void {
  checkNumber(data, row, column, time);
  if (!model.isDiscrete || data.kind === "reward" || Number.isInteger(time)) return;
  throw new PhxError({
    code: "PHX608",
    what: `row ${data.sourceRows[row]}: ${time} is not a whole number of steps`,
    why: "the model is discrete",
    fix: "correct the row, or use a continuous model",
  });
}

function checkNumber(data: Observations, row: number, column: string, value: number): void {
  if (value >= 0 && value < Infinity) return;
  const what = value < 0 ? "negative" : "not a finite number";
  throw badRow(data.sourceRows[row], `${value} in \`${column}\` is ${what}`);
}

function checkCovariates(model: ObservedModel, { covariates, sourceRows }: Observations): void {
  if (covariates === null) return;
  covariates.rows.forEach((index, row) => {
    const wrong = covariates.values[index].findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return;
    const value = covariates.values[index][wrong];
    throw badRow(sourceRows[row], `${value} in \`${model.covariates[wrong]}\` is not a finite number`);
  });
}

function badRow(row: number, what: string, why?: string): PhxError {
  return new PhxError({
    code: "PHX604",
    what: `row ${row}: ${what}`,
    ...(why === undefined ? {} : { why }),
    fix: "correct or drop the row",
  });
}

function checkOrder(data: PathObservations): void {
  const { subjectOffsets, times, sourceRows } = data;
  for (let s = 0; s + 1 < subjectOffsets.length; s++) {
    for (let row = subjectOffsets[s] + 1; row < subjectOffsets[s + 1]; row++) {
      if (times[row] >= times[row - 1]) continue;
      throw new PhxError({
        code: "PHX607",
        what: `rows ${sourceRows[row - 1]} and ${sourceRows[row]} of one subject are not in time order`,
        fix: "sort the rows of each subject by time",
      });
    }
  }
}
