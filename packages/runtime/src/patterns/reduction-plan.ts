// ReductionPlan: which states are eliminated from a chain, and every multiply-add of it; integers only.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Structure } from "@phxlang/autodiff";
import { ArrayReader, arraysToBytes } from "../array-bytes.ts";

/**
 * The chain lives in a work array: the inputs first, then entries that elimination fills in (0 at first). Step k
 * eliminates one state whose leaving entries are outSlots[outOffsets[k] ..] and whose entering entries (from
 * states that stay or go later) are inSlots[inOffsets[k] ..]: for each entering p and leaving o, in this order,
 *   work[targets[next]] += work[p] · work[o] / Σ_o' work[o']
 * where a target of −1 (a return to p's own state in continuous time) is left out.
 */
export class ReductionPlan implements Structure {
  readonly structureKind = "reduction-plan";
  readonly inputCount: number;
  readonly workCount: number;
  readonly inOffsets: Int32Array;
  readonly inSlots: Int32Array;
  readonly outOffsets: Int32Array;
  readonly outSlots: Int32Array;
  readonly targets: Int32Array;
  /** Work entries that make up the result. */
  readonly outputs: Int32Array;
  #hash: string | null = null;

  constructor(plan: Omit<ReductionPlan, "structureKind" | "contentHash" | "toBytes" | "stepCount">) {
    this.inputCount = plan.inputCount;
    this.workCount = plan.workCount;
    this.inOffsets = plan.inOffsets;
    this.inSlots = plan.inSlots;
    this.outOffsets = plan.outOffsets;
    this.outSlots = plan.outSlots;
    this.targets = plan.targets;
    this.outputs = plan.outputs;
  }

  get stepCount(): number {
    return this.inOffsets.length - 1;
  }

  get contentHash(): string {
    this.#hash ??= bytesToHex(sha256(this.toBytes()));
    return this.#hash;
  }

  /** The counts, then the arrays in the order of their declaration. */
  toBytes(): Uint8Array {
    return arraysToBytes([
      Int32Array.of(this.inputCount, this.workCount),
      this.inOffsets,
      this.inSlots,
      this.outOffsets,
      this.outSlots,
      this.targets,
      this.outputs,
    ]);
  }
}

/** The inverse of toBytes. */
export function reductionPlanFromBytes(bytes: Uint8Array): ReductionPlan {
  const reader = new ArrayReader(bytes);
  const [inputCount, workCount] = reader.integers();
  return new ReductionPlan({
    inputCount,
    workCount,
    inOffsets: reader.integers(),
    inSlots: reader.integers(),
    outOffsets: reader.integers(),
    outSlots: reader.integers(),
    targets: reader.integers(),
    outputs: reader.integers(),
  });
}
