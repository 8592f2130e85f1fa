// What the facade asks of the language and does not have yet.
import { internalError } from "@phxlang/autodiff";
import type { DslModel } from "@phxlang/dsl";
import type { Observations } from "@phxlang/graph";
import type { DataTable } from "./data/table.ts";

export function bindObservations(
  model: DslModel,
  tables: ReadonlyMap<string, DataTable>,
): readonly Observations[] {
  throw internalError(`${tables.size} tables of ${model.source} cannot be bound yet`);
}
