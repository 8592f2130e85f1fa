// Recording a trace once: look it up by content hash, verify it, or record it and keep it.
import { PhxError } from "@phxlang/autodiff";
import type { EliminationTrace, MarkovGraph } from "@phxlang/graph";
import { frameEntry, unframeEntry } from "./entry.ts";
import type { TraceStore } from "./store.ts";

/** Where a trace came from, for `phx trace` and tests. */
export interface TraceOrigin {
  readonly key: string;
  readonly source: "cache" | "recorded";
  /** Why a stored entry was not used, where there was one. */
  readonly rejected?: string;
}

/** The parts of the graph package that a cache needs; given, so that tests can plant faults. */
export interface TraceCodec {
  keyOf(graph: MarkovGraph, epoch: number): string;
  encode(trace: EliminationTrace): Uint8Array;
  /** Throws PhxError for bytes that are not a trace. */
  decode(bytes: Uint8Array): EliminationTrace;
}

export interface TraceCache {
  readonly store: TraceStore;
  /** The trace of one epoch of a graph: from the store if a verified entry is there, else by `record`. */
  traceOf(graph: MarkovGraph, epoch: number, record: () => EliminationTrace): EliminationTrace;
  /** What happened in each call of traceOf, oldest first. */
  readonly origins: readonly TraceOrigin[];
}

/**
 * A cache over a store. An entry that cannot be decoded, or that does not fit the graph, is set aside (the store
 * reports it) and the trace is recorded again; a failure to record is an error of the caller, never another answer.
 */
export function traceCache(store: TraceStore, codec: TraceCodec): TraceCache {
  const origins: TraceOrigin[] = [];
  return {
    store,
    origins,
    traceOf(graph, epoch, record) {
      const key = codec.keyOf(graph, epoch);
      const bytes = store.get(key);
      let rejected: string | undefined;
      if (bytes !== null) {
        const loaded = load(codec, key, bytes, graph, epoch);
        if (!("reason" in loaded)) {
          origins.push({ key, source: "cache" });
          return loaded;
        }
        rejected = loaded.reason;
        store.setAside(key);
      }
      const trace = record();
      store.put(key, frameEntry(key, codec.encode(trace)));
      origins.push({ key, source: "recorded", ...(rejected === undefined ? {} : { rejected }) });
      return trace;
    },
  };
}

/** Why the bytes are not an intact entry of the key, or null where they are; the graph is not at hand to compare. */
export function checkEntry(codec: Pick<TraceCodec, "decode">, key: string, bytes: Uint8Array): string | null {
  const decoded = decodeEntry(codec, key, bytes);
  return "reason" in decoded ? decoded.reason : null;
}

function load(
  codec: TraceCodec,
  key: string,
  bytes: Uint8Array,
  graph: MarkovGraph,
  epoch: number,
): EliminationTrace | { readonly reason: string } {
  const trace = decodeEntry(codec, key, bytes);
  if ("reason" in trace) return trace;
  const mismatch = findMismatch(trace, graph, epoch);
  return mismatch === undefined ? trace : { reason: mismatch };
}

function decodeEntry(
  codec: Pick<TraceCodec, "decode">,
  key: string,
  bytes: Uint8Array,
): EliminationTrace | { readonly reason: string } {
  const payload = unframeEntry(key, bytes);
  if ("reason" in payload) return payload;
  try {
    return codec.decode(payload);
  } catch (error) {
    if (!(error instanceof PhxError)) throw error;
    return { reason: error.message };
  }
}

/**
 * Whether the trace is one of this graph: every row stands for a transient state, and every slot gathers edges of
 * that state that lead where the slot says. O(edges) comparisons of integers.
 */
function findMismatch(trace: EliminationTrace, graph: MarkovGraph, epoch: number): string | undefined {
  const { rowOfState, stateOfRow, slotOffsets, slotEdges, rowOffsets, exitOffsets, rowCount } = trace;
  if (rowOfState.length !== graph.stateCount) {
    return `it is for ${rowOfState.length} states, not ${graph.stateCount}`;
  }
  const { stop } = graph.epochs[epoch];
  const transitionSlots = rowOffsets[rowCount];
  for (let row = 0; row < rowCount; row++) {
    const state = stateOfRow[row];
    if (state < 0 || state >= graph.stateCount || stop[state] !== -1 || rowOfState[state] !== row) {
      return `row ${row} does not stand for a state of the graph`;
    }
    const firstEdge = graph.rowOffsets[state];
    const endEdge = graph.rowOffsets[state + 1];
    const gathers = (slot: number, expected: number): boolean => {
      for (let j = slotOffsets[slot]; j < slotOffsets[slot + 1]; j++) {
        const edge = slotEdges[j];
        if (edge < firstEdge || edge >= endEdge || rowOfState[graph.targets[edge]] !== expected) return false;
      }
      return true;
    };
    for (let slot = rowOffsets[row]; slot < rowOffsets[row + 1]; slot++) {
      if (!gathers(slot, trace.columns[slot])) return `row ${row} gathers edges that the graph does not have`;
    }
    for (let exit = exitOffsets[row]; exit < exitOffsets[row + 1]; exit++) {
      if (!gathers(transitionSlots + exit, -1 - trace.exitCauses[exit])) {
        return `row ${row} gathers exits that the graph does not have`;
      }
    }
  }
  return undefined;
}
