// Pivot orders of blocks: minimum degree, or Markowitz where the pattern is unsymmetric and it turns out cheaper.
import { patternSymmetry } from "./block-pattern.ts";
import type { BlockPattern } from "./block-pattern.ts";
import type { PivotOrdering } from "./elimination-trace.ts";
import { markowitzOrder } from "./markowitz.ts";
import { minimumDegreeOrder } from "./minimum-degree.ts";
import type { SymbolicElimination } from "./symbolic-elimination.ts";

export type OrderingChoice = PivotOrdering | "auto";

export interface OrderedBlock {
  readonly order: Int32Array;
  readonly ordering: PivotOrdering;
}

/** Below this pattern symmetry Markowitz is tried too, if minimum degree needs fewer operations than the limit. */
const symmetryLimit = 0.5;
const markowitzLimit = 1e8;

/** Appends the block to the symbolic elimination in the order that is asked for, or in the cheaper one. */
export function appendOrdered(
  block: BlockPattern,
  choice: OrderingChoice,
  symbolic: SymbolicElimination,
): OrderedBlock {
  const { rowCount, operationCount } = symbolic;
  if (choice === "natural" || block.size < 3) {
    const order = Int32Array.from({ length: block.size }, (_, v) => v);
    symbolic.appendBlock(block, order);
    return { order, ordering: "natural" };
  }
  if (choice === "markowitz") {
    const order = markowitzOrder(block, Infinity);
    if (order !== null) symbolic.appendBlock(block, order);
    return { order: order ?? new Int32Array(0), ordering: "markowitz" };
  }
  const order = minimumDegreeOrder(block);
  symbolic.appendBlock(block, order);
  const operations = symbolic.operationCount - operationCount;
  if (choice === "amd" || operations > markowitzLimit || patternSymmetry(block) >= symmetryLimit) {
    return { order, ordering: "amd" };
  }
  // Counts its own work, which is at least its operations: beyond those of minimum degree it cannot win.
  const other = markowitzOrder(block, 4 * operations + block.offsets[block.size]);
  if (other === null) return { order, ordering: "amd" };
  symbolic.rewind(rowCount, operationCount);
  symbolic.appendBlock(block, other);
  if (symbolic.operationCount - operationCount < operations) return { order: other, ordering: "markowitz" };
  symbolic.rewind(rowCount, operationCount);
  symbolic.appendBlock(block, order);
  return { order, ordering: "amd" };
}
