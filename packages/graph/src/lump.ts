// Ordinary lumping, for all parameter values at once: the coarsest classes that keep every column of rates.
import { Int32List } from "./growing-list.ts";
import type { LinearForms } from "./linear-forms.ts";
import { lumpTerms } from "./lump-terms.ts";
import type { LumpTerms } from "./lump-terms.ts";
import type { GraphEpoch, MarkovGraph } from "./markov-graph.ts";
import { RefinablePartition } from "./refinable-partition.ts";
import { SequenceInterner } from "./sequence-interner.ts";

/** What must be equal within a class besides rates, so that it can be read off the classes. */
export interface LumpSeeds {
  /** Rows by state: rewards per unit time. */
  readonly stateRewards?: readonly LinearForms[];
}

/**
 * Classes of states such that, for every column of coefficients and every class C, all states of a class lead into C
 * with the same sum; then that holds for the rates at any θ. `fates[i]` is ≥ 0 for transient states, −1 − cause for
 * others; the result has the class of each transient state in its place, numbered by smallest member.
 *
 * Splitters are processed as by Valmari & Franceschinis (2010): of each block that is split, all parts but the
 * largest are splitters later, so a state is looked at O(log n) times. That the largest may be left out rests on
 * amounts that sum to zero exactly, which LumpTerms guarantee.
 */
export function lumpStates(
  graph: MarkovGraph,
  epoch: GraphEpoch,
  fates: Int32Array,
  seeds: LumpSeeds,
): Int32Array {
  let causeCount = 0;
  for (const fate of fates) causeCount = Math.max(causeCount, -fate);
  const transientStates = new Int32Array(fates.reduce((count, fate) => count + (fate < 0 ? 0 : 1), 0));
  const nodeOf = new Int32Array(fates.length);
  let rank = 0;
  for (let i = 0; i < fates.length; i++) {
    if (fates[i] < 0) nodeOf[i] = transientStates.length - 1 - fates[i];
    else {
      transientStates[rank] = i;
      nodeOf[i] = rank++;
    }
  }
  const nodeCount = transientStates.length + causeCount;
  const partition = initialPartition(transientStates, nodeCount, seeds);
  refine(partition, lumpTerms(graph, epoch, nodeOf, transientStates, nodeCount));
  const numbers = new Int32Array(partition.blockCount).fill(-1);
  let classCount = 0;
  return fates.map((fate, i) => {
    if (fate < 0) return fate;
    const block = partition.blockOf[nodeOf[i]];
    if (numbers[block] < 0) numbers[block] = classCount++;
    return numbers[block];
  });
}

/** Transient states by their rewards; each cause alone. */
function initialPartition(
  transientStates: Int32Array,
  nodeCount: number,
  seeds: LumpSeeds,
): RefinablePartition {
  const interner = new SequenceInterner();
  const colors = new Int32Array(nodeCount);
  transientStates.forEach((state, node) => {
    for (const forms of seeds.stateRewards ?? []) pushRow(interner, forms, state);
    colors[node] = interner.finish();
  });
  for (let node = transientStates.length; node < nodeCount; node++) {
    colors[node] = interner.count + node - transientStates.length;
  }
  return new RefinablePartition(colors, interner.count + nodeCount - transientStates.length);
}

function pushRow(interner: SequenceInterner, forms: LinearForms, row: number): void {
  interner.push(forms.offsets[row + 1] - forms.offsets[row]);
  for (let j = forms.offsets[row]; j < forms.offsets[row + 1]; j++) {
    interner.push(forms.features[j]);
    interner.push(forms.coefficients[j]);
  }
}

function refine(partition: RefinablePartition, terms: LumpTerms): void {
  const splitters = new Int32List();
  const addSplitter = (block: number): void => splitters.push(block);
  let largest = 0;
  for (let b = 1; b < partition.blockCount; b++) {
    if (size(partition, b) > size(partition, largest)) largest = b;
  }
  for (let b = 0; b < partition.blockCount; b++) if (b !== largest) addSplitter(b);
  const gathered = new GatheredTerms(terms);
  const weights = new Float64Array(terms.nodeCount);
  while (splitters.length > 0 && !partition.isDiscrete) {
    const splitter = splitters.items[--splitters.length];
    // Gathered before anything is split: the splitter itself may be.
    gathered.gather(partition.members, partition.begins[splitter], partition.ends[splitter]);
    for (let c = 0; c < gathered.columnCount; c++) {
      const { sources, amounts } = gathered;
      const [from, to] = [gathered.ends[c] - gathered.counts[c], gathered.ends[c]];
      for (let k = from; k < to; k++) weights[sources[k]] += amounts[k];
      for (let k = from; k < to; k++) if (weights[sources[k]] !== 0) partition.mark(sources[k]);
      partition.splitByWeight(weights, addSplitter);
      for (let k = from; k < to; k++) weights[sources[k]] = 0;
    }
  }
}

function size(partition: RefinablePartition, block: number): number {
  return partition.ends[block] - partition.begins[block];
}

/** The terms that lead into a block, by column: those of the c-th column met end at ends[c]. */
class GatheredTerms {
  columnCount = 0;
  sources: Int32Array = new Int32Array(64);
  amounts: Float64Array = new Float64Array(64);
  readonly counts: Int32Array;
  readonly ends: Int32Array;
  private readonly terms: LumpTerms;
  /** Number among the columns met, + 1; 0 for columns not met. */
  private readonly numberOf: Int32Array;
  private readonly met: Int32Array;

  constructor(terms: LumpTerms) {
    this.terms = terms;
    this.numberOf = new Int32Array(terms.columnCount);
    this.met = new Int32Array(terms.columnCount);
    this.counts = new Int32Array(terms.columnCount);
    this.ends = new Int32Array(terms.columnCount);
  }

  gather(nodes: Int32Array, begin: number, end: number): void {
    const { offsets, sources, columns, amounts } = this.terms;
    for (let c = 0; c < this.columnCount; c++) this.numberOf[this.met[c]] = 0;
    this.columnCount = 0;
    let total = 0;
    for (let place = begin; place < end; place++) {
      const node = nodes[place];
      for (let k = offsets[node]; k < offsets[node + 1]; k++) {
        let number = this.numberOf[columns[k]];
        if (number === 0) {
          this.met[this.columnCount] = columns[k];
          this.counts[this.columnCount] = 0;
          number = this.numberOf[columns[k]] = ++this.columnCount;
        }
        this.counts[number - 1]++;
        total++;
      }
    }
    if (total > this.sources.length) {
      this.sources = new Int32Array(2 * total);
      this.amounts = new Float64Array(2 * total);
    }
    let place = 0;
    for (let c = 0; c < this.columnCount; c++) {
      this.ends[c] = place;
      place += this.counts[c];
    }
    for (let at = begin; at < end; at++) {
      const node = nodes[at];
      for (let k = offsets[node]; k < offsets[node + 1]; k++) {
        const to = this.ends[this.numberOf[columns[k]] - 1]++;
        this.sources[to] = sources[k];
        this.amounts[to] = amounts[k];
      }
    }
  }
}
