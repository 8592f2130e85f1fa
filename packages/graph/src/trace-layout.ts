// The binary layout of an EliminationTrace: header words, then arrays of 32-bit words, all little endian.
import type { EliminationTrace, PivotOrdering } from "./elimination-trace.ts";

/** Raised when the meaning of the bytes changes. */
export const traceFormatVersion = 1;
/** Raised when lumping, ordering or numbering change, so that the same graph gives another trace. */
export const traceAlgorithmVersion = 1;

/** "phx-trac" in ASCII, as two little-endian words. */
export const traceMagic: readonly [number, number] = [0x2d786870, 0x63617274];

/** Words of the header: magic (2), versions (2), checksum (2), counts (13), a zero, operation count (2, low first). */
export const headerWords = 22;
export const checksumWord = 4;

export const orderings: readonly PivotOrdering[] = ["natural", "amd", "markowitz"];

/** What the header says, in the order in which it says it from word 6 on. */
export interface TraceCounts {
  readonly rowCount: number;
  readonly blockCount: number;
  readonly transitionCount: number;
  readonly exitCount: number;
  readonly slotEdgeCount: number;
  readonly lowerCount: number;
  readonly upperCount: number;
  readonly stateCount: number;
  readonly edgeCount: number;
  readonly causeCount: number;
  /** neverCause + 1. */
  readonly neverCode: number;
  readonly epoch: number;
  readonly orderingCode: number;
}

export const countNames: readonly (keyof TraceCounts)[] = [
  "rowCount",
  "blockCount",
  "transitionCount",
  "exitCount",
  "slotEdgeCount",
  "lowerCount",
  "upperCount",
  "stateCount",
  "edgeCount",
  "causeCount",
  "neverCode",
  "epoch",
  "orderingCode",
];

export const firstCountWord = 6;
export const zeroWord = 19;
export const operationWord = 20;

export type TraceArrayName = {
  [K in keyof EliminationTrace]: EliminationTrace[K] extends Int32Array ? K : never;
}[keyof EliminationTrace];

/** The arrays in the order of the bytes, with their lengths. */
export function arrayLengths(counts: TraceCounts): readonly (readonly [TraceArrayName, number])[] {
  const { rowCount, transitionCount, exitCount } = counts;
  return [
    ["blockOffsets", counts.blockCount + 1],
    ["rowOffsets", rowCount + 1],
    ["columns", transitionCount],
    ["exitOffsets", rowCount + 1],
    ["exitCauses", exitCount],
    ["slotOffsets", transitionCount + exitCount + 1],
    ["slotEdges", counts.slotEdgeCount],
    ["lowerOffsets", rowCount + 1],
    ["lowerColumns", counts.lowerCount],
    ["upperOffsets", rowCount + 1],
    ["upperColumns", counts.upperCount],
    ["rowOfState", counts.stateCount],
    ["stateOfRow", rowCount],
  ];
}

export function countsOf(trace: EliminationTrace): TraceCounts {
  return {
    rowCount: trace.rowCount,
    blockCount: trace.blockOffsets.length - 1,
    transitionCount: trace.columns.length,
    exitCount: trace.exitCauses.length,
    slotEdgeCount: trace.slotEdges.length,
    lowerCount: trace.lowerColumns.length,
    upperCount: trace.upperColumns.length,
    stateCount: trace.stateCount,
    edgeCount: trace.edgeCount,
    causeCount: trace.causeCount,
    neverCode: trace.neverCause + 1,
    epoch: trace.epoch,
    orderingCode: orderings.indexOf(trace.ordering),
  };
}

/**
 * 64-bit checksum of words from `begin` on, as two words. Each of the two chains applies, per word, a bijection that
 * depends on the word and differs for any two words: so a change within one word always changes both results.
 */
export function checksum(words: Int32Array, begin: number): readonly [number, number] {
  let first = 0x2f0b4c47;
  let second = 0x51ed270b;
  for (let i = begin; i < words.length; i++) {
    const word = words[i];
    first = Math.imul(first ^ word, 0x85ebca6b);
    first ^= first >>> 15;
    second = Math.imul(((second << 13) | (second >>> 19)) + word, 0x27d4eb2f);
  }
  return [first | 0, second | 0];
}

const isLittleEndianHost = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Words in the byte order of the file become words of this host, or the other way round, in place. */
export function swapOnBigEndian(words: Int32Array): void {
  if (isLittleEndianHost) return;
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  for (let i = 0; i < words.length; i++) words[i] = view.getInt32(4 * i, true);
}

/** Bytes of a file as words of this host: the same memory where that can be, else a copy. */
export function wordsOf(bytes: Uint8Array): Int32Array {
  if (isLittleEndianHost && bytes.byteOffset % 4 === 0) {
    return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }
  const words = new Int32Array(bytes.slice().buffer);
  swapOnBigEndian(words);
  return words;
}
