// RewardPlan: how the accumulated reward of a model becomes the time to absorption of another chain.
import type { CsrMatrix } from "@phxlang/autodiff";
import { csrMatrix, PhxError } from "@phxlang/autodiff";
import type { LinearForms, RewardDeclaration } from "@phxlang/graph";
import { reduceChain, startNode } from "../patterns/reduce-chain.ts";
import type { ChainEntry } from "../patterns/reduce-chain.ts";
import type { ReductionPlan } from "../patterns/reduction-plan.ts";
import type { TimeLaw } from "../uniformization/mixing-law.ts";
import { ChainPattern } from "./chain-pattern.ts";
import type { EpochStructure } from "./epoch-structure.ts";
import { rowForms } from "./epoch-structure.ts";
import { sumOfForms } from "./forms-matrix.ts";
import type { ModelStructure } from "./model-structure.ts";
import { formsOf } from "./model-structure.ts";

/**
 * Nodes are the rows and, after them, one node for each transition that pays: such a transition goes through its
 * node, which earns the payment. Nodes that earn nothing are eliminated. What is left earns at a rate (its slots
 * are divided by it), or whole numbers (it is passed in as many steps).
 */
export interface RewardPlan {
  /** Law of the reward: "discrete" where it takes whole numbers. */
  readonly law: TimeLaw;
  /** φ → entries of the chain before elimination, without those of the start. */
  readonly entryMatrix: CsrMatrix;
  /** Rows and causes of the first epoch where the start may be, in the order in which they follow the entries. */
  readonly startPlaces: Int32Array;
  readonly reduction: ReductionPlan;
  readonly pattern: ChainPattern;
  /** Operator slots from outputs of the reduction: output number, or −1 for the value 1. */
  readonly slotOutputs: Int32Array;
  /** Row of each operator slot's source in rateMatrix, −1 where slots are not divided. */
  readonly rateRows: Int32Array;
  /** φ → rates at which the kept rows earn; null in discrete law. */
  readonly rateMatrix: CsrMatrix | null;
  /** Graph state of each row of rateMatrix. */
  readonly rateStates: Int32Array;
  /** Outputs of the reduction for the start, and the rows and causes of `pattern` where they belong. */
  readonly startOutputs: Int32Array;
  readonly startTargets: Int32Array;
}

export function planReward(structure: ModelStructure, name: string, reward: RewardDeclaration): RewardPlan {
  const { graph, epochs } = structure;
  if (epochs.length > 1)
    throw noDistribution(name, "the model has epochs, which change with time and not with the reward");
  const [own] = epochs;
  const { state: earned, impulse: paid } = formsOf(structure, reward, own.graphEpoch);
  const rowCount = own.pattern.rowCount;
  const earns = Array.from(own.stateOfRow, (state) => earned !== null && termCount(earned, state) > 0);
  const source = paid === null ? plainEntries(own) : entriesWithPayments(structure, own, paid);
  const hasPayments = source.payments.length > 0;
  if (hasPayments && graph.kind === "continuous" && earns.includes(true)) {
    throw noDistribution(name, "it grows with time and by payments both");
  }
  const law: TimeLaw = graph.kind === "discrete" || hasPayments ? "discrete" : "continuous";
  const steps = Array.from({ length: rowCount + source.payments.length }, (_, node) => {
    if (law === "continuous") return earns[node] ? 1 : 0;
    if (node < rowCount) return earns[node] ? wholeNumber(name, earned, own.stateOfRow[node]) : 0;
    return wholeNumber(name, paid, source.payments[node - rowCount]);
  });
  const startPlaces = placesOfStart(structure);
  const entries = [
    ...source.entries,
    ...Array.from(startPlaces, (place): ChainEntry => {
      return { source: startNode, target: place < rowCount ? place : rowCount - 1 - place };
    }),
  ];
  const {
    plan,
    kept,
    entries: left,
  } = reduceChain(
    steps.length,
    entries,
    steps.map((count) => count === 0),
    law === "discrete",
  );
  return {
    law,
    entryMatrix: source.matrix,
    startPlaces,
    reduction: plan,
    ...assemble(law, own, kept, steps, left),
    rateMatrix:
      law === "continuous" && earned !== null
        ? rowForms(
            { ...own, stateOfRow: own.stateOfRow.filter((_, row) => earns[row]) },
            earned,
            graph.features.featureCount,
          )
        : null,
    rateStates: own.stateOfRow.filter((_, row) => earns[row]),
  };
}

interface Entries {
  readonly entries: readonly ChainEntry[];
  readonly matrix: CsrMatrix;
  /** Transition of each payment node. */
  readonly payments: readonly number[];
}

/** The slots of the epoch as they are. */
function plainEntries({ pattern, slotMatrix }: EpochStructure): Entries {
  const { sources, targets } = pattern;
  const end = slotMatrix.rowOffsets[sources.length];
  return {
    entries: Array.from(sources, (source, s) => ({ source, target: targets[s] })),
    // Without the row of ones of discrete time.
    matrix: csrMatrix({
      rowOffsets: slotMatrix.rowOffsets.slice(0, sources.length + 1),
      columns: slotMatrix.columns.slice(0, end),
      columnCount: slotMatrix.columnCount,
      coefficients: slotMatrix.coefficients.slice(0, end),
    }),
    payments: [],
  };
}

/** Transitions that do not pay, summed by source and target, and a detour for each that pays. */
function entriesWithPayments(structure: ModelStructure, own: EpochStructure, paid: LinearForms): Entries {
  const { graph } = structure;
  const { transitions } = graph;
  const weights = transitions.weights[own.graphEpoch];
  const rowCount = own.pattern.rowCount;
  const groups = new Map<string, number>();
  const entries: ChainEntry[] = [];
  const members: number[][] = [];
  const payments: number[] = [];
  const join = (source: number, target: number, transition: number): void => {
    const key = `${source},${target}`;
    const group = groups.get(key) ?? entries.push({ source, target }) - 1;
    groups.set(key, group);
    (members[group] ??= []).push(transition);
  };
  const details: { node: number; target: number }[] = [];
  for (let t = 0; t < transitions.count; t++) {
    const row = own.rowOfState[transitions.sources[t]];
    if (row < 0 || own.stateOfRow[row] !== transitions.sources[t] || termCount(weights, t) === 0) continue;
    const target = own.rowOfState[graph.targets[transitions.edges[t]]];
    if (termCount(paid, t) > 0) {
      const node = rowCount + payments.push(t) - 1;
      join(row, node, t);
      details.push({ node, target });
    } else if (target !== row || graph.kind === "discrete") join(row, target, t);
  }
  const flat = members.flat();
  const offsets = new Int32Array(members.length + details.length + 1);
  for (const [g, group] of members.entries()) offsets[g + 1] = offsets[g] + group.length;
  const base = sumOfForms(
    weights,
    offsets.subarray(0, members.length + 1),
    flat,
    graph.features.featureCount,
  );
  // A payment node passes on with probability 1: feature 0.
  const rowOffsets = new Int32Array(members.length + details.length + 1);
  rowOffsets.set(base.rowOffsets);
  for (const i of details.keys()) rowOffsets[members.length + i + 1] = base.entryCount + i + 1;
  const columns = new Int32Array(base.entryCount + details.length);
  columns.set(base.columns);
  const coefficients = new Float64Array(columns.length).fill(1);
  coefficients.set(base.coefficients);
  return {
    entries: [...entries, ...details.map(({ node, target }): ChainEntry => ({ source: node, target }))],
    matrix: csrMatrix({ rowOffsets, columns, columnCount: base.columnCount, coefficients }),
    payments,
  };
}

/** The chain over what is kept: a node of s steps becomes s rows in a line. */
function assemble(
  law: TimeLaw,
  own: EpochStructure,
  kept: Int32Array,
  steps: readonly number[],
  left: readonly ChainEntry[],
): Pick<RewardPlan, "pattern" | "slotOutputs" | "rateRows" | "startOutputs" | "startTargets"> {
  const firstRow = new Map<number, number>();
  let rowCount = 0;
  const sources: number[] = [];
  const targets: number[] = [];
  const slotOutputs: number[] = [];
  for (const node of kept) {
    firstRow.set(node, rowCount);
    const count = law === "discrete" ? steps[node] : 1;
    for (let i = 1; i < count; i++) {
      sources.push(rowCount + i - 1);
      targets.push(rowCount + i);
      slotOutputs.push(-1);
    }
    rowCount += count;
  }
  const rateRows = sources.map(() => -1);
  const startOutputs: number[] = [];
  const startTargets: number[] = [];
  const rankOf = new Map(Array.from(kept, (node, rank) => [node, rank]));
  for (const [output, { source, target }] of left.entries()) {
    const to = target < 0 ? target : (firstRow.get(target) ?? -1);
    if (source === startNode) {
      startOutputs.push(output);
      startTargets.push(to >= 0 ? to : rowCount - 1 - to);
      continue;
    }
    const last = (firstRow.get(source) ?? 0) + (law === "discrete" ? steps[source] - 1 : 0);
    sources.push(last);
    targets.push(to);
    slotOutputs.push(output);
    rateRows.push(law === "continuous" ? (rankOf.get(source) ?? -1) : -1);
  }
  return {
    pattern: new ChainPattern({
      law,
      rowCount,
      causeCount: own.pattern.causeCount,
      neverCause: own.pattern.neverCause,
      sources: Int32Array.from(sources),
      targets: Int32Array.from(targets),
    }),
    slotOutputs: Int32Array.from(slotOutputs),
    rateRows: Int32Array.from(rateRows),
    startOutputs: Int32Array.from(startOutputs),
    startTargets: Int32Array.from(startTargets),
  };
}

/** Rows and causes at which the start may be. */
function placesOfStart({ startPlaces }: ModelStructure): Int32Array {
  const places: number[] = [];
  for (let place = 0; place < startPlaces.rowCount; place++) {
    if (startPlaces.rowOffsets[place] < startPlaces.rowOffsets[place + 1]) places.push(place);
  }
  return Int32Array.from(places);
}

function termCount(forms: LinearForms, row: number): number {
  return forms.offsets[row + 1] - forms.offsets[row];
}

function wholeNumber(name: string, forms: LinearForms | null, row: number): number {
  const start = forms === null ? 0 : forms.offsets[row];
  const isConstant = forms !== null && termCount(forms, row) === 1 && forms.features[start] === 0;
  const number = isConstant ? forms.coefficients[start] : Number.NaN;
  if (Number.isInteger(number) && number > 0 && number < 2 ** 20) return number;
  throw noDistribution(
    name,
    Number.isNaN(number)
      ? "its amounts depend on parameters"
      : `one of its amounts is ${number}, not a whole number`,
  );
}

function noDistribution(name: string, why: string): PhxError {
  return new PhxError({
    code: "PHX983",
    what: `the accumulated reward ${name} has moments but no density here`,
    why,
    fix: "ask for moments, or split the reward into its parts",
  });
}
