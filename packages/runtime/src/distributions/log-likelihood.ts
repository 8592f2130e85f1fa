// The log-likelihood of data: rows with equal covariates share one evaluation of the model.
import type { Value } from "@phxlang/autodiff";
import { PhxError } from "@phxlang/autodiff";
import type { Observations, PathObservations, RewardObservations, StopObservations } from "@phxlang/graph";
import { censoring } from "@phxlang/graph";
import { add } from "../array-operations.ts";
import type { Covariates } from "../model.ts";
import type { Chain } from "./chain.ts";
import type { Evaluation } from "./evaluation.ts";
import { pathLogLikelihood } from "./path-likelihood.ts";
import { stopLogLikelihood } from "./stop-likelihood.ts";

/** What the log-likelihood asks of a model. */
export interface LikelihoodSource {
  readonly covariates: readonly string[];
  readonly causeCount: number;
  readonly isDiscrete: boolean;
  /** The model with some covariates changed. */
  evaluate(covariates: Covariates): Evaluation;
  rewardChain(evaluation: Evaluation, name: string): Chain;
}

export function logLikelihoodOf(source: LikelihoodSource, data: readonly Observations[]): Value {
  if (!data.some(({ count }) => count > 0)) {
    throw new PhxError({
      code: "PHX985",
      what: "there are no observations",
      why: "the log-likelihood of no data is 0 whatever θ",
      fix: "check the file and the `when` of `observe`",
    });
  }
  let total: Value | null = null;
  for (const observations of data) {
    checkObservations(source, observations);
    for (const { covariates, rows } of groupsOf(source, observations)) {
      const part = groupLogLikelihood(source, observations, source.evaluate(covariates), rows);
      total = total === null ? part : add(total, part);
    }
  }
  if (total === null) throw new PhxError({ code: "PHX985", what: "there are no observations" });
  return total;
}

function groupLogLikelihood(
  source: LikelihoodSource,
  data: Observations,
  evaluation: Evaluation,
  rows: readonly number[],
): Value {
  switch (data.kind) {
    case "stop":
      return stopLogLikelihood(evaluation.chain(), data, rows);
    case "reward":
      return stopLogLikelihood(source.rewardChain(evaluation, data.reward), asStops(data), rows);
    case "path":
      return pathLogLikelihood(data, subjectsOf(data, rows), evaluation);
  }
}

/** An observed reward is an exactly observed stop of the reward's own chain. */
function asStops(data: RewardObservations): StopObservations {
  return {
    kind: "stop",
    count: data.count,
    weights: data.weights,
    covariates: data.covariates,
    sourceRows: data.sourceRows,
    times: data.values,
    uppers: null,
    censoring: new Uint8Array(data.count).fill(censoring.exact),
    causes: new Int32Array(data.count).fill(-1),
    entries: null,
  };
}

interface Group {
  readonly covariates: Covariates;
  readonly rows: number[];
}

function groupsOf(source: LikelihoodSource, data: Observations): Group[] {
  const table = data.covariates;
  const all = Array.from({ length: data.count }, (_, row) => row);
  if (table === null) return [{ covariates: {}, rows: all }];
  const groups = new Map<number, Group>();
  for (const row of all) {
    const index = table.rows[row];
    const known = groups.get(index);
    if (known !== undefined) known.rows.push(row);
    else {
      const entries = source.covariates.map((name, c) => [name, table.values[index][c]] as const);
      groups.set(index, { covariates: Object.fromEntries(entries), rows: [row] });
    }
  }
  return [...groups.values()];
}

/** Subjects of the rows of a group; all rows of a subject must be in it. */
function subjectsOf(data: PathObservations, rows: readonly number[]): number[] {
  const isMember = new Uint8Array(data.count);
  for (const row of rows) isMember[row] = 1;
  const subjects: number[] = [];
  for (let s = 0; s + 1 < data.subjectOffsets.length; s++) {
    const own = isMember.subarray(data.subjectOffsets[s], data.subjectOffsets[s + 1]);
    if (!own.includes(1)) continue;
    const odd = own.indexOf(0);
    if (odd >= 0) {
      throw new PhxError({
        code: "PHX983",
        what: `row ${data.sourceRows[data.subjectOffsets[s] + odd]}: covariates change within one subject`,
        why: "the path of a subject is followed under one set of covariates",
        fix: "use covariates that stay the same for each subject",
      });
    }
    subjects.push(s);
  }
  return subjects;
}

/** PHX604 negative or missing times, PHX607 wrong order, PHX608 fractions of steps, PHX605 unknown causes. */
function checkObservations(source: LikelihoodSource, data: Observations): void {
  const times = data.kind === "reward" ? data.values : data.times;
  const checkTime = (time: number, row: number): void => {
    if (!(time >= 0 && time < Infinity)) {
      throw new PhxError({
        code: "PHX604",
        what: `row ${data.sourceRows[row]}: ${data.kind === "reward" ? "value" : "time"} ${time} is ${time < 0 ? "negative" : "not a finite number"}`,
        fix: "correct or drop the row",
      });
    }
    if (source.isDiscrete && data.kind !== "reward" && !Number.isInteger(time)) {
      throw new PhxError({
        code: "PHX608",
        what: `row ${data.sourceRows[row]}: ${time} is not a whole number of steps`,
        why: "the model is discrete",
        fix: "correct the row, or use a continuous model",
      });
    }
  };
  for (let row = 0; row < data.count; row++) checkTime(times[row], row);
  if (data.kind === "stop") checkStops(source, data, checkTime);
  if (data.kind === "path") checkOrder(data);
}

function checkStops(
  source: LikelihoodSource,
  data: StopObservations,
  checkTime: (time: number, row: number) => void,
): void {
  for (let row = 0; row < data.count; row++) {
    if (data.causes[row] < -1 || data.causes[row] >= source.causeCount) {
      throw new PhxError({
        code: "PHX605",
        what: `row ${data.sourceRows[row]}: there is no cause number ${data.causes[row]}`,
        why: `the model has ${source.causeCount}, numbered from 0; −1 stands for an unknown one`,
        fix: "use the numbers of the model's causes",
      });
    }
    const upper = data.uppers?.[row];
    if (data.censoring[row] === censoring.interval && upper !== undefined && upper !== Infinity) {
      checkTime(upper, row);
      if (!(upper > data.times[row])) {
        throw new PhxError({
          code: "PHX604",
          what: `row ${data.sourceRows[row]}: the interval from ${data.times[row]} to ${upper} is empty`,
          fix: "give an upper end above the lower one",
        });
      }
    }
    const entry = data.entries?.[row];
    if (entry !== undefined && entry > 0) {
      checkTime(entry, row);
      if (entry > data.times[row]) {
        throw new PhxError({
          code: "PHX604",
          what: `row ${data.sourceRows[row]}: the time ${data.times[row]} is before the entry ${entry}`,
          why: "a row with delayed entry is seen only because it had not stopped by then",
          fix: "correct or drop the row",
        });
      }
    }
  }
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
