// The figures of an elimination trace that people ask for.
import type { EliminationTrace } from "@phxlang/graph";
import { groupedInteger } from "./output/numbers.ts";

export interface TraceSummary {
  /** Hexadecimal SHA-256 of the canonical bytes. */
  readonly hash: string;
  /** Transient states that can stop, before lumping. */
  readonly transientStates: number;
  /** What is eliminated: these states, or classes of them. */
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

/** `5,603`, or what lumping made of them: `29, classes of 5,603 states`. */
export function rowsText({ rows, transientStates }: TraceSummary): string {
  if (rows === transientStates) return groupedInteger(rows);
  return `${groupedInteger(rows)}, classes of ${groupedInteger(transientStates)} states with the same future`;
}

export function summarizeTrace(trace: EliminationTrace): TraceSummary {
  const { blockOffsets } = trace;
  let largestBlock = 0;
  for (let block = 0; block + 1 < blockOffsets.length; block++) {
    largestBlock = Math.max(largestBlock, blockOffsets[block + 1] - blockOffsets[block]);
  }
  return {
    hash: trace.contentHash,
    transientStates: trace.rowOfState.reduce((count, row) => (row < 0 ? count : count + 1), 0),
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
