// RecordedTrace: an EliminationTrace with its bytes and hash.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { EliminationTrace, PivotOrdering } from "./elimination-trace.ts";
import { encodeTrace } from "./encode-trace.ts";

/** All fields of an EliminationTrace but those of Structure. */
export type TraceFields = Omit<EliminationTrace, "structureKind" | "contentHash" | "toBytes">;

export class RecordedTrace implements EliminationTrace {
  readonly structureKind = "elimination-trace";
  readonly rowCount: number;
  readonly slotCount: number;
  readonly causeCount: number;
  readonly neverCause: number;
  readonly stateCount: number;
  readonly edgeCount: number;
  readonly epoch: number;
  readonly blockOffsets: Int32Array;
  readonly rowOffsets: Int32Array;
  readonly columns: Int32Array;
  readonly exitOffsets: Int32Array;
  readonly exitCauses: Int32Array;
  readonly slotOffsets: Int32Array;
  readonly slotEdges: Int32Array;
  readonly lowerOffsets: Int32Array;
  readonly lowerColumns: Int32Array;
  readonly upperOffsets: Int32Array;
  readonly upperColumns: Int32Array;
  readonly rowOfState: Int32Array;
  readonly stateOfRow: Int32Array;
  readonly operationCount: number;
  readonly ordering: PivotOrdering;
  private hash: string | null = null;

  constructor(fields: TraceFields) {
    this.rowCount = fields.rowCount;
    this.slotCount = fields.slotCount;
    this.causeCount = fields.causeCount;
    this.neverCause = fields.neverCause;
    this.stateCount = fields.stateCount;
    this.edgeCount = fields.edgeCount;
    this.epoch = fields.epoch;
    this.blockOffsets = fields.blockOffsets;
    this.rowOffsets = fields.rowOffsets;
    this.columns = fields.columns;
    this.exitOffsets = fields.exitOffsets;
    this.exitCauses = fields.exitCauses;
    this.slotOffsets = fields.slotOffsets;
    this.slotEdges = fields.slotEdges;
    this.lowerOffsets = fields.lowerOffsets;
    this.lowerColumns = fields.lowerColumns;
    this.upperOffsets = fields.upperOffsets;
    this.upperColumns = fields.upperColumns;
    this.rowOfState = fields.rowOfState;
    this.stateOfRow = fields.stateOfRow;
    this.operationCount = fields.operationCount;
    this.ordering = fields.ordering;
  }

  /** Computed when first asked for. */
  get contentHash(): string {
    this.hash ??= bytesToHex(sha256(this.toBytes()));
    return this.hash;
  }

  toBytes(): Uint8Array {
    return encodeTrace(this);
  }
}
