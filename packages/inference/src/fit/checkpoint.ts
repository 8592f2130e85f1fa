// Checkpoint: a run written down, as a text that gives every number back bit for bit.
import { PhxError } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Data } from "../posterior/posterior.ts";
import { observationSets } from "../posterior/posterior.ts";

/** Digests of all that the numbers of a run depend on. */
export interface RunIdentity {
  readonly model: string;
  readonly data: string;
  readonly options: string;
}

export interface Checkpoint {
  readonly method: string;
  readonly identity: RunIdentity;
  /** Plain data with arrays of doubles: what the method needs to go on. */
  readonly state: unknown;
}

/** Raised when the states below change their meaning. */
const version = 1;

/** The text of a checkpoint, and `checksum` over the rest of it. */
export function writeCheckpoint({ method, identity, state }: Checkpoint): string {
  const body = JSON.stringify(plain({ version, method, identity, state }));
  return JSON.stringify({ format: "phx checkpoint", checksum: digest(body), body });
}

/** Throws PHX839 for a text that is cut off, changed, or of another version. */
export function readCheckpoint(text: string): Checkpoint {
  let body: unknown;
  try {
    const outer = JSON.parse(text) as { readonly checksum?: unknown; readonly body?: unknown };
    if (typeof outer.body !== "string" || outer.checksum !== digest(outer.body)) throw broken();
    body = revive(JSON.parse(outer.body));
  } catch (error) {
    throw error instanceof PhxError ? error : broken();
  }
  // The checksum says that this is what writeCheckpoint wrote, unless the version differs.
  const content = body as Checkpoint & { readonly version: number };
  if (content.version !== version) throw broken();
  return { method: content.method, identity: content.identity, state: content.state };
}

function broken(): PhxError {
  return new PhxError({
    code: "PHX839",
    what: "this checkpoint cannot be read",
    why: "it is cut off, changed, or written by another version",
    fix: "resume from the generation before it, or begin anew",
  });
}

/** The identity of a run of a model on data; `options` is everything else that the result depends on. */
export function identityOf(model: Model, data: Data, options: object): RunIdentity {
  const { name, parameters, states, graph, parameterNames } = model;
  const features = Array.from({ length: graph.features.featureCount }, (_, f) =>
    graph.features.describe(f, [...parameterNames, ...model.covariates]),
  );
  const weights = graph.epochs.map((epoch) => epoch.weights);
  const sets = observationSets(data).map((set) => ({ ...set }));
  return {
    model: digest(
      canonicalText([name, parameters, states, features, weights, graph.startWeights, graph.targets]),
    ),
    data: digest(canonicalText(sets)),
    options: digest(JSON.stringify(plain(options))),
  };
}

/** JSON in which every typed array is its bytes: exact, and short. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) =>
    ArrayBuffer.isView(entry)
      ? bytesToHex(new Uint8Array(entry.buffer, entry.byteOffset, entry.byteLength))
      : entry,
  );
}

const otherParts = { model: "another model", data: "other data", options: "other options" } as const;

/** Throws PHX840 where a checkpoint is of another method, model, data set or set of options. */
export function checkIdentity(checkpoint: Checkpoint, method: string, identity: RunIdentity): void {
  const parts = ["model", "data", "options"] as const;
  const differing =
    checkpoint.method === method
      ? parts.filter((part) => checkpoint.identity[part] !== identity[part]).map((part) => otherParts[part])
      : [`the method ${checkpoint.method}`];
  if (differing.length === 0) return;
  throw new PhxError({
    code: "PHX840",
    what: `this checkpoint was written by a fit with ${differing.join(" and ")}`,
    why: "a fit that goes on under other conditions would be neither of the two",
    fix: "resume it with the same method, model, data and options, or begin anew",
  });
}

function digest(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** JSON has shortest decimals that read back exactly, but no NaN, infinities or −0: those become texts. */
function plain(value: unknown): unknown {
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (value instanceof Float64Array) return { doubles: Array.from(value, plain) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return { object: Object.entries(value).map(([name, entry]) => [name, plain(entry)]) };
}

function revive(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(revive);
  const tagged = value as { number?: string; doubles?: unknown[]; object?: [string, unknown][] };
  if (tagged.number !== undefined) return Number(tagged.number);
  if (tagged.doubles !== undefined) return Float64Array.from(tagged.doubles, (x) => Number(revive(x)));
  return Object.fromEntries((tagged.object ?? []).map(([name, entry]) => [name, revive(entry)]));
}
