// LumpTerms: the rates of one epoch as numbers that are added up without rounding, ready for lumping.
import { Float64List, Int32List } from "./growing-list.ts";
import type { LinearForms } from "./linear-forms.ts";
import type { GraphEpoch, MarkovGraph } from "./markov-graph.ts";

/**
 * Nodes are the transient states, by rank, then one for each cause. Term k of those that lead to node v,
 * offsets[v] ≤ k < offsets[v + 1], says that node sources[k] leads there with amounts[k] in column columns[k].
 * A column is a feature with its coefficients, if sums of them are exact in doubles; else a feature and one absolute
 * coefficient, with ±1 as amount, so that sums are counts. Each node also leads to itself with minus the sum of its
 * amounts, by column: the amounts of a node over all nodes sum to zero, as the rows of a generator do.
 */
export interface LumpTerms {
  readonly nodeCount: number;
  readonly columnCount: number;
  readonly offsets: Int32Array;
  readonly sources: Int32Array;
  readonly columns: Int32Array;
  readonly amounts: Float64Array;
}

/** nodeOf[i]: node of state i. */
export function lumpTerms(
  graph: MarkovGraph,
  epoch: GraphEpoch,
  nodeOf: Int32Array,
  transientStates: Int32Array,
  nodeCount: number,
): LumpTerms {
  const { weights } = epoch;
  const columns = new ColumnTable(weights, graph.features.featureCount, graph.rowOffsets);
  const targets = new Int32List(weights.features.length);
  const sources = new Int32List(weights.features.length);
  const termColumns = new Int32List(weights.features.length);
  const amounts = new Float64List(weights.features.length);
  const row = new RowTotals();
  for (const state of transientStates) {
    const source = nodeOf[state];
    for (let e = graph.rowOffsets[state]; e < graph.rowOffsets[state + 1]; e++) {
      const target = nodeOf[graph.targets[e]];
      if (target === source) continue;
      for (let j = weights.offsets[e]; j < weights.offsets[e + 1]; j++) {
        const column = columns.columnOf(weights.features[j], weights.coefficients[j]);
        const amount = columns.amountOf(weights.features[j], weights.coefficients[j]);
        targets.push(target);
        sources.push(source);
        termColumns.push(column);
        amounts.push(amount);
        row.add(column, amount);
      }
    }
    row.drain((column, total) => {
      if (total === 0) return;
      targets.push(source);
      sources.push(source);
      termColumns.push(column);
      amounts.push(-total);
    });
  }
  return byTarget(nodeCount, columns.columnCount, targets, sources, termColumns, amounts);
}

function byTarget(
  nodeCount: number,
  columnCount: number,
  targets: Int32List,
  sources: Int32List,
  columns: Int32List,
  amounts: Float64List,
): LumpTerms {
  const count = targets.length;
  const offsets = new Int32Array(nodeCount + 1);
  for (let k = 0; k < count; k++) offsets[targets.items[k] + 1]++;
  for (let v = 0; v < nodeCount; v++) offsets[v + 1] += offsets[v];
  const next = offsets.slice(0, nodeCount);
  const sorted = {
    sources: new Int32Array(count),
    columns: new Int32Array(count),
    amounts: new Float64Array(count),
  };
  for (let k = 0; k < count; k++) {
    const place = next[targets.items[k]]++;
    sorted.sources[place] = sources.items[k];
    sorted.columns[place] = columns.items[k];
    sorted.amounts[place] = amounts.items[k];
  }
  return { nodeCount, columnCount, offsets, ...sorted };
}

/** Columns of features, made as they are met. */
class ColumnTable {
  columnCount: number;
  private readonly isExact: Uint8Array;
  private readonly counted: (Map<number, number> | undefined)[];

  constructor(forms: LinearForms, featureCount: number, rowOffsets: Int32Array) {
    this.columnCount = featureCount;
    this.isExact = exactFeatures(forms, featureCount, rowOffsets);
    this.counted = Array.from({ length: featureCount }, () => undefined);
  }

  columnOf(feature: number, coefficient: number): number {
    if (this.isExact[feature] === 1) return feature;
    const columns = (this.counted[feature] ??= new Map<number, number>());
    const size = Math.abs(coefficient);
    let column = columns.get(size);
    if (column === undefined) {
      column = this.columnCount++;
      columns.set(size, column);
    }
    return column;
  }

  amountOf(feature: number, coefficient: number): number {
    return this.isExact[feature] === 1 ? coefficient : Math.sign(coefficient);
  }
}

/**
 * 1 for features whose coefficients within any row of states can be added up exactly: all are whole multiples of one
 * power of two, and the sum of their sizes is below 2^53 of it.
 */
function exactFeatures(forms: LinearForms, featureCount: number, rowOffsets: Int32Array): Uint8Array {
  const { offsets, features, coefficients } = forms;
  const lowest = new Int32Array(featureCount).fill(2000);
  const largest = new Float64Array(featureCount);
  for (let j = 0; j < features.length; j++) {
    const bit = lowestBit(coefficients[j]);
    if (bit < lowest[features[j]]) lowest[features[j]] = bit;
  }
  const row = new RowTotals();
  for (let i = 0; i + 1 < rowOffsets.length; i++) {
    const end = offsets[rowOffsets[i + 1]];
    for (let j = offsets[rowOffsets[i]]; j < end; j++) row.add(features[j], Math.abs(coefficients[j]));
    row.drain((feature, total) => {
      if (total > largest[feature]) largest[feature] = total;
    });
  }
  return Uint8Array.from(lowest, (bit, feature) => (largest[feature] < 2 ** (bit + 53) ? 1 : 0));
}

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
const [lowWord, highWord] = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? [0, 1] : [1, 0];

/** Exponent of the lowest bit that is set in a finite number other than 0. */
function lowestBit(value: number): number {
  bits[0] = value;
  const low = words[lowWord];
  const high = words[highWord];
  const exponent = (high >>> 20) & 0x7ff;
  const unit = exponent === 0 ? -1074 : exponent - 1075;
  if (low !== 0) return unit + trailingZeros(low);
  const mantissa = (high & 0xfffff) | (exponent === 0 ? 0 : 0x100000);
  return unit + 32 + trailingZeros(mantissa);
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** Sums by key over the terms of one row, in order of first occurrence. */
class RowTotals {
  private readonly keys: number[] = [];
  private totals = new Float64Array(64);
  private seen = new Uint8Array(64);

  add(key: number, amount: number): void {
    if (key >= this.totals.length) {
      const length = 2 * key;
      const totals = new Float64Array(length);
      const seen = new Uint8Array(length);
      totals.set(this.totals);
      seen.set(this.seen);
      [this.totals, this.seen] = [totals, seen];
    }
    if (this.seen[key] === 0) {
      this.seen[key] = 1;
      this.keys.push(key);
    }
    this.totals[key] += amount;
  }

  drain(visit: (key: number, total: number) => void): void {
    for (const key of this.keys) {
      visit(key, this.totals[key]);
      this.totals[key] = 0;
      this.seen[key] = 0;
    }
    this.keys.length = 0;
  }
}
