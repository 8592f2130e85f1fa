// Which states can reach a stop state, and the errors that show those that cannot.
import { PhxError } from "@phxlang/autodiff";
import type { GraphEpoch, MarkovGraph } from "./markov-graph.ts";
import { strongComponents } from "./strong-components.ts";

/**
 * 1 for every state that stops in this epoch, or can reach a state that does by edges that this epoch has.
 * Sweeps upwards and downwards over the states settle most graphs; the rest is done by a queue over reversed edges.
 */
export function statesThatStop(graph: MarkovGraph, epoch: GraphEpoch): Uint8Array {
  const { stateCount, rowOffsets, targets } = graph;
  const { offsets } = epoch.weights;
  const stops = new Uint8Array(stateCount);
  let open = 0;
  for (let i = 0; i < stateCount; i++) {
    if (epoch.stop[i] >= 0) stops[i] = 1;
    else open++;
  }
  for (let sweep = 0; sweep < sweepLimit && open > 0; sweep++) {
    let settled = 0;
    for (let k = 0; k < stateCount; k++) {
      const i = sweep % 2 === 0 ? k : stateCount - 1 - k;
      if (stops[i] === 1) continue;
      for (let e = rowOffsets[i]; e < rowOffsets[i + 1]; e++) {
        if (stops[targets[e]] === 1 && offsets[e] < offsets[e + 1]) {
          stops[i] = 1;
          settled++;
          break;
        }
      }
    }
    open -= settled;
    if (settled === 0 && sweep > 0) return stops;
  }
  if (open > 0) settleByQueue(graph, epoch, stops);
  return stops;
}

const sweepLimit = 6;

function settleByQueue(graph: MarkovGraph, epoch: GraphEpoch, stops: Uint8Array): void {
  const { stateCount, rowOffsets, targets } = graph;
  const { offsets } = epoch.weights;
  const incoming = new Int32Array(stateCount + 1);
  for (let e = 0; e < targets.length; e++) if (offsets[e] < offsets[e + 1]) incoming[targets[e] + 1]++;
  for (let i = 0; i < stateCount; i++) incoming[i + 1] += incoming[i];
  const sources = new Int32Array(incoming[stateCount]);
  const next = incoming.slice();
  for (let i = 0; i < stateCount; i++) {
    for (let e = rowOffsets[i]; e < rowOffsets[i + 1]; e++) {
      if (offsets[e] < offsets[e + 1]) sources[next[targets[e]]++] = i;
    }
  }
  const queue = new Int32Array(stateCount);
  let length = 0;
  for (let i = 0; i < stateCount; i++) if (stops[i] === 1) queue[length++] = i;
  for (let k = 0; k < length; k++) {
    for (let j = incoming[queue[k]]; j < incoming[queue[k] + 1]; j++) {
      if (stops[sources[j]] === 1) continue;
      stops[sources[j]] = 1;
      queue[length++] = sources[j];
    }
  }
}

/**
 * PHX706 if no state stops at all; PHX705 if, in the last epoch, some state that is reached cannot reach one that
 * stops (unless `allowDefective`). Before the last epoch nothing has to be able to stop.
 */
export function checkStopReachable(graph: MarkovGraph, allowDefective: boolean): void {
  if (!graph.epochs.some(({ stop }) => stop.some((cause) => cause >= 0))) throw noStop(graph);
  if (allowDefective) return;
  const epoch = graph.epochs[graph.epochs.length - 1];
  const stops = statesThatStop(graph, epoch);
  if (!stops.includes(0)) return;
  const never = stops.map((flag, i) =>
    flag === 0 && (epoch.reached === null || epoch.reached[i] === 1) ? 1 : 0,
  );
  if (never.includes(1)) throw neverStops(graph, epoch, never);
}

function noStop(graph: MarkovGraph): PhxError {
  return new PhxError({
    code: "PHX706",
    what: `no stop state is reachable from the start ${graph.states.describe(graph.startStates[0])}`,
    why: `none of the ${graph.stateCount.toLocaleString("en-US")} reachable states stops`,
    fix: "check the stop condition, or add the event that leads to it",
  });
}

const shownStates = 5;

function neverStops(graph: MarkovGraph, epoch: GraphEpoch, never: Uint8Array): PhxError {
  const witness = never.indexOf(1);
  const closed = closedClass(graph, epoch, never);
  const shown = Array.from(closed.subarray(0, shownStates), (i) => graph.states.describe(i));
  const more = closed.length > shownStates ? `, … (${closed.length.toLocaleString("en-US")} states)` : "";
  return new PhxError({
    code: "PHX705",
    what: `from ${graph.states.describe(witness)} no stop state can be reached; time is infinite`,
    why:
      closed.length === 1
        ? `${shown[0]} is left by no event that leads on`
        : `the states ${shown.join(", ")}${more} lead only to each other`,
    fix: "let those states stop or be left, or accept an infinite time: --allow-defective, or allowDefective in code",
  });
}

/** The members of one class that cannot be left, among states that cannot reach a stop. */
function closedClass(graph: MarkovGraph, epoch: GraphEpoch, never: Uint8Array): Int32Array {
  const { stateCount, rowOffsets, targets } = graph;
  const { offsets } = epoch.weights;
  const rows = new Int32Array(stateCount + 1);
  const columns: number[] = [];
  for (let i = 0; i < stateCount; i++) {
    for (let e = rowOffsets[i]; never[i] === 1 && e < rowOffsets[i + 1]; e++) {
      if (offsets[e] < offsets[e + 1]) columns.push(targets[e]);
    }
    rows[i + 1] = columns.length;
  }
  const components = strongComponents(stateCount, rows, Int32Array.from(columns));
  for (let c = 0; c + 1 < components.offsets.length; c++) {
    const members = components.members.subarray(components.offsets[c], components.offsets[c + 1]);
    // Components come with their successors first: the first one of such states cannot be left.
    if (never[members[0]] === 1) return members.slice().sort();
  }
  return new Int32Array(0);
}
