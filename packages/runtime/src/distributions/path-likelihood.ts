// The log-likelihood of panel data: states (or parts of them) seen at given times, latent cells summed out.
import type { Value } from "@phxlang/autodiff";
import { bind, csrLinear, NdArray, np, PhxError } from "@phxlang/autodiff";
import type { MarkovGraph, PathObservations } from "@phxlang/graph";
import {
  add,
  broadcastLeading,
  div,
  less,
  log,
  mul,
  reshape,
  sub,
  sum,
  take,
  vector,
  where,
} from "../array-operations.ts";
import { propagation } from "../primitives/exponential.ts";
import { timesWithin } from "./chain.ts";
import type { Evaluation } from "./evaluation.ts";
import { summationMatrix } from "./forms-matrix.ts";
import {
  edgeSources,
  edgeWeights,
  operatorSlots,
  startOverStates,
  stateMask,
  statePattern,
} from "./state-laws.ts";
import { impossibleRow } from "./stop-likelihood.ts";

/** States that agree with what was seen in each row: equal observations share one list. */
export function matchingStates(graph: MarkovGraph, data: PathObservations): (row: number) => Int32Array {
  const { cells } = data;
  const keyOfState = (state: Int32Array): string => cells.map((cell) => state[cell]).join();
  const states = new Map<string, number[]>();
  const state = new Int32Array(graph.states.cells.length);
  for (let i = 0; i < graph.stateCount; i++) {
    const key = keyOfState(graph.states.read(i, state));
    const known = states.get(key);
    if (known === undefined) states.set(key, [i]);
    else known.push(i);
  }
  const lists = new Map(Array.from(states, ([key, list]) => [key, Int32Array.from(list)]));
  return (row) => {
    const key = Array.from(data.cellValues.subarray(row * cells.length, (row + 1) * cells.length)).join();
    const list = lists.get(key);
    if (list !== undefined) return list;
    throw new PhxError({
      code: "PHX606",
      what: `row ${data.sourceRows[row]}: no state of the model has ${describeRow(graph, data, row)}`,
      why: "such a state is not reachable from the start",
      fix: "correct or drop the row, or let the model reach it",
    });
  };
}

/** What a row shows: `severity = mild`. */
function describeRow(graph: MarkovGraph, { cells, cellValues }: PathObservations, row: number): string {
  const seen = cells.map((cell, c) => {
    const { name, labels, lower } = graph.states.cells[cell];
    const value = cellValues[row * cells.length + c];
    return `${name} = ${labels?.[value - lower] ?? value}`;
  });
  return seen.join(", ");
}

/** Σ weight · log likelihood over subjects. */
export function pathLogLikelihood(
  data: PathObservations,
  subjects: readonly number[],
  evaluation: Evaluation,
): Value {
  return sum(pathLogLikelihoods(data, subjects, evaluation));
}

/**
 * weight · log likelihood of each of some subjects: [subjects]. Forward filtering, subjects side by side, row after row.
 * Row k of a subject multiplies its likelihood by P(what row k shows | rows before), which is summed in logarithms.
 */
export function pathLogLikelihoods(
  data: PathObservations,
  subjects: readonly number[],
  evaluation: Evaluation,
): Value {
  const { graph } = evaluation.structure;
  const matches = matchingStates(graph, data);
  const { subjectOffsets, times } = data;
  const lengthOf = (s: number): number => subjectOffsets[s + 1] - subjectOffsets[s];
  const ordered = subjects.filter((s) => lengthOf(s) > 0).toSorted((a, b) => lengthOf(b) - lengthOf(a));
  if (ordered.length === 0) return vector(new Float64Array(subjects.length));
  const steps = lengthOf(ordered[0]);
  let vectors = broadcastLeading(startOverStates(evaluation), ordered.length);
  // Where the subjects may be: what was seen last, or the start.
  let known = broadcastLeading(stateMask(evaluation.structure, 0, graph.stateCount), ordered.length);
  let total: Value | null = null;
  for (let k = 0; k < steps; k++) {
    const active = ordered.filter((s) => lengthOf(s) > k);
    const rows = active.map((s) => subjectOffsets[s] + k);
    if (active.length < vectors.shape[0]) {
      vectors = np.slice(vectors, [0, active.length]);
      known = np.slice(known, [0, active.length]);
    }
    const before = rows.map((row) => (k === 0 ? 0 : times[row - 1]));
    const moved = moveAll(
      evaluation,
      vectors,
      before,
      rows.map((row) => times[row]),
      known,
    );
    const isExact = rows.map((row) => data.exact[row] === 1);
    const entered = isExact.includes(true) ? enterExactly(evaluation, moved.vectors, isExact) : moved.vectors;
    const mask = new Float64Array(active.length * graph.stateCount);
    for (const [i, row] of rows.entries()) {
      for (const state of matches(row)) mask[i * graph.stateCount + state] = 1;
    }
    known = new NdArray(mask, [active.length, graph.stateCount], "f64");
    const seen = mul(entered, known);
    const share = np.sum(seen, 1);
    const isPossible = less(0, share);
    const safe = where(isPossible, share, 1);
    const logs = where(isPossible, add(log(safe), moved.scales), -Infinity);
    checkPossible(logs, rows, k === 0, data, graph);
    const weights = Float64Array.from(rows, (row) => data.weights?.[row] ?? 1);
    const part = mul(logs, vector(weights));
    const placed =
      active.length === ordered.length
        ? part
        : take(
            part,
            ordered.map((_, i) => (i < active.length ? i : -1)),
          );
    total = total === null ? placed : add(total, placed);
    vectors = div(seen, reshape(safe, [active.length, 1]));
  }
  if (total === null) return vector(new Float64Array(subjects.length));
  return take(
    total,
    subjects.map((s) => ordered.indexOf(s)),
  );
}

/** Distributions [B, states] from times `from` to times `to`, through the epochs between; scales [B]. */
function moveAll(
  evaluation: Evaluation,
  vectors: Value,
  from: readonly number[],
  to: readonly number[],
  mask: Value,
): { readonly vectors: Value; readonly scales: Value } {
  const { structure } = evaluation;
  const { graph } = structure;
  const count = from.length;
  const chain = evaluation.chain();
  const begin = vector(Float64Array.from(from));
  const end = vector(Float64Array.from(to));
  let current = vectors;
  let scales: Value = vector(new Float64Array(count));
  const everywhere = np.ones([count, graph.stateCount]);
  for (let e = 0; e < evaluation.epochCount; e++) {
    const pattern = statePattern(structure, e, false);
    const within = sub(timesWithin(chain, e, end), timesWithin(chain, e, begin));
    const [logs, moved] = bind(
      propagation,
      [operatorSlots(evaluation, e), current, reshape(within, [count, 1]), e === 0 ? mask : everywhere],
      { pattern, law: graph.kind, ...evaluation.accuracy, side: "left", batched: [0, 1, 1, 1] },
    );
    current = moved;
    scales = add(scales, reshape(logs, [count]));
    if (e + 1 === evaluation.epochCount) break;
    const { enter } = graph.epochs[structure.epochs[e + 1].graphEpoch];
    if (enter === null) continue;
    const boundary = chain.times[e];
    const crosses = where(less(begin, boundary), where(less(end, boundary), 0, 1), 0);
    const changed = csrLinear(summationMatrix(enter, graph.stateCount), current);
    current = where(less(0, reshape(crosses, [count, 1])), changed, current);
  }
  return { vectors: current, scales };
}

/** For rows seen at the very moment of entry: the rate of entering each state, in place of its probability. */
function enterExactly(evaluation: Evaluation, vectors: Value, isExact: readonly boolean[]): Value {
  const { structure } = evaluation;
  const { graph } = structure;
  if (evaluation.epochCount > 1) {
    throw new PhxError({
      code: "PHX983",
      what: "exactly observed entries in a model with epochs",
      why: "the epoch of each entry would have to be known before its time is",
      fix: "drop `exact`, or use a model without epochs",
    });
  }
  if (graph.kind === "discrete") return vectors;
  const weights = edgeWeights(evaluation, 0);
  const flows = mul(take(vectors, edgeSources(structure)), weights);
  const entered = csrLinear(summationMatrix(graph.targets, graph.stateCount), flows);
  const flags = vector(Float64Array.from(isExact, (flag) => (flag ? 1 : 0)));
  return where(less(0, reshape(flags, [isExact.length, 1])), entered, vectors);
}

/** PHX606 with what the row shows, and what was seen before it. */
function checkPossible(
  logs: Value,
  rows: readonly number[],
  areFirst: boolean,
  data: PathObservations,
  graph: MarkovGraph,
): void {
  if (!(logs instanceof NdArray)) return;
  const index = logs.elements.indexOf(-Infinity);
  if (index < 0) return;
  const row = rows[index];
  const shown = (at: number): string => `(${describeRow(graph, data, at)}) at ${data.times[at]}`;
  const before = areFirst ? "after the start" : `after ${shown(row - 1)}`;
  throw impossibleRow(data.sourceRows[row], `${shown(row)} ${before}`);
}
