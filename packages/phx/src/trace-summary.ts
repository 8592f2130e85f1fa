// The figures of an elimination trace that people ask for.
import type { EliminationTrace } from "@phxlang/graph";

export interface TraceSummary {
  /** Hexadecimal SHA-256 of the canonical bytes. */
  readonly hash: string;
  /** Transient states (or classes of them) that are eliminated. */
  readonly rows: number;
  /** Numbers that a replay starts from. */
  readonly slots: number;
  readonly blocks: number;
  readonly largestBlock: number;
  /** Entries that elimination adds inside the blocks. */
  readonly entries: number;
  /** Of one numeric factorization: exact. */
  readonly multiplyAdds: number;
  readonly ordering: string;
  /** Of the serialised trace. */
  readonly bytes: number;
}

export function summarizeTrace(trace: EliminationTrace): TraceSummary {
  const { blockOffsets } = trace;
  let largestBlock = 0;
  for (let block = 0; block + 1 < blockOffsets.length; block++) {
    largestBlock = Math.max(largestBlock, blockOffsets[block + 1] - blockOffsets[block]);
  }
  return {
    hash: trace.contentHash,
    rows: trace.rowCount,
    slots: trace.slotCount,
    blocks: blockOffsets.length - 1,
    largestBlock,
    entries: trace.lowerColumns.length + trace.upperColumns.length,
    multiplyAdds: trace.operationCount,
    ordering: trace.ordering,
    bytes: trace.toBytes().length,
  };
}
