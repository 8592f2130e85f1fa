// The checks of rates, probabilities and start weights at a given θ, with a witness state in every error.
import { PhxError } from "@phxlang/autodiff";
import type { EliminationTrace, MarkovGraph } from "@phxlang/graph";
import type { ValueCheck } from "../primitives/checked.ts";

/** Sums of probabilities may differ from 1 by this much. */
const sumTolerance = 1e-9;

class Check implements ValueCheck {
  readonly structureKind = "value-check";
  readonly contentHash: string;
  readonly allowsRates: boolean;
  readonly check: (elements: Float64Array) => void;

  constructor(contentHash: string, check: (elements: Float64Array) => void, allowsRates = false) {
    this.contentHash = contentHash;
    this.check = check;
    this.allowsRates = allowsRates;
  }

  /** The hash alone: a check is made again from its model where it travels. */
  toBytes(): Uint8Array {
    return new TextEncoder().encode(this.contentHash);
  }
}

/** Slots [slots] of a trace: no rate may be negative (PHX702) or not a number (PHX703). */
export function rateCheck(graph: MarkovGraph, trace: EliminationTrace): ValueCheck {
  const check = (slots: Float64Array): void => {
    for (let slot = 0; slot < trace.slotCount; slot++) {
      if (slots[slot] >= 0 && slots[slot] < Infinity) continue;
      throw badRate(graph, trace, slot, slots[slot]);
    }
  };
  return new Check(`${trace.contentHash}-rates`, check, true);
}

/** Operator slots of a discrete chain: probabilities of a row sum to 1 (PHX704). */
export function probabilityCheck(
  graph: MarkovGraph,
  trace: EliminationTrace,
  rowOfSlot: Int32Array,
): ValueCheck {
  return new Check(`${trace.contentHash}-probabilities`, (slots) => {
    const sums = new Float64Array(trace.rowCount);
    for (let slot = 0; slot < rowOfSlot.length; slot++) {
      if (rowOfSlot[slot] < 0) continue;
      if (!(slots[slot] >= 0)) {
        if (slot < trace.slotCount) throw badRate(graph, trace, slot, slots[slot]);
        throw negativeStay(graph, trace.stateOfRow[rowOfSlot[slot]], slots[slot]);
      }
      sums[rowOfSlot[slot]] += slots[slot];
    }
    for (let row = 0; row < trace.rowCount; row++) {
      if (Math.abs(sums[row] - 1) <= sumTolerance) continue;
      throw wrongSum(graph, trace.stateOfRow[row], sums[row]);
    }
  });
}

/** Start weights [starts]: nonnegative with sum 1 (PHX404). */
export function startCheck(graph: MarkovGraph, hash: string): ValueCheck {
  return new Check(`${hash}-start`, (weights) => {
    let total = 0;
    for (let i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0)) {
        throw new PhxError({
          code: "PHX404",
          what: `the start weight of ${graph.states.describe(graph.startStates[i])} is ${weights[i]}`,
          why: "start weights are probabilities",
          fix: "choose parameters for which every start weight is at least 0",
        });
      }
      total += weights[i];
    }
    if (Math.abs(total - 1) > sumTolerance) {
      throw new PhxError({
        code: "PHX404",
        what: `start weights sum to ${total}`,
        why: "they are the probabilities of the states in which the model may start",
        fix: "add the missing probability, or write one weight as 1 minus the others",
      });
    }
  });
}

/** Rewards [rows] of a distribution of accumulated reward: not negative (PHX806). */
export function rewardCheck(graph: MarkovGraph, name: string, states: Int32Array, hash: string): ValueCheck {
  return new Check(`${hash}-reward-${name}`, (rewards) => {
    for (let i = 0; i < rewards.length; i++) {
      if (rewards[i] > 0 && rewards[i] < Infinity) continue;
      throw new PhxError({
        code: "PHX806",
        what: `reward ${name} is ${rewards[i]} in ${graph.states.describe(states[i])}: it has no density, only moments`,
        why: "the accumulated reward is a time only where rewards are positive, or 0 whatever the parameters",
        fix: "ask for moments, or choose parameters for which the reward is positive",
      });
    }
  });
}

/** Weights of the given edges in one epoch: as rateCheck; in discrete time rows also sum to 1. */
export function edgeCheck(graph: MarkovGraph, epoch: number, edges: Int32Array): ValueCheck {
  return new Check(`${graphIdentity(graph)}-${epoch}-edges`, (weights) => {
    let total = 0;
    for (let i = 0; i < edges.length; i++) {
      if (!(weights[i] >= 0 && weights[i] < Infinity)) throw badEdge(graph, edges[i], weights[i]);
      if (graph.kind === "continuous") continue;
      total += weights[i];
      const source = sourceOfEdge(graph, edges[i]);
      if (i + 1 < edges.length && sourceOfEdge(graph, edges[i + 1]) === source) continue;
      if (Math.abs(total - 1) > sumTolerance) throw wrongSum(graph, source, total);
      total = 0;
    }
  });
}

let graphsSeen = 0;
const identities = new WeakMap<MarkovGraph, string>();

/** A name for a graph that no other graph of this process has. */
export function graphIdentity(graph: MarkovGraph): string {
  let identity = identities.get(graph);
  if (identity === undefined) {
    identity = `graph-${graphsSeen++}`;
    identities.set(graph, identity);
  }
  return identity;
}

function wrongSum(graph: MarkovGraph, state: number, total: number): PhxError {
  return new PhxError({
    code: "PHX704",
    what: `probabilities in ${graph.states.describe(state)} sum to ${total}`,
    why: "in discrete time what happens in a state must have total probability 1 at every step",
    fix: "give the missing probability to an event with `@ rest`",
  });
}

function badRate(graph: MarkovGraph, trace: EliminationTrace, slot: number, value: number): PhxError {
  return badEdge(graph, trace.slotEdges[trace.slotOffsets[slot]], value);
}

function badEdge(graph: MarkovGraph, edge: number, value: number): PhxError {
  const source = graph.states.describe(sourceOfEdge(graph, edge));
  const target = graph.states.describe(graph.targets[edge]);
  const noun = graph.kind === "continuous" ? "rate" : "probability";
  const isNumber = !Number.isNaN(value) && Math.abs(value) !== Infinity;
  return new PhxError({
    code: isNumber ? "PHX702" : "PHX703",
    what: `the ${noun} from ${source} to ${target} is ${value} at these parameters`,
    why: isNumber ? `a ${noun} must not be negative` : `a ${noun} must be a finite number`,
    fix: "give the parameters bounds that keep it valid, or write it so that it cannot leave its range",
  });
}

function negativeStay(graph: MarkovGraph, state: number, value: number): PhxError {
  return new PhxError({
    code: "PHX702",
    what: `the probability of staying in ${graph.states.describe(state)} is ${value} at these parameters`,
    why: "a probability must not be negative",
    fix: "give the parameters bounds that keep it valid",
  });
}

function sourceOfEdge(graph: MarkovGraph, edge: number): number {
  let low = 0;
  for (let high = graph.stateCount; high - low > 1;) {
    const middle = (low + high) >> 1;
    if (graph.rowOffsets[middle] <= edge) low = middle;
    else high = middle;
  }
  return low;
}
