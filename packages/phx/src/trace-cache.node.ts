// The trace cache of the command and of `load`: a directory, unless the environment says otherwise.
import { createHash } from "node:crypto";
import { PhxError } from "@phxlang/autodiff";
import { decodeTrace, structureKey } from "@phxlang/graph";
import { cacheDirectory, diskStore, traceCache } from "@phxlang/runtime";
import type { Environment, StoreProblem, TraceCodec } from "@phxlang/runtime";
import type { Host } from "./host.ts";

const codec: TraceCodec = {
  keyOf: (graph, how) => structureKey(graph, { ...how, createHash: () => createHash("sha256") }),
  encode: (trace) => trace.toBytes(),
  decode: decodeTrace,
};

/** What a host offers of the cache. */
export type TraceSource = Pick<Host, "traceStore" | "traceOf" | "traceOrigins">;

type TraceOf = ReturnType<Host["traceOf"]>;

/**
 * The directory of this environment (none with PHX_CACHE=off), and models' traces through it. With PHX_DISABLE_TRACE=1
 * every model with parameters fails (PHX955): there is no other way to evaluate one, and none is taken.
 */
export function traceSource(environment: Environment, report: (problem: StoreProblem) => void): TraceSource {
  const wanted = (environment["PHX_CACHE"] ?? "on").toLowerCase();
  const isOff = ["off", "0", "false", "no"].includes(wanted);
  const store = isOff ? null : diskStore(cacheDirectory(environment), report);
  const cache = store === null ? null : traceCache(store, codec);
  const recordOnly: TraceOf = (_graph, _how, record) => record();
  const throughStore: TraceOf = (graph, how, record) =>
    cache === null ? record() : cache.traceOf(graph, how, record);
  return {
    traceStore: () => store,
    traceOf: (usesStore) => refusing(environment, usesStore ? throughStore : recordOnly),
    traceOrigins: () => cache?.origins ?? [],
  };
}

function refusing(environment: Environment, traceOf: TraceOf): TraceOf {
  if (environment["PHX_DISABLE_TRACE"] !== "1") return traceOf;
  return (graph, how, record) => {
    if (graph.features.parameterCount === 0) return traceOf(graph, how, record);
    throw new PhxError({
      code: "PHX955",
      what: `this model has ${graph.features.parameterCount} parameters and traces are disabled`,
      why: "PHX_DISABLE_TRACE is 1, and a model with parameters is evaluated by its trace and in no other way",
      fix: "unset PHX_DISABLE_TRACE",
    });
  };
}
