// recordClasses: components, pivot order and symbolic elimination of a class graph.
import type { PhxError } from "@phxlang/autodiff";
import { appendOrdered } from "./block-order.ts";
import type { OrderingChoice } from "./block-order.ts";
import { BlockReader } from "./block-pattern.ts";
import { transientArcs } from "./class-graph.ts";
import type { ClassGraph } from "./class-graph.ts";
import type { EliminationTrace, PivotOrdering } from "./elimination-trace.ts";
import { RecordedTrace } from "./recorded-trace.ts";
import type { TraceFields } from "./recorded-trace.ts";
import { slotTable } from "./slot-table.ts";
import { strongComponents } from "./strong-components.ts";
import { SymbolicElimination } from "./symbolic-elimination.ts";
import type { EliminationBudget } from "./symbolic-elimination.ts";

/** What a trace says about the graph behind the classes. */
export type TraceOrigin = Pick<
  TraceFields,
  "causeCount" | "neverCause" | "stateCount" | "edgeCount" | "epoch"
>;

export const defaultBudget: EliminationBudget = { operations: 2e9, nonzeros: 2e8 };

/** A function of the arrays alone. `overBudget` makes the error that is thrown beyond the budget. */
export function recordClasses(
  classes: ClassGraph,
  origin: TraceOrigin,
  choice: OrderingChoice,
  budget: EliminationBudget,
  overBudget: (symbolic: SymbolicElimination, blockSize: number) => PhxError,
): EliminationTrace {
  const { classCount } = classes;
  const components = strongComponents(classCount, ...transientArcs(classes));
  const symbolic = new SymbolicElimination(classCount, budget);
  const reader = new BlockReader(classes, components);
  const classOfRow = new Int32Array(classCount);
  let ordering: PivotOrdering = choice === "natural" ? "natural" : "amd";
  for (let b = 0; b + 1 < components.offsets.length; b++) {
    const begin = components.offsets[b];
    if (components.offsets[b + 1] === begin + 1) {
      classOfRow[begin] = components.members[begin];
      symbolic.appendSingleton();
      continue;
    }
    const block = reader.read(b);
    const ordered = appendOrdered(block, choice, symbolic);
    if (symbolic.isOverBudget) throw overBudget(symbolic, block.size);
    if (ordered.ordering === "markowitz") ordering = "markowitz";
    ordered.order.forEach((vertex, p) => {
      classOfRow[begin + p] = block.members[vertex];
    });
  }
  const rowOfClass = new Int32Array(classCount);
  classOfRow.forEach((c, row) => {
    rowOfClass[c] = row;
  });
  return new RecordedTrace({
    rowCount: classCount,
    ...origin,
    blockOffsets: components.offsets,
    ...slotTable(classes, classOfRow, rowOfClass),
    lowerOffsets: symbolic.lowerOffsets,
    lowerColumns: symbolic.lower.toArray(),
    upperOffsets: symbolic.upperOffsets,
    upperColumns: symbolic.upper.toArray(),
    rowOfState: classes.classOfState.map((c) => (c < 0 ? c : rowOfClass[c])),
    stateOfRow: classOfRow.map((c) => classes.representatives[c]),
    operationCount: symbolic.operationCount,
    ordering,
  });
}
