// Rewards: the terms of each reward in each state, or at each transition of its events.
import { LinearFormsBuilder } from "@phxlang/graph";
import type { LinearForms, MarkovGraph, RewardDeclaration } from "@phxlang/graph";
import type { RewardRule } from "../check/model.ts";
import { nothingMoves } from "./callback.ts";
import type { FileCallback } from "./callback.ts";
import type { Part } from "./faults.ts";
import type { Machine } from "./machine.ts";
import type { UnrolledReward } from "./unroll.ts";

/** One declaration for each entry of an array reward: `branch[1]`, `branch[0, 2]`. */
export function declareRewards(
  rewards: readonly UnrolledReward[],
  callback: FileCallback,
): readonly RewardDeclaration[] {
  return rewards.map((reward) => new FileReward(reward, callback));
}

class FileReward implements RewardDeclaration {
  readonly name: string;
  readonly #rule: RewardRule;
  /** The value in each epoch, as a node. */
  readonly #nodes: readonly number[];
  readonly #callback: FileCallback;
  readonly #machines: (Machine | undefined)[] = [];

  constructor({ rule, values, nodes }: UnrolledReward, callback: FileCallback) {
    this.name = values.length === 0 ? rule.name : `${rule.name}[${values.join(", ")}]`;
    this.#rule = rule;
    this.#nodes = nodes;
    this.#callback = callback;
  }

  stateForms(graph: MarkovGraph, epoch: number): LinearForms | null {
    if (this.#rule.on.length > 0) return null;
    const { stop } = graph.epochs[epoch];
    const rows = new RewardRows(this.#machine(epoch), graph);
    // Nothing is paid where the path has ended, and the formula need not have a value there.
    for (let state = 0; state < graph.stateCount; state++) rows.add(stop[state] < 0 ? state : -1);
    return rows.toForms();
  }

  impulseForms(graph: MarkovGraph, epoch: number): LinearForms | null {
    const { on } = this.#rule;
    if (on.length === 0) return null;
    const { count, events, sources, weights } = graph.transitions;
    const { offsets } = weights[epoch];
    const rows = new RewardRows(this.#machine(epoch), graph);
    for (let t = 0; t < count; t++) {
      const happens = offsets[t] < offsets[t + 1] && on.includes(events[t]);
      rows.add(happens ? sources[t] : -1);
    }
    return rows.toForms();
  }

  #machine(epoch: number): Machine {
    let machine = this.#machines[epoch];
    if (machine === undefined) {
      const { place, value } = this.#rule;
      const part: Part = { what: `reward \`${this.name}\``, place, valuePlace: value.place };
      machine = this.#callback.termMachine(this.#nodes[epoch], part);
      this.#machines[epoch] = machine;
    }
    return machine;
  }
}

/** Rows are added in order; their values are found for as many states at once as the machine has lanes. */
class RewardRows {
  readonly #builder: LinearFormsBuilder;
  readonly #machine: Machine;
  readonly #graph: MarkovGraph;
  readonly #cells: Float64Array;
  readonly #state: Int32Array;
  /** Rows that wait for their value: lane, or −1 where there is nothing. */
  readonly #rows: number[] = [];
  #lanes = 0;

  constructor(machine: Machine, graph: MarkovGraph) {
    this.#builder = new LinearFormsBuilder(graph.stateCount);
    this.#machine = machine;
    this.#graph = graph;
    this.#state = new Int32Array(graph.states.cells.length);
    this.#cells = new Float64Array(this.#state.length * machine.width);
  }

  /** A row with the value in a state, or an empty row for −1. */
  add(state: number): void {
    if (state < 0) {
      this.#rows.push(-1);
      return;
    }
    const { width } = this.#machine;
    this.#graph.states.read(state, this.#state);
    for (let c = 0; c < this.#state.length; c++) this.#cells[c * width + this.#lanes] = this.#state[c];
    this.#rows.push(this.#lanes++);
    if (this.#lanes === width) this.#finish();
  }

  toForms(): LinearForms {
    this.#finish();
    return this.#builder.toForms();
  }

  #finish(): void {
    const { width, terms } = this.#machine;
    const lanes = Int32Array.from({ length: this.#lanes }, (_, lane) => lane);
    this.#machine.run({ width, count: lanes.length, cells: this.#cells }, lanes, nothingMoves);
    for (const lane of this.#rows) {
      const from = lane * terms.capacity;
      if (lane >= 0) {
        this.#builder.addTerms(terms.features, terms.coefficients, from, from + terms.counts[lane]);
      }
      this.#builder.endRow();
    }
    this.#rows.length = 0;
    this.#lanes = 0;
  }
}
