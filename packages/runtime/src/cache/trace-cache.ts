// Recording a trace once: look it up by content hash, verify it, or record it and keep it.
import { PhxError } from "@phxlang/autodiff";
import { findMisfit } from "@phxlang/graph";
import type { EliminationTrace, MarkovGraph, RecordOptions } from "@phxlang/graph";
import { entryFrame, frameEntry, unframeEntry } from "./entry.ts";
import type { DirectoryStore, TraceStore } from "./store.ts";

/** Where a trace came from, for `phx trace` and tests. */
export interface TraceOrigin {
  readonly key: string;
  readonly epoch: number;
  readonly source: "cache" | "recorded";
  /** Why a stored entry was not used, where there was one. */
  readonly rejected?: string;
}

/** The parts of the graph package that a cache needs; given, so that tests can plant faults. */
export interface TraceCodec {
  keyOf(graph: MarkovGraph, how: RecordOptions): string;
  encode(trace: EliminationTrace): Uint8Array;
  /** Throws PhxError for bytes that are not a trace. */
  decode(bytes: Uint8Array): EliminationTrace;
}

export interface TraceCache {
  readonly store: TraceStore;
  /** A trace of a graph: from the store if a verified entry is there, else by `record`, which records it as `how` says. */
  traceOf(graph: MarkovGraph, how: RecordOptions, record: () => EliminationTrace): EliminationTrace;
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
    traceOf(graph, how, record) {
      const key = codec.keyOf(graph, how);
      const epoch = how.epoch ?? graph.epochs.length - 1;
      const bytes = store.get(key, entryFrame);
      let rejected: string | undefined;
      if (bytes !== null) {
        const loaded = load(codec, key, bytes, graph);
        if (!("reason" in loaded)) {
          origins.push({ key, epoch, source: "cache" });
          return loaded;
        }
        rejected = loaded.reason;
        store.setAside(key, rejected);
      }
      const trace = record();
      store.put(key, frameEntry(key, codec.encode(trace)));
      origins.push({ key, epoch, source: "recorded", ...(rejected === undefined ? {} : { rejected }) });
      return trace;
    },
  };
}

/** Why what a directory has for the key is not an intact entry, or null where it is; no graph is at hand to compare. */
export function checkEntry(
  codec: Pick<TraceCodec, "decode">,
  store: DirectoryStore,
  key: string,
): string | null {
  const bytes = store.peek(key, entryFrame);
  if (bytes === null) return "it cannot be read";
  const decoded = decodeEntry(codec, key, bytes);
  return "reason" in decoded ? decoded.reason : null;
}

function load(
  codec: TraceCodec,
  key: string,
  bytes: Uint8Array,
  graph: MarkovGraph,
): EliminationTrace | { readonly reason: string } {
  const trace = decodeEntry(codec, key, bytes);
  if ("reason" in trace) return trace;
  const mismatch = findMisfit(trace, graph);
  return mismatch === null ? trace : { reason: mismatch };
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
    return { reason: error.diagnostics[0]?.message ?? error.message };
  }
}
