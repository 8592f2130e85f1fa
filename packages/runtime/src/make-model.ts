// makeModel: from a description to a Model.
import { internalError } from "@phxlang/autodiff";
import type { ModelDescription } from "@phxlang/graph";
import type { Model, ModelOptions } from "./model.ts";

/**
 * Explores the graph of a description, records its traces, and offers its distributions. Throws PhxError (7xx)
 * for what exploration finds wrong.
 */
export function makeModel(description: ModelDescription, options: ModelOptions = {}): Model {
  throw internalError(
    `makeModel(${description.name}, ${Object.keys(options).join()}) waits for the engine and the graph`,
  );
}
