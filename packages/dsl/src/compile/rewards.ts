// Rewards: the terms of each reward in each state, or at each transition of its events.
import { LinearFormsBuilder } from "@phxlang/graph";
import type { LinearForms, MarkovGraph, RewardDeclaration } from "@phxlang/graph";
import type { RewardRule } from "../check/model.ts";
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

class RewardRows {
  readonly #builder: LinearFormsBuilder;
  readonly #machine: Machine;
  readonly #graph: MarkovGraph;
  readonly #state: Int32Array;

  constructor(machine: Machine, graph: MarkovGraph) {
    this.#builder = new LinearFormsBuilder(graph.stateCount);
    this.#machine = machine;
    this.#graph = graph;
    this.#state = new Int32Array(graph.states.cells.length);
  }

  /** A row with the value in a state, or an empty row for −1. */
  add(state: number): void {
    if (state >= 0) {
      const machine = this.#machine;
      machine.run(this.#graph.states.read(state, this.#state), null);
      this.#builder.addTerms(machine.features, machine.coefficients, 0, machine.termCount);
    }
    this.#builder.endRow();
  }

  toForms(): LinearForms {
    return this.#builder.toForms();
  }
}
