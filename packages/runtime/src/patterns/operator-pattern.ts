// OperatorPattern: where the numbers of a generator or a transition matrix stand, and which slots they come from.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Structure } from "@phxlang/autodiff";
import type { EliminationTrace } from "@phxlang/graph";

/** What an OperatorPattern is made of; every array is as described there. */
export interface OperatorPatternArrays {
  readonly rowCount: number;
  readonly slotCount: number;
  readonly rowOffsets: Int32Array;
  readonly closingEnds: Int32Array;
  readonly columns: Int32Array;
  readonly entrySlots: Int32Array;
  readonly exitOffsets: Int32Array;
  readonly exitSlots: Int32Array;
}

/**
 * The matrix A(s) of a slot vector s, as compressed rows. Row r owns entries rowOffsets[r] .. rowOffsets[r + 1);
 * entry e adds s[entrySlots[e]] at column columns[e]. The entries before closingEnds[r] are *transitions*: each
 * is also subtracted from the diagonal, as is s[x] for the exit slots x of the row,
 * exitSlots[exitOffsets[r] .. exitOffsets[r + 1]). The entries from closingEnds[r] on are *couplings*: they add at
 * their column and nothing else (their column may be r itself). A slot may stand behind any number of entries.
 *
 * A generator is made of transitions and exits; a transition matrix of couplings only; a lifted generator
 * (integrals, moments) of both.
 */
export class OperatorPattern implements Structure, OperatorPatternArrays {
  readonly structureKind = "operator-pattern";
  readonly rowCount: number;
  readonly slotCount: number;
  /** Length rowCount + 1. */
  readonly rowOffsets: Int32Array;
  /** Length rowCount. */
  readonly closingEnds: Int32Array;
  readonly columns: Int32Array;
  readonly entrySlots: Int32Array;
  /** Length rowCount + 1. */
  readonly exitOffsets: Int32Array;
  readonly exitSlots: Int32Array;
  #hash: string | null = null;

  constructor(arrays: OperatorPatternArrays) {
    this.rowCount = arrays.rowCount;
    this.slotCount = arrays.slotCount;
    this.rowOffsets = arrays.rowOffsets;
    this.closingEnds = arrays.closingEnds;
    this.columns = arrays.columns;
    this.entrySlots = arrays.entrySlots;
    this.exitOffsets = arrays.exitOffsets;
    this.exitSlots = arrays.exitSlots;
  }

  get entryCount(): number {
    return this.columns.length;
  }

  get contentHash(): string {
    this.#hash ??= bytesToHex(sha256(this.toBytes()));
    return this.#hash;
  }

  /** Little-endian i32: rows, slots, entries, exits, then the six arrays in the order of their declaration. */
  toBytes(): Uint8Array {
    const arrays = [
      Int32Array.of(this.rowCount, this.slotCount, this.entryCount, this.exitSlots.length),
      this.rowOffsets,
      this.closingEnds,
      this.columns,
      this.entrySlots,
      this.exitOffsets,
      this.exitSlots,
    ];
    const length = arrays.reduce((total, array) => total + array.length, 0);
    const view = new DataView(new ArrayBuffer(4 * length));
    let position = 0;
    for (const array of arrays) {
      for (let i = 0; i < array.length; i++, position += 4) view.setInt32(position, array[i], true);
    }
    return new Uint8Array(view.buffer);
  }
}

/** The inverse of toBytes. */
export function operatorPatternFromBytes(bytes: Uint8Array): OperatorPattern {
  const words = new Int32Array(new Uint8Array(bytes).buffer);
  const [rowCount, slotCount, entryCount, exitCount] = words;
  let at = 4;
  const take = (length: number): Int32Array => words.subarray(at, (at += length));
  return new OperatorPattern({
    rowCount,
    slotCount,
    rowOffsets: take(rowCount + 1),
    closingEnds: take(rowCount),
    columns: take(entryCount),
    entrySlots: take(entryCount),
    exitOffsets: take(rowCount + 1),
    exitSlots: take(exitCount),
  });
}

/** Every slot behind an entry or an exit of its own: the generator of a trace in continuous time. */
export function generatorPattern(trace: EliminationTrace): OperatorPattern {
  const transitionCount = trace.rowOffsets[trace.rowCount];
  return new OperatorPattern({
    rowCount: trace.rowCount,
    slotCount: trace.slotCount,
    rowOffsets: trace.rowOffsets,
    closingEnds: trace.rowOffsets.slice(1),
    columns: trace.columns,
    entrySlots: ascending(0, transitionCount),
    exitOffsets: trace.exitOffsets,
    exitSlots: ascending(transitionCount, trace.slotCount),
  });
}

/** first, first + 1, …, end − 1. */
export function ascending(first: number, end: number): Int32Array {
  const numbers = new Int32Array(end - first);
  for (let i = 0; i < numbers.length; i++) numbers[i] = first + i;
  return numbers;
}
