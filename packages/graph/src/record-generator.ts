// recordGenerator: the elimination of a generator that is given by its pattern alone.
import { PhxError } from "@phxlang/autodiff";
import type { EliminationTrace } from "./elimination-trace.ts";
import { defaultBudget, recordClasses } from "./record-classes.ts";

/**
 * Arcs [offsets[i], offsets[i + 1]) leave row i for row targets[a], or stop where that is −1. Rows take the place of
 * states in the trace, arcs that of edges; rows that cannot stop are eliminated too, so a numeric factorization of
 * the generator alone may have pivots of 0: give it killing. PHX950 beyond `maxOperations` multiply-adds (default 2e9).
 */
export function recordGenerator(
  rowCount: number,
  offsets: Int32Array,
  targets: Int32Array,
  maxOperations: number = defaultBudget.operations,
): EliminationTrace {
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
  const classes = {
    classCount: rowCount,
    classOfState: rows,
    representatives: rows,
    arcOffsets: offsets,
    arcTargets: targets,
    arcEdges: Int32Array.from(targets.keys()),
  };
  const origin = {
    causeCount: 1,
    neverCause: -1,
    stateCount: rowCount,
    edgeCount: targets.length,
    epoch: 0,
  };
  const budget = { operations: maxOperations, nonzeros: defaultBudget.nonzeros };
  return recordClasses(classes, origin, "auto", budget, ({ operationCount, nonzeroCount }, size) => {
    const number = (value: number): string => value.toLocaleString("en-US");
    return new PhxError({
      code: "PHX950",
      what: `the elimination of a generator of ${number(rowCount)} rows takes more than ${number(operationCount)} operations and ${number(nonzeroCount)} non-zeros`,
      why: `${number(size)} of the rows lead to each other in a pattern that fills when eliminated`,
      fix: "use a method that does not eliminate, or a smaller model",
    });
  });
}
