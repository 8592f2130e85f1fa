// What is odd about a graph but no error: the data of warnings PHX709 to PHX711.
import type { MarkovGraph } from "./markov-graph.ts";

export interface GraphRemarks {
  /** Events that never happen in any reachable state (PHX709). */
  readonly idleEvents: readonly string[];
  /** Start states that stop at once, which make an atom at time 0 (PHX710). */
  readonly stoppedStarts: Int32Array;
  /** Cells with one value in all states, of those that could have more (PHX711). */
  readonly unchangedCells: readonly string[];
}

export function graphRemarks(graph: MarkovGraph): GraphRemarks {
  const { cells } = graph.states;
  const first = graph.states.read(0);
  const changes = new Uint8Array(cells.length);
  const state = new Int32Array(cells.length);
  for (let i = 1; i < graph.stateCount; i++) {
    graph.states.read(i, state);
    for (let c = 0; c < cells.length; c++) if (state[c] !== first[c]) changes[c] = 1;
  }
  const [{ stop }] = graph.epochs;
  return {
    idleEvents: graph.events.filter((_, event) => graph.eventCounts[event] === 0),
    stoppedStarts: graph.startStates.filter((i) => stop[i] >= 0),
    unchangedCells: cells
      .filter((cell, c) => changes[c] === 0 && cell.lower < cell.upper)
      .map(({ name }) => name),
  };
}
