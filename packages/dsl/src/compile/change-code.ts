// Code for changes: a new value for each cell that changes, all read from the old state.
import { internalError } from "@phxlang/autodiff";
import type { InstanceTable } from "../terms/instances.ts";
import type { CodeBuilder, Label } from "./code-builder.ts";
import type { UnrolledChange } from "./unroll.ts";

/** Emits the changes up to the instruction that makes them; returns the number of their list, −1 for none. */
export function emitChanges(
  builder: CodeBuilder,
  table: InstanceTable,
  changes: readonly UnrolledChange[],
): number {
  const values = staticValues(table, changes);
  if (values === null) {
    emitDynamic(builder, table, changes);
    return -1;
  }
  return builder.changeList(
    values.map(({ cell, shift, value }) => ({
      cell,
      register: builder.evaluate(shift ?? value),
      adds: shift !== null,
    })),
  );
}

interface NewValue {
  readonly cell: number;
  /** Node of the new value. */
  readonly value: number;
  /** Node of the difference, where it is all that is added. */
  readonly shift: number | null;
}

/** The new value of each cell, or null where the state decides which cells change or whether two changes meet. */
function staticValues(table: InstanceTable, changes: readonly UnrolledChange[]): readonly NewValue[] | null {
  const zero = table.constant(0);
  const values = new Map<number, NewValue>();
  for (const { target, value, adds, condition } of changes) {
    if (table.operation(target) !== "cell") return null;
    const cell = table.a(target);
    const known = values.get(cell);
    if (adds) {
      if (known !== undefined && known.shift === null) return null;
      const added = table.apply("if", condition, value, zero);
      const shift =
        known === undefined || known.shift === null ? added : table.apply("add", known.shift, added);
      values.set(cell, { cell, value: target, shift });
    } else {
      if (known !== undefined) return null;
      values.set(cell, { cell, value: table.apply("if", condition, value, target), shift: null });
    }
  }
  return [...values.values()].filter(({ shift }) => shift === null || table.constantValue(shift) !== 0);
}

function emitDynamic(builder: CodeBuilder, table: InstanceTable, changes: readonly UnrolledChange[]): void {
  for (const { target, value, adds, condition } of changes) {
    const skip: Label = [];
    builder.scoped(() => {
      if (table.constantValue(condition) === undefined) builder.jumpUnless(condition, skip);
      const operation = table.operation(target);
      if (operation === "trap") {
        builder.evaluate(target);
        return;
      }
      if (operation !== "cell" && operation !== "cellAt") throw internalError("a change of no cell");
      const offset = operation === "cell" ? builder.constant(0) : builder.evaluate(table.a(target));
      const first = operation === "cell" ? table.a(target) : table.b(target);
      builder.put(adds ? "addAt" : "assignAt", offset, builder.evaluate(value), first);
    });
    builder.land(skip);
  }
}

/** Whether two changes of one cell can stand together: only additions can. */
export function conflictIn(
  table: InstanceTable,
  changes: readonly UnrolledChange[],
): readonly [UnrolledChange, UnrolledChange] | null {
  const first = new Map<number, UnrolledChange>();
  for (const change of changes) {
    if (table.constantValue(change.condition) === undefined) continue;
    const known = first.get(change.target);
    if (known === undefined) first.set(change.target, change);
    else if (!known.adds || !change.adds) return [known, change];
  }
  return null;
}
