// Evaluation: a model at one θ. Values are computed when first asked for and kept.
import type { CsrMatrix, Value } from "@phxlang/autodiff";
import { asValue, callProgram, csrLinear, NdArray, PhxError } from "@phxlang/autodiff";
import type { BoundValue } from "@phxlang/graph";
import { concatenate, firstEntries, lastEntries, reshape, take } from "../array-operations.ts";
import type { Accuracy } from "../densities/accuracy.ts";
import { Memo } from "../memo.ts";
import { checked } from "../primitives/checked.ts";
import type { FactoredGenerator } from "../primitives/solve.ts";
import { factorGenerator } from "../primitives/solve.ts";
import type { Chain, ChainEpoch } from "./chain.ts";
import type { EpochStructure } from "./epoch-structure.ts";
import { constantForms, summationMatrix } from "./forms-matrix.ts";
import type { ModelStructure } from "./model-structure.ts";

/** What θ and covariates become: the feature inputs z of each epoch, and when epochs begin. */
export interface EpochInputs {
  readonly inputs: readonly Value[];
  /** Scalars, one fewer than epochs; null: as the graph says. */
  readonly times: readonly Value[] | null;
}

export class Evaluation {
  readonly structure: ModelStructure;
  readonly accuracy: Accuracy;
  readonly #inputs: readonly Value[];
  readonly #givenTimes: readonly Value[] | null;
  readonly #features = new Map<Value, Value>();
  readonly #slots: (Value | null)[];
  #chain: Chain | null = null;
  #generator: FactoredGenerator | null = null;

  constructor(structure: ModelStructure, { inputs, times }: EpochInputs, accuracy: Accuracy) {
    this.structure = structure;
    this.accuracy = accuracy;
    this.#inputs = inputs;
    this.#givenTimes = times;
    this.#slots = structure.epochs.map(() => null);
  }

  get epochCount(): number {
    return this.structure.epochs.length;
  }

  get last(): EpochStructure {
    return this.structure.epochs[this.epochCount - 1];
  }

  /** φ during an epoch, with the rates that no slot shows checked. */
  features(epoch: number): Value {
    const input = this.#inputs[epoch];
    let features = this.#features.get(input);
    if (features === undefined) {
      [features] = callProgram(this.structure.features, [input]);
      const { unseen } = this.last;
      if (unseen !== null) {
        const all = concatenate([csrLinear(unseen.matrix, features), features]);
        features = lastEntries(checked(all, unseen.check), features.shape[0]);
      }
      this.#features.set(input, features);
    }
    return features;
  }

  /** Rows of forms during an epoch; a concrete array where no parameter occurs in them. */
  forms(epoch: number, matrix: CsrMatrix): Value {
    return constantForms(matrix) ?? csrLinear(matrix, this.features(epoch));
  }

  /** Operator slots of an epoch, checked. */
  slots(epoch: number): Value {
    let slots = this.#slots[epoch];
    if (slots === null) {
      const { slotMatrix, checks } = this.structure.epochs[epoch];
      slots = checks.reduce(checked, this.forms(epoch, slotMatrix));
      this.#slots[epoch] = slots;
    }
    return slots;
  }

  /** Initial probabilities of graph.startStates, checked. */
  startWeights(): Value {
    return checked(this.forms(0, this.structure.startWeights), this.structure.startCheck);
  }

  /** Initial distribution over rows and causes of the first epoch. */
  start(): Value {
    return csrLinear(this.structure.startPlaces, this.startWeights());
  }

  /** The rows of the first epoch at which the model may start, ascending, and their probabilities. */
  startRows(): { readonly rows: Int32Array; readonly weights: Value } {
    const { rows, matrix } = startPlaces.get(this.structure, null, () => rowsOfStart(this.structure));
    return { rows, weights: csrLinear(matrix, this.startWeights()) };
  }

  chain(): Chain {
    if (this.#chain === null) {
      const { epochs, entries, graph, trace } = this.structure;
      const hasTrace = (e: number): boolean => graph.kind === "continuous" && e + 1 === epochs.length;
      this.#chain = {
        epochs: epochs.map(({ pattern }, e): ChainEpoch => ({
          pattern,
          slots: this.slots(e),
          trace: hasTrace(e) ? trace : null,
        })),
        times: this.times(),
        entries,
        start: this.start(),
        startMask: startMask(this.structure),
        accuracy: this.accuracy,
      };
    }
    return this.#chain;
  }

  /** When epochs 1, 2, … begin: scalars. */
  times(): readonly Value[] {
    const { graph, epochs } = this.structure;
    const times =
      this.#givenTimes ??
      epochs.slice(1).map(({ graphEpoch }) => this.#bound(graph.epochs[graphEpoch].start));
    for (const [e, time] of times.entries()) {
      if (time instanceof NdArray) checkEpochTime(this.structure, times, e, time.item());
    }
    return times;
  }

  /** Slots of the trace, without what operators need besides. */
  traceSlots(): Value {
    const { trace } = this.structure;
    const slots = this.slots(this.epochCount - 1);
    if (slots.shape[0] === trace.slotCount) return slots;
    return firstEntries(slots, trace.slotCount);
  }

  /** The factored generator of the last epoch. */
  generator(): FactoredGenerator {
    this.#generator ??= factorGenerator(this.structure.trace, this.traceSlots(), null);
    return this.#generator;
  }

  #bound(bound: BoundValue): Value {
    if (typeof bound === "number") return asValue(bound);
    return reshape(take(this.features(0), [bound.feature]), []);
  }
}

interface StartRows {
  readonly rows: Int32Array;
  /** Start weights → probabilities of the rows. */
  readonly matrix: CsrMatrix;
}

const startPlaces = new Memo<ModelStructure, null, StartRows>();

function rowsOfStart({
  startPlaces: { rowOffsets, columns, columnCount },
  epochs,
}: ModelStructure): StartRows {
  const { rowCount } = epochs[0].pattern;
  const rows: number[] = [];
  const rowOfWeight = new Int32Array(columnCount).fill(-1);
  for (let row = 0; row < rowCount; row++) {
    if (rowOffsets[row] === rowOffsets[row + 1]) continue;
    for (let e = rowOffsets[row]; e < rowOffsets[row + 1]; e++) rowOfWeight[columns[e]] = rows.length;
    rows.push(row);
  }
  return { rows: Int32Array.from(rows), matrix: summationMatrix(rowOfWeight, rows.length) };
}

/** 1 for the rows and causes that belong to start states. */
function startMask({ startPlaces }: ModelStructure): Float64Array {
  const { rowCount, rowOffsets } = startPlaces;
  return Float64Array.from({ length: rowCount }, (_, r) => (rowOffsets[r] < rowOffsets[r + 1] ? 1 : 0));
}

function checkEpochTime(structure: ModelStructure, times: readonly Value[], e: number, time: number): void {
  const before = e === 0 ? 0 : times[e - 1];
  const earlier = typeof before === "number" ? before : before instanceof NdArray ? before.item() : 0;
  const { graph, epochs } = structure;
  const name = (index: number): string => graph.epochs[epochs[index].graphEpoch].name;
  if (!(time >= earlier) || time === Infinity) {
    throw new PhxError({
      code: "PHX408",
      what: `epoch ${name(e + 1)} begins at ${time}, epoch ${name(e)} at ${earlier}`,
      why: "epochs must begin in increasing order, at finite times",
      fix: "choose times of change that increase",
    });
  }
  if (graph.kind === "discrete" && !Number.isInteger(time)) {
    throw new PhxError({
      code: "PHX608",
      what: `epoch ${name(e + 1)} begins at ${time}, not a whole number of steps`,
      why: "in discrete time epochs change between steps",
      fix: "choose whole numbers",
    });
  }
}
