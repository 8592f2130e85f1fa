// The log-likelihood of data: rows with equal covariates share one evaluation of the model.
import type { Value } from "@phxlang/autodiff";
import { PhxError } from "@phxlang/autodiff";
import type { Observations, PathObservations, RewardObservations, StopObservations } from "@phxlang/graph";
import { censoring } from "@phxlang/graph";
import { add, concatenate, take } from "../array-operations.ts";
import type { Covariates } from "../model.ts";
import type { Chain } from "./chain.ts";
import type { Evaluation } from "./evaluation.ts";
import { checkObservations } from "./observation-checks.ts";
import type { ObservedModel } from "./observation-checks.ts";
import { pathLogLikelihood, pathLogLikelihoods } from "./path-likelihood.ts";
import { stopLogLikelihood, stopLogLikelihoods } from "./stop-likelihood.ts";

/** What the log-likelihood asks of a model. */
export interface LikelihoodSource extends ObservedModel {
  /** The model with some covariates changed, as observations of this kind need it. */
  evaluate(covariates: Covariates, data: Observations): Evaluation;
  rewardChain(evaluation: Evaluation, name: string): Chain;
}

/** Σ weight · log likelihood over all observations: a scalar. */
export function logLikelihoodOf(source: LikelihoodSource, data: readonly Observations[]): Value {
  checkData(source, data);
  const parts = data.flatMap((observations) =>
    groupsOf(source, observations).map(({ covariates, rows }) =>
      groupLogLikelihood(source, observations, source.evaluate(covariates, observations), rows),
    ),
  );
  return parts.reduce(add);
}

/**
 * weight · log likelihood of each observation, one data set after another: of each row of stops and rewards, of each
 * subject of panel data.
 */
export function logLikelihoodsOf(source: LikelihoodSource, data: readonly Observations[]): Value {
  checkData(source, data);
  const sets = data.map((observations): Value => {
    const places: number[] = [];
    const parts: Value[] = [];
    let next = 0;
    for (const { covariates, rows } of groupsOf(source, observations)) {
      const units = observations.kind === "path" ? subjectsOf(observations, rows) : rows;
      for (const unit of units) places[unit] = next++;
      parts.push(unitLogLikelihoods(source, observations, source.evaluate(covariates, observations), units));
    }
    return take(concatenate(parts), places);
  });
  return concatenate(sets);
}

function checkData(source: LikelihoodSource, data: readonly Observations[]): void {
  if (!data.some(({ count }) => count > 0)) {
    throw new PhxError({
      code: "PHX985",
      what: "there are no observations",
      why: "the log-likelihood of no data is 0 whatever θ",
      fix: "check the file and the `when` of `observe`",
    });
  }
  for (const observations of data) checkObservations(source, observations);
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

/** Units are rows, or subjects of panel data. */
function unitLogLikelihoods(
  source: LikelihoodSource,
  data: Observations,
  evaluation: Evaluation,
  units: readonly number[],
): Value {
  switch (data.kind) {
    case "stop":
      return stopLogLikelihoods(evaluation.chain(), data, units);
    case "reward":
      return stopLogLikelihoods(source.rewardChain(evaluation, data.reward), asStops(data), units);
    case "path":
      return pathLogLikelihoods(data, units, evaluation);
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
