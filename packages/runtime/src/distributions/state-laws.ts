// Where a chain is and has been: probabilities of states, times spent in them, visits to them, and causes.
import type { NdArray, Value } from "@phxlang/autodiff";
import { bind, csrLinear } from "@phxlang/autodiff";
import {
  add,
  concatenate,
  constantOf,
  div,
  dot,
  exp,
  filled,
  firstEntries,
  less,
  mul,
  reshape,
  lastEntries,
  sum,
  take,
  vector,
  where,
} from "../array-operations.ts";
import { Memo } from "../memo.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import { PatternBuilder } from "../patterns/pattern-builder.ts";
import { defaultAccuracy } from "../densities/accuracy.ts";
import { propagation } from "../primitives/exponential.ts";
import { solveLeft } from "../primitives/solve.ts";
import { allAtEpochs, chooseEpoch, durationOf, timesWithin } from "./chain.ts";
import type { Evaluation } from "./evaluation.ts";
import { neverProbability } from "./expectations.ts";
import { matrixOfForms, summationMatrix } from "./forms-matrix.ts";
import type { ModelStructure } from "./model-structure.ts";

/** P(X_t = i) at times [N]: [N, states]. */
export function stateProbabilities(evaluation: Evaluation, times: Value): Value {
  return overTimes(evaluation, times, false);
}

/** Expected time (steps) in each state up to times [N]: [N, states]; 0 for stop states. */
export function occupancy(evaluation: Evaluation, times: Value): Value {
  return overTimes(evaluation, times, true);
}

/** Expected time in each state, for ever: [states]. */
export function timeInStates(evaluation: Evaluation): Value {
  return timesByEpoch(evaluation).reduce((total, part) => add(total, part));
}

/** Expected number of entries of each state, the start included: [states]. */
export function visits(evaluation: Evaluation): Value {
  const { structure } = evaluation;
  const { graph } = structure;
  const isContinuous = graph.kind === "continuous";
  const sources = edgeSources(structure);
  const targets = graph.targets.map((target, e) => (isContinuous && target === sources[e] ? -1 : target));
  let total = csrLinear(summationMatrix(graph.startStates, graph.stateCount), evaluation.startWeights());
  for (const [e, spent] of timesByEpoch(evaluation).entries()) {
    const flows = mul(edgeWeights(evaluation, e), take(spent, sources));
    total = add(total, csrLinear(summationMatrix(targets, graph.stateCount), flows));
  }
  return total;
}

/** Probability of stopping with each cause of the graph: [causes]. */
export function absorption(evaluation: Evaluation): Value {
  const { pattern } = evaluation.last;
  const { rowCount } = pattern;
  const all = allAtEpochs(evaluation.chain());
  const start = all[all.length - 1];
  const rows = firstEntries(start, rowCount);
  const spent = reshape(solveLeft(evaluation.generator(), reshape(rows, [1, rowCount])), [rowCount]);
  const slots = evaluation.slots(evaluation.epochCount - 1);
  const parts = evaluation.structure.graph.causes.map((_, cause) => {
    const later = dot(spent, csrLinear(pattern.exits(cause), slots));
    return add(take(start, [rowCount + cause]), reshape(later, [1]));
  });
  return concatenate(parts);
}

/** Time in each state, [states], epoch by epoch; the last one for ever. */
function timesByEpoch(evaluation: Evaluation): Value[] {
  const { structure, last } = evaluation;
  const { stateCount } = structure.graph;
  const chain = evaluation.chain();
  const result: Value[] = [];
  let start = startOverStates(evaluation);
  for (let e = 0; e + 1 < evaluation.epochCount; e++) {
    const duration = reshape(durationOf(chain, e), [1]);
    result.push(reshape(moveStates(evaluation, e, start, duration, true), [stateCount]));
    const before = reshape(moveStates(evaluation, e, start, duration, false), [stateCount]);
    start = enterStates(structure, e, before);
  }
  const { rowCount, neverCause } = last.pattern;
  const rows = take(start, last.stateOfRow);
  const spent = reshape(solveLeft(evaluation.generator(), reshape(rows, [1, rowCount])), [rowCount]);
  const places = Array.from(last.rowOfState, (row, state) =>
    row >= 0 && last.stateOfRow[row] === state ? row : -1,
  );
  const finite = take(spent, places);
  if (neverCause < 0) return [...result, finite];
  const isNever = vectorOf(last.rowOfState, (row) => row === -1 - neverCause);
  const isReached = less(0, neverProbability(evaluation, rowCount, neverCause));
  return [...result, where(less(0, mul(isNever, where(isReached, 1, 0))), Infinity, finite)];
}

function vectorOf(rows: Int32Array, holds: (row: number) => boolean): Value {
  return take(
    filled(1, 1),
    Array.from(rows, (row) => (holds(row) ? 0 : -1)),
  );
}

function overTimes(evaluation: Evaluation, times: Value, accumulates: boolean): Value {
  const { structure } = evaluation;
  const { stateCount } = structure.graph;
  const chain = evaluation.chain();
  const count = times.shape[0];
  let start = startOverStates(evaluation);
  let before: Value = filled(stateCount, 0);
  const parts: Value[] = [];
  for (let e = 0; e < evaluation.epochCount; e++) {
    const within = reshape(timesWithin(chain, e, times), [count, 1]);
    const part = moveStates(evaluation, e, start, within, accumulates);
    parts.push(accumulates ? add(part, before) : part);
    if (e + 1 === evaluation.epochCount) break;
    const duration = reshape(durationOf(chain, e), [1]);
    if (accumulates)
      before = add(before, reshape(moveStates(evaluation, e, start, duration, true), [stateCount]));
    start = enterStates(
      structure,
      e,
      reshape(moveStates(evaluation, e, start, duration, false), [stateCount]),
    );
  }
  return chooseEpoch(chain, reshape(times, [count, 1]), parts);
}

/**
 * From a distribution over states [states], over times [N, 1] or [1] within an epoch: where the chain is, or how
 * long it was where, [N, states] or [states]. Time is accumulated in a second copy of the states, in a unit that
 * keeps its links slow beside the rates.
 */
function moveStates(
  evaluation: Evaluation,
  e: number,
  start: Value,
  times: Value,
  accumulates: boolean,
): Value {
  const { structure } = evaluation;
  const { graph } = structure;
  const law = graph.kind;
  const pattern = statePattern(structure, e, accumulates);
  const weights = edgeWeights(evaluation, e);
  const unit = law === "discrete" ? filled(1, 1) : unitOfTime(weights);
  const slots = concatenate([weights, unit, filled(1, 1)]);
  const begin = accumulates ? concatenate([start, filled(graph.stateCount, 0)]) : start;
  const isBatch = times.shape.length === 2;
  const mask = stateMask(structure, e, pattern.rowCount);
  const [logs, moved] = bind(propagation, [slots, begin, times, mask], {
    pattern,
    law,
    ...(accumulates ? defaultAccuracy : evaluation.accuracy),
    side: "left",
    batched: [0, 0, isBatch ? 1 : 0, 0],
  });
  const result = mul(exp(logs), moved);
  if (!accumulates) return result;
  return div(lastEntries(result, graph.stateCount), unit);
}

function unitOfTime(weights: Value): Value {
  const scale = sum(weights);
  const unit = where(less(0, scale), div(scale, 16 * Math.max(1, weights.shape[0])), 1);
  return reshape(constantOf(unit), [1]);
}

/** Slots of statePattern(…, false): nothing is accumulated, so the unit of time is never used. */
export function operatorSlots(evaluation: Evaluation, e: number): Value {
  return concatenate([edgeWeights(evaluation, e), filled(2, 1)]);
}

const patterns = new Memo<ModelStructure, string, OperatorPattern>();

/** Rows are the states of the graph; slots are its edges, then the unit of time, then 1. */
export function statePattern(structure: ModelStructure, e: number, accumulates: boolean): OperatorPattern {
  return patterns.get(structure, `${e},${accumulates}`, () => buildStatePattern(structure, e, accumulates));
}

function buildStatePattern(structure: ModelStructure, e: number, accumulates: boolean): OperatorPattern {
  const { graph } = structure;
  const { stateCount, edgeCount, targets } = graph;
  const epoch = graph.epochs[structure.epochs[e].graphEpoch];
  const { offsets } = epoch.weights;
  const isDiscrete = graph.kind === "discrete";
  const builder = new PatternBuilder(accumulates ? 2 * stateCount : stateCount, edgeCount + 2);
  for (let state = 0; state < stateCount; state++) {
    let leaves = false;
    for (let edge = graph.rowOffsets[state]; edge < graph.rowOffsets[state + 1]; edge++) {
      if (offsets[edge] === offsets[edge + 1]) continue;
      leaves = true;
      if (isDiscrete) builder.coupling(state, targets[edge], edge);
      else if (targets[edge] !== state) builder.transition(state, targets[edge], edge);
    }
    if (isDiscrete && !leaves) builder.coupling(state, state, edgeCount + 1);
    if (!accumulates) continue;
    if (epoch.stop[state] < 0) builder.coupling(state, stateCount + state, edgeCount);
    if (isDiscrete) builder.coupling(stateCount + state, stateCount + state, edgeCount + 1);
  }
  return builder.finish();
}

/** Weights of all edges of the graph during an epoch. */
export function edgeWeights(evaluation: Evaluation, e: number): Value {
  const { structure } = evaluation;
  const { graph } = structure;
  // Asked for their checks.
  evaluation.slots(e);
  const { weights } = graph.epochs[structure.epochs[e].graphEpoch];
  return evaluation.forms(e, matrixOfForms(weights, graph.features.featureCount));
}

const sourcesOfGraph = new Memo<ModelStructure, null, Int32Array>();

/** Source of each edge of the graph. */
export function edgeSources(structure: ModelStructure): Int32Array {
  return sourcesOfGraph.get(structure, null, () => {
    const { graph } = structure;
    const sources = new Int32Array(graph.edgeCount);
    for (let i = 0; i < graph.stateCount; i++) sources.fill(i, graph.rowOffsets[i], graph.rowOffsets[i + 1]);
    return sources;
  });
}

/** Where an epoch may begin, as a vector over states (and more rows, in which nothing begins). */
export function stateMask({ graph }: ModelStructure, e: number, rowCount: number): NdArray {
  const mask = new Float64Array(rowCount);
  if (e > 0) mask.fill(1, 0, graph.stateCount);
  else for (const state of graph.startStates) mask[state] = 1;
  return vector(mask);
}

export function startOverStates(evaluation: Evaluation): Value {
  const { graph } = evaluation.structure;
  return csrLinear(summationMatrix(graph.startStates, graph.stateCount), evaluation.startWeights());
}

/** What a distribution over states becomes when epoch e + 1 begins. */
function enterStates(structure: ModelStructure, e: number, distribution: Value): Value {
  const { graph, epochs } = structure;
  const { enter } = graph.epochs[epochs[e + 1].graphEpoch];
  return enter === null ? distribution : csrLinear(summationMatrix(enter, graph.stateCount), distribution);
}
