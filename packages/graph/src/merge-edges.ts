// Edges and transitions of a graph in canonical order, from its rows.
import { FormsWriter } from "./forms-writer.ts";
import type { LinearForms } from "./linear-forms.ts";
import type { Transitions } from "./markov-graph.ts";
import type { RowSource } from "./sorted-rows.ts";
import { TransitionColumns } from "./transition-columns.ts";
import type { TransitionLog } from "./transition-log.ts";

export interface MergedEdges {
  readonly rowOffsets: Int32Array;
  readonly targets: Int32Array;
  /** Per epoch. */
  readonly weights: readonly LinearForms[];
  readonly transitions: Transitions | null;
}

/** Edges in CSR order; the weights of transitions with one target are added up, epoch by epoch. */
export function mergeEdges(
  rows: RowSource,
  stateCount: number,
  epochCount: number,
  keepTransitions: boolean,
): MergedEdges {
  const { log, row, transitionCount: capacity, termCount } = rows;
  const rowOffsets = new Int32Array(stateCount + 1);
  const targets = new Int32Array(capacity);
  const writers = Array.from({ length: epochCount }, () => new FormsWriter(log, capacity, termCount));
  const [writer] = writers;
  const kept = keepTransitions ? new TransitionColumns(capacity) : null;
  let edgeCount = 0;
  for (let i = 0; i < stateCount; i++) {
    rows.load(i);
    const { count, targets: rowTargets, epochs, entries } = row;
    for (let t = 0; t < count;) {
      const target = rowTargets[t];
      let end = t + 1;
      while (end < count && rowTargets[end] === target) end++;
      if (end === t + 1 && epochCount === 1) {
        writer.row(entries[t]);
        if (kept !== null) kept.add(edgeCount, log.eventOf(entries[t]));
      } else {
        for (let k = t; k < end; k++) writers[epochs[k]].add(entries[k]);
        for (let epoch = 0; epoch < epochCount; epoch++) writers[epoch].endRow();
        if (kept !== null) {
          for (const event of eventsOf(log, entries, t, end)) kept.add(edgeCount, event);
        }
      }
      targets[edgeCount++] = target;
      t = end;
    }
    rowOffsets[i + 1] = edgeCount;
  }
  const weights = writers.map((one) => one.toForms());
  const own = (): readonly LinearForms[] => transitionWeights(rows, stateCount, epochCount);
  return {
    rowOffsets,
    targets: targets.length === edgeCount ? targets : targets.slice(0, edgeCount),
    weights,
    transitions: kept === null ? null : kept.finish(rowOffsets, edgeCount, weights, own),
  };
}

/** Distinct events of some logged transitions, ascending. */
function eventsOf(log: TransitionLog, entries: Int32Array, begin: number, end: number): readonly number[] {
  const events = new Set<number>();
  for (let k = begin; k < end; k++) events.add(log.eventOf(entries[k]));
  return [...events].sort((a, b) => a - b);
}

function transitionWeights(rows: RowSource, stateCount: number, epochCount: number): readonly LinearForms[] {
  const { log, row, transitionCount, termCount } = rows;
  const writers = Array.from({ length: epochCount }, () => new FormsWriter(log, transitionCount, termCount));
  for (let state = 0; state < stateCount; state++) {
    rows.load(state);
    const { count, targets, epochs, entries } = row;
    for (let t = 0; t < count;) {
      let end = t + 1;
      while (end < count && targets[end] === targets[t]) end++;
      for (const event of eventsOf(log, entries, t, end)) {
        for (let k = t; k < end; k++)
          if (log.eventOf(entries[k]) === event) writers[epochs[k]].add(entries[k]);
        for (const writer of writers) writer.endRow();
      }
      t = end;
    }
  }
  return writers.map((writer) => writer.toForms());
}

/** The distinct start states, ascending, and the sums of their weights. */
export function mergeStarts(
  log: TransitionLog,
  rank: Int32Array,
  startCount: number,
): { readonly states: Int32Array; readonly weights: LinearForms } {
  const entries = Int32Array.from({ length: startCount }, (_, t) => t);
  entries.sort((a, b) => rank[log.targetOf(a)] - rank[log.targetOf(b)] || a - b);
  const states: number[] = [];
  const writer = new FormsWriter(log, startCount, log.countTerms(0));
  entries.forEach((t, k) => {
    writer.add(t);
    const state = rank[log.targetOf(t)];
    if (k + 1 < startCount && rank[log.targetOf(entries[k + 1])] === state) return;
    states.push(state);
    writer.endRow();
  });
  return { states: Int32Array.from(states), weights: writer.toForms() };
}
