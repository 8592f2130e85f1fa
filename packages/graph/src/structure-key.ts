// structureKey: what a recorded trace is found by, a hash of everything that it depends on and more.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { BoundValue } from "./description.ts";
import { compareBytes } from "./feature-code.ts";
import { mergeTerms } from "./linear-forms.ts";
import type { LinearForms } from "./linear-forms.ts";
import type { LumpSeeds } from "./lump.ts";
import type { MarkovGraph } from "./markov-graph.ts";
import type { RecordOptions } from "./record-trace.ts";
import { traceAlgorithmVersion, traceFormatVersion } from "./trace-layout.ts";

/** An incremental SHA-256, such as those of node:crypto and of @noble/hashes. */
export interface IncrementalHash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

export interface KeyOptions extends RecordOptions {
  /** Makes the SHA-256 to use; where it comes from does not change the key. Default: @noble/hashes. */
  readonly createHash?: () => IncrementalHash;
}

/** Raised when the bytes below change their meaning. */
const keyVersion = 3;

/**
 * Hexadecimal SHA-256 over canonical bytes, all little endian and of fixed width: versions; kind, epochs and the
 * trace's options; numbers of parameters, covariates and causes; cell bounds and states; start, edges, stops and
 * entries of every epoch with all coefficients; canonical codes of all features that occur; rewards to lump by.
 * Names, values of θ, and the order in which states and features were found do not enter. The budget does not either.
 */
export function structureKey(graph: MarkovGraph, options: KeyOptions = {}): string {
  const hash = (options.createHash ?? (() => sha256.create()))();
  const writer = new KeyWriter(graph, hash, formsInKey(graph, options));
  const { lump = false } = options;
  const seeds: LumpSeeds = typeof lump === "boolean" ? {} : lump;
  writer.integers([
    0x2d786870,
    keyVersion,
    traceFormatVersion,
    traceAlgorithmVersion,
    graph.kind === "continuous" ? 0 : 1,
    graph.epochs.length,
    options.epoch ?? graph.epochs.length - 1,
    ["auto", "amd", "markowitz", "natural"].indexOf(options.ordering ?? "auto"),
    lump === false ? 0 : 1,
    (seeds.stateRewards ?? []).length,
    graph.features.parameterCount,
    graph.features.covariateCount,
    graph.causes.length,
    graph.stateCount,
    graph.edgeCount,
    graph.states.cells.length,
  ]);
  writer.features();
  for (const { lower, upper } of graph.states.cells) writer.integers([lower, upper]);
  writer.states();
  writer.array(graph.startStates);
  writer.forms(graph.startWeights);
  writer.array(graph.rowOffsets);
  writer.array(graph.targets);
  for (const epoch of graph.epochs) {
    writer.bound(epoch.start);
    writer.array(epoch.stop);
    writer.integers([epoch.enter === null ? 0 : 1]);
    if (epoch.enter !== null) writer.array(epoch.enter);
    writer.forms(epoch.weights);
  }
  for (const forms of seeds.stateRewards ?? []) writer.forms(forms);
  return bytesToHex(hash.digest());
}

function formsInKey(graph: MarkovGraph, { lump = false }: KeyOptions): readonly LinearForms[] {
  const seeds: LumpSeeds = typeof lump === "boolean" ? {} : lump;
  return [graph.startWeights, ...graph.epochs.map(({ weights }) => weights), ...(seeds.stateRewards ?? [])];
}

const isLittleEndianHost = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

class KeyWriter {
  private readonly graph: MarkovGraph;
  private readonly hash: IncrementalHash;
  /** Codes of the features that occur, sorted, and the place of each feature among them. */
  private readonly codes: readonly Uint8Array[];
  private readonly rankOf: Int32Array;

  constructor(graph: MarkovGraph, hash: IncrementalHash, forms: readonly LinearForms[]) {
    this.graph = graph;
    this.hash = hash;
    const occurs = new Uint8Array(graph.features.featureCount);
    for (const { features } of forms) for (let j = 0; j < features.length; j++) occurs[features[j]] = 1;
    for (const { start } of graph.epochs) if (typeof start !== "number") occurs[start.feature] = 1;
    const ranked = Array.from(occurs.keys())
      .filter((feature) => occurs[feature] === 1)
      .map((feature) => ({ feature, code: graph.features.canonicalCode(feature) }))
      .sort((a, b) => compareBytes(a.code, b.code));
    this.codes = ranked.map(({ code }) => code);
    this.rankOf = new Int32Array(occurs.length);
    ranked.forEach(({ feature }, rank) => {
      this.rankOf[feature] = rank;
    });
  }

  integers(values: readonly number[]): void {
    this.array(Int32Array.from(values));
  }

  /** The elements, without their number: counts are written before whatever has them. */
  array(values: Int32Array | Uint32Array | Float64Array): void {
    if (isLittleEndianHost) {
      this.hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      return;
    }
    const view = new DataView(new ArrayBuffer(values.byteLength));
    values.forEach((value, i) => {
      if (values instanceof Float64Array) view.setFloat64(8 * i, value, true);
      else view.setInt32(4 * i, value, true);
    });
    this.hash.update(new Uint8Array(view.buffer));
  }

  features(): void {
    this.integers([this.codes.length]);
    for (const code of this.codes) this.hash.update(code);
  }

  /** As they are packed: the bounds of the cells, which come before, say how. */
  states(): void {
    this.array(this.graph.states.packedStates);
  }

  bound(value: BoundValue): void {
    if (typeof value === "number") {
      this.integers([-1]);
      this.array(Float64Array.of(value === 0 ? 0 : value));
    } else {
      this.integers([this.rankOf[value.feature]]);
    }
  }

  /** Terms of each row by the rank of their features; coefficients are never zero, so never −0. */
  forms({ rowCount, offsets, features, coefficients }: LinearForms): void {
    const { rankOf } = this;
    const ranks = new Int32Array(features.length);
    for (let j = 0; j < ranks.length; j++) ranks[j] = rankOf[features[j]];
    let amounts = coefficients;
    for (let r = 0, j = 1; r < rowCount; r++, j++) {
      const end = offsets[r + 1];
      while (j < end && ranks[j] > ranks[j - 1]) j++;
      if (j < end) {
        if (amounts === coefficients) amounts = coefficients.slice();
        mergeTerms(ranks, amounts, offsets[r], end);
      }
      j = end;
    }
    this.integers([rowCount, features.length]);
    this.array(offsets);
    this.array(ranks);
    this.array(amounts);
  }
}
