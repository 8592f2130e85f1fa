// The checks of rates, probabilities and start weights at a given θ, with a witness state in every error.
import { PhxError } from "@phxlang/autodiff";
import type { EliminationTrace, MarkovGraph } from "@phxlang/graph";
import { ValueCheck } from "../primitives/checked.ts";
import type { ValueTest } from "../primitives/value-test.ts";
import { groupSums, sumTolerance } from "../primitives/value-test.ts";

/** Slots [slots] of a trace: no rate may be negative (PHX702) or not a number (PHX703). */
export function rateCheck(graph: MarkovGraph, trace: EliminationTrace): ValueCheck {
  const test = finite(trace.slotCount);
  return new ValueCheck(`${trace.contentHash}-rates`, test, (slots) => {
    const slot = slots.findIndex((rate) => !(rate >= 0 && rate < Infinity));
    return badRate(graph, trace, slot, slots[slot]);
  });
}

/** Rates of edges, as the first numbers of those given: as rateCheck. */
export function unseenCheck(graph: MarkovGraph, trace: EliminationTrace, edges: Int32Array): ValueCheck {
  return new ValueCheck(`${trace.contentHash}-unseen`, finite(edges.length), (rates) => {
    const i = rates.findIndex((rate) => !(rate >= 0 && rate < Infinity));
    return badEdge(graph, edges[i], rates[i]);
  });
}

/** Operator slots of a discrete chain: probabilities of a row sum to 1 (PHX704). */
export function probabilityCheck(
  graph: MarkovGraph,
  trace: EliminationTrace,
  rowOfSlot: Int32Array,
): ValueCheck {
  const test = {
    count: rowOfSlot.length,
    mustBePositive: false,
    mustBeFinite: false,
    groups: rowOfSlot,
    groupCount: trace.rowCount,
  };
  return new ValueCheck(`${trace.contentHash}-probabilities`, test, (slots) => {
    const slot = rowOfSlot.findIndex((row, at) => row >= 0 && !(slots[at] >= 0));
    if (slot >= 0 && slot < trace.slotCount) return badRate(graph, trace, slot, slots[slot]);
    if (slot >= 0) return negativeStay(graph, trace.stateOfRow[rowOfSlot[slot]], slots[slot]);
    const sums = groupSums(test, slots);
    const row = sums.findIndex((sum) => !(Math.abs(sum - 1) <= sumTolerance));
    return wrongSum(graph, trace.stateOfRow[row], sums[row]);
  });
}

/** Start weights [starts]: nonnegative with sum 1 (PHX404). */
export function startCheck(graph: MarkovGraph, hash: string): ValueCheck {
  const count = graph.startStates.length;
  const test = {
    count,
    mustBePositive: false,
    mustBeFinite: false,
    groups: new Int32Array(count),
    groupCount: 1,
  };
  return new ValueCheck(`${hash}-start`, test, (weights) => {
    const i = weights.findIndex((weight) => !(weight >= 0));
    if (i >= 0) {
      return new PhxError({
        code: "PHX404",
        what: `the start weight of ${graph.states.describe(graph.startStates[i])} is ${weights[i]}`,
        why: "start weights are probabilities",
        fix: "choose parameters for which every start weight is at least 0",
      });
    }
    return new PhxError({
      code: "PHX404",
      what: `start weights sum to ${groupSums(test, weights)[0]}`,
      why: "they are the probabilities of the states in which the model may start",
      fix: "add the missing probability, or write one weight as 1 minus the others",
    });
  });
}

/** Rewards [rows] of a distribution of accumulated reward: not negative (PHX806). */
export function rewardCheck(graph: MarkovGraph, name: string, states: Int32Array, hash: string): ValueCheck {
  const test = { ...finite(states.length), mustBePositive: true };
  return new ValueCheck(`${hash}-reward-${name}`, test, (rewards) => {
    const i = rewards.findIndex((reward) => !(reward > 0 && reward < Infinity));
    return new PhxError({
      code: "PHX806",
      what: `reward ${name} is ${rewards[i]} in ${graph.states.describe(states[i])}: it has no density, only moments`,
      why: "the accumulated reward is a time only where rewards are positive, or 0 whatever the parameters",
      fix: "ask for moments, or choose parameters for which the reward is positive",
    });
  });
}

/** Weights of the given edges in one epoch: as rateCheck; in discrete time rows also sum to 1. */
export function edgeCheck(graph: MarkovGraph, epoch: number, edges: Int32Array): ValueCheck {
  const sources = edges.map((edge) => sourceOfEdge(graph, edge));
  const distinct = sources.filter((source, i) => i === 0 || source !== sources[i - 1]);
  let group = -1;
  const groups = sources.map((source, i) => (i > 0 && source === sources[i - 1] ? group : ++group));
  const hasSums = graph.kind === "discrete";
  const test = {
    ...finite(edges.length),
    ...(hasSums ? { groups, groupCount: distinct.length } : {}),
  };
  return new ValueCheck(`${graphIdentity(graph)}-${epoch}-edges`, test, (weights) => {
    const i = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
    if (i >= 0) return badEdge(graph, edges[i], weights[i]);
    const sums = groupSums(test, weights);
    const row = sums.findIndex((sum) => !(Math.abs(sum - 1) <= sumTolerance));
    return wrongSum(graph, distinct[row], sums[row]);
  });
}

/** The first entries are finite and not negative. */
function finite(count: number): ValueTest {
  return { count, mustBePositive: false, mustBeFinite: true, groups: null, groupCount: 0 };
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
