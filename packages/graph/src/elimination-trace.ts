// EliminationTrace, the record of one elimination: integers only, the same on every machine.
import type { Structure } from "@phxlang/autodiff";

export type PivotOrdering = "amd" | "markowitz" | "natural";

/**
 * Rows are the transient states (or classes of states, where the graph was lumped) in pivot order, grouped into
 * blocks: the strongly connected components in an order in which every edge between blocks leads to an earlier
 * block. *Slots* are the numbers that a replay starts from: first the transition slots, row by row, columns
 * ascending (so those into earlier blocks come first); then the exit slots, row by row, one for each cause that
 * the row can stop with, causes ascending. Slot s is the sum of the weights of edges
 * slotEdges[slotOffsets[s] .. slotOffsets[s+1]), which ascend. Self-loops (and edges within a class) are no slots:
 * elimination does not need them.
 *
 * Elimination is GTH, row by row: lowerColumns and upperColumns hold, for each row, the in-block columns before
 * and after the diagonal that are structurally non-zero after fill, ascending.
 *
 * States from which no stop can be reached (in a defective model, or where an epoch does not reach them) have no
 * rows: they are like states that stop, with the cause `neverCause`, which follows the causes of the graph. So
 * every row reaches an exit, and no pivot is structurally zero.
 */
export interface EliminationTrace extends Structure {
  readonly structureKind: "elimination-trace";
  readonly rowCount: number;
  readonly slotCount: number;
  /** Causes of the graph, and one more (the last) where there is a `neverCause`. */
  readonly causeCount: number;
  /** The cause that stands for never stopping: causeCount − 1; or −1 where every state can stop. */
  readonly neverCause: number;
  /** States and edges of the graph that the trace belongs to, and its epoch. */
  readonly stateCount: number;
  readonly edgeCount: number;
  readonly epoch: number;
  /** Length blockCount + 1. */
  readonly blockOffsets: Int32Array;
  /** Length rowCount + 1; transition slots of row i. */
  readonly rowOffsets: Int32Array;
  /** Column of each transition slot; length rowOffsets[rowCount]. */
  readonly columns: Int32Array;
  /** Length rowCount + 1; exit slots of row i are rowOffsets[rowCount] + [exitOffsets[i], exitOffsets[i + 1]). */
  readonly exitOffsets: Int32Array;
  readonly exitCauses: Int32Array;
  readonly slotOffsets: Int32Array;
  readonly slotEdges: Int32Array;
  readonly lowerOffsets: Int32Array;
  readonly lowerColumns: Int32Array;
  readonly upperOffsets: Int32Array;
  readonly upperColumns: Int32Array;
  /** Row of each graph state; −1 − cause for a state that stops. */
  readonly rowOfState: Int32Array;
  /** Representative state of each row, the smallest of its class: its edges fill the slots. */
  readonly stateOfRow: Int32Array;
  /**
   * Multiply-adds of one numeric factorization, exact: for every lower entry (i, k) one for the exits and one for
   * each upper column of k other than i.
   */
  readonly operationCount: number;
  /** How the pivots were chosen; "markowitz" where at least one block was. For `phx trace`. */
  readonly ordering: PivotOrdering;
}
