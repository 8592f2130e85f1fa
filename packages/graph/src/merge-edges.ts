// Edges and transitions of a graph in canonical order, from the rows that exploration logged.
import { LinearFormsBuilder, mergeTerms } from "./linear-forms.ts";
import type { LinearForms } from "./linear-forms.ts";
import type { Transitions } from "./markov-graph.ts";
import type { RowReader } from "./sorted-rows.ts";
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
  rows: RowReader,
  log: TransitionLog,
  order: Int32Array,
  epochCount: number,
  startCount: number,
  keepTransitions: boolean,
): MergedEdges {
  const capacity = log.length - startCount;
  const termCapacity = log.features.length - log.termStart(startCount);
  const rowOffsets = new Int32Array(order.length + 1);
  const targets = new Int32Array(capacity);
  const writers = Array.from({ length: epochCount }, () => new FormsWriter(log, capacity, termCapacity));
  const kept = keepTransitions ? new TransitionColumns(capacity) : null;
  let edgeCount = 0;
  for (let i = 0; i < order.length; i++) {
    rows.load(order[i]);
    const { count, targets: rowTargets, events, epochs, entries } = rows;
    for (let t = 0; t < count;) {
      const target = rowTargets[t];
      for (; t < count && rowTargets[t] === target; t++) {
        writers[epochs[t]].add(entries[t]);
        if (kept !== null) kept.add(edgeCount, events[t], i);
      }
      targets[edgeCount++] = target;
      for (let epoch = 0; epoch < epochCount; epoch++) writers[epoch].endRow();
    }
    rowOffsets[i + 1] = edgeCount;
  }
  const weights = writers.map((writer) => writer.toForms());
  return {
    rowOffsets,
    targets: targets.length === edgeCount ? targets : targets.slice(0, edgeCount),
    weights,
    transitions:
      kept?.finish(edgeCount, weights, () => transitionWeights(rows, log, order, epochCount)) ?? null,
  };
}

/** Distinct pairs (edge, event), as they come. */
class TransitionColumns {
  private readonly edges: Int32Array;
  private readonly events: Int32Array;
  private readonly sources: Int32Array;
  private count = 0;

  constructor(capacity: number) {
    this.edges = new Int32Array(capacity);
    this.events = new Int32Array(capacity);
    this.sources = new Int32Array(capacity);
  }

  add(edge: number, event: number, source: number): void {
    const { count } = this;
    if (count > 0 && this.edges[count - 1] === edge && this.events[count - 1] === event) return;
    this.edges[count] = edge;
    this.events[count] = event;
    this.sources[count] = source;
    this.count++;
  }

  /** Where each edge is one transition, their weights are the edges'. */
  finish(
    edgeCount: number,
    edgeWeights: readonly LinearForms[],
    own: () => readonly LinearForms[],
  ): Transitions {
    const { count } = this;
    const trim = (array: Int32Array): Int32Array => (array.length === count ? array : array.slice(0, count));
    return {
      count,
      edges: trim(this.edges),
      events: trim(this.events),
      sources: trim(this.sources),
      weights: count === edgeCount ? edgeWeights : own(),
    };
  }
}

function transitionWeights(
  rows: RowReader,
  log: TransitionLog,
  order: Int32Array,
  epochCount: number,
): readonly LinearForms[] {
  const writers = Array.from(
    { length: epochCount },
    () => new FormsWriter(log, log.length, log.features.length),
  );
  for (const state of order) {
    rows.load(state);
    const { count, targets, events, epochs, entries } = rows;
    for (let t = 0; t < count; t++) {
      writers[epochs[t]].add(entries[t]);
      if (t + 1 < count && targets[t + 1] === targets[t] && events[t + 1] === events[t]) continue;
      for (const writer of writers) writer.endRow();
    }
  }
  return writers.map((writer) => writer.toForms());
}

/** Writes rows of logged terms into arrays of full size: no growth, for as many rows as a graph has edges. */
class FormsWriter {
  private readonly log: TransitionLog;
  private readonly offsets: Int32Array;
  private readonly features: Int32Array;
  private readonly coefficients: Float64Array;
  private rowCount = 0;
  private length = 0;
  private ascending = true;

  constructor(log: TransitionLog, rowCapacity: number, termCapacity: number) {
    this.log = log;
    this.offsets = new Int32Array(rowCapacity + 1);
    this.features = new Int32Array(termCapacity);
    this.coefficients = new Float64Array(termCapacity);
  }

  /** Adds the terms of logged transition t to the open row. */
  add(t: number): void {
    const { log } = this;
    const end = log.termStart(t + 1);
    for (let j = log.termStart(t); j < end; j++) {
      const feature = log.features.at(j);
      if (this.length > this.offsets[this.rowCount] && this.features[this.length - 1] >= feature)
        this.ascending = false;
      this.features[this.length] = feature;
      this.coefficients[this.length++] = log.coefficients.at(j);
    }
  }

  endRow(): void {
    if (!this.ascending) {
      this.length = mergeTerms(this.features, this.coefficients, this.offsets[this.rowCount], this.length);
      this.ascending = true;
    }
    this.offsets[++this.rowCount] = this.length;
  }

  toForms(): LinearForms {
    const { rowCount, length, offsets, features, coefficients } = this;
    return {
      rowCount,
      offsets: offsets.length === rowCount + 1 ? offsets : offsets.slice(0, rowCount + 1),
      features: features.length === length ? features : features.slice(0, length),
      coefficients: coefficients.length === length ? coefficients : coefficients.slice(0, length),
    };
  }
}

/** The distinct start states, ascending, and the sums of their weights. */
export function mergeStarts(
  log: TransitionLog,
  rank: Int32Array,
  startCount: number,
): { readonly states: Int32Array; readonly weights: LinearForms } {
  const entries = Int32Array.from({ length: startCount }, (_, t) => t);
  entries.sort((a, b) => rank[log.targets.at(a)] - rank[log.targets.at(b)] || a - b);
  const states: number[] = [];
  const builder = new LinearFormsBuilder();
  entries.forEach((t, k) => {
    for (let j = log.termStart(t); j < log.termStart(t + 1); j++) {
      builder.add(log.features.at(j), log.coefficients.at(j));
    }
    const state = rank[log.targets.at(t)];
    if (k + 1 < startCount && rank[log.targets.at(entries[k + 1])] === state) return;
    states.push(state);
    builder.endRow();
  });
  return { states: Int32Array.from(states), weights: builder.toForms() };
}
