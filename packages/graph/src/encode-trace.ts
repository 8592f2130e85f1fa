// encodeTrace: the canonical bytes of an EliminationTrace.
import type { EliminationTrace } from "./elimination-trace.ts";
import {
  arrayLengths,
  checksum,
  checksumWord,
  countNames,
  countsOf,
  firstCountWord,
  headerWords,
  operationWord,
  swapOnBigEndian,
  traceAlgorithmVersion,
  traceFormatVersion,
  traceMagic,
} from "./trace-layout.ts";

/** Equal traces give equal bytes, on every machine. */
export function encodeTrace(trace: EliminationTrace): Uint8Array {
  const counts = countsOf(trace);
  const arrays = arrayLengths(counts);
  const length = arrays.reduce((sum, [, size]) => sum + size, headerWords);
  const words = new Int32Array(length);
  words.set([...traceMagic, traceFormatVersion, traceAlgorithmVersion]);
  countNames.forEach((name, index) => {
    words[firstCountWord + index] = counts[name];
  });
  const operations = BigInt(trace.operationCount);
  words[operationWord] = Number(BigInt.asIntN(32, operations));
  words[operationWord + 1] = Number(operations >> 32n);
  let at = headerWords;
  for (const [name, size] of arrays) {
    words.set(trace[name], at);
    at += size;
  }
  words.set(checksum(words, firstCountWord), checksumWord);
  swapOnBigEndian(words);
  return new Uint8Array(words.buffer);
}
