// decodeTrace: an EliminationTrace from bytes that may be anything.
import { PhxError } from "@phxlang/autodiff";
import type { EliminationTrace } from "./elimination-trace.ts";
import { RecordedTrace } from "./recorded-trace.ts";
import { findInconsistency } from "./trace-consistency.ts";
import {
  arrayLengths,
  checksum,
  checksumWord,
  countNames,
  firstCountWord,
  headerWords,
  operationWord,
  orderings,
  wordsOf,
  traceAlgorithmVersion,
  traceFormatVersion,
  traceMagic,
  zeroWord,
} from "./trace-layout.ts";
import type { TraceArrayName, TraceCounts } from "./trace-layout.ts";

/**
 * The trace that `encodeTrace` turned into these bytes. Throws PHX952 (not a trace, or damaged), PHX953 (of another
 * version), PHX954 (the checksum fits but the contents do not fit together). Allocates in proportion to the bytes
 * given, whatever they say. The trace may keep the bytes instead of a copy: they must not change afterwards.
 */
export function decodeTrace(bytes: Uint8Array): EliminationTrace {
  if (bytes.length % 4 !== 0 || bytes.length < 4 * headerWords) {
    throw damaged(`${bytes.length} bytes are no trace: the header alone has ${4 * headerWords}`);
  }
  const words = wordsOf(bytes);
  if (words[0] !== traceMagic[0] || words[1] !== traceMagic[1]) {
    throw damaged("the bytes do not begin as a trace does");
  }
  if (words[2] !== traceFormatVersion || words[3] !== traceAlgorithmVersion) {
    throw new PhxError({
      code: "PHX953",
      what: `the trace has format ${words[2]} and algorithm ${words[3]}`,
      why: `this version of phx reads format ${traceFormatVersion} and algorithm ${traceAlgorithmVersion}`,
      fix: "record the trace again",
    });
  }
  const [first, second] = checksum(words, firstCountWord);
  if (words[checksumWord] !== first || words[checksumWord + 1] !== second) {
    throw damaged("the checksum of the trace does not fit its bytes");
  }
  const counts = readCounts(words);
  const trace = new RecordedTrace({
    rowCount: counts.rowCount,
    slotCount: counts.transitionCount + counts.exitCount,
    causeCount: counts.causeCount,
    neverCause: counts.neverCode - 1,
    stateCount: counts.stateCount,
    edgeCount: counts.edgeCount,
    epoch: counts.epoch,
    operationCount: readOperationCount(words),
    ordering: orderings[counts.orderingCode],
    ...readArrays(words, counts),
  });
  const inconsistency = findInconsistency(trace);
  if (inconsistency !== null) throw inconsistent(inconsistency);
  return trace;
}

function readCounts(words: Int32Array): TraceCounts {
  const entries = countNames.map((name, index) => [name, words[firstCountWord + index]] as const);
  for (const [name, value] of entries) {
    if (value < 0) throw inconsistent(`${name} is ${value}`);
  }
  const counts = Object.fromEntries(entries) as unknown as TraceCounts;
  const length = arrayLengths(counts).reduce((sum, [, size]) => sum + size, headerWords);
  if (length !== words.length) {
    throw inconsistent(`its counts ask for ${length} words, and it has ${words.length}`);
  }
  if (words[zeroWord] !== 0) throw inconsistent(`its spare word is ${words[zeroWord]}`);
  if (counts.orderingCode >= orderings.length)
    throw inconsistent(`there is no ordering ${counts.orderingCode}`);
  return counts;
}

function readOperationCount(words: Int32Array): number {
  const count = words[operationWord + 1] * 2 ** 32 + (words[operationWord] >>> 0);
  if (!Number.isSafeInteger(count) || count < 0) throw inconsistent(`it counts ${count} operations`);
  return count;
}

/** Views of one buffer. */
function readArrays(words: Int32Array, counts: TraceCounts): Record<TraceArrayName, Int32Array> {
  let at = headerWords;
  const entries = arrayLengths(counts).map(([name, size]) => {
    const array = words.subarray(at, at + size);
    at += size;
    return [name, array] as const;
  });
  return Object.fromEntries(entries) as Record<TraceArrayName, Int32Array>;
}

function damaged(what: string): PhxError {
  return new PhxError({ code: "PHX952", what, fix: "record the trace again" });
}

function inconsistent(what: string): PhxError {
  return new PhxError({
    code: "PHX954",
    what: `the trace contradicts itself: ${what}`,
    why: "its checksum fits, so it was not damaged by chance",
    fix: "do not use this file; record the trace again",
  });
}
