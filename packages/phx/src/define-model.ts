// defineModel: a model written as functions instead of a file.
import { defineModel as describe } from "@phxlang/graph";
import type { ModelDefinition, ParameterOptions } from "@phxlang/graph";
import { makeModel } from "@phxlang/runtime";
import type { Model, ModelOptions } from "@phxlang/runtime";

/**
 * The model of a definition. `transitions` is called once per reachable state, with symbols for the parameters: rates
 * are expressions of them, and the structure must not depend on their values. Throws PHX910 to PHX916 for a wrong
 * definition, PHX7xx for a wrong state graph.
 */
export function defineModel<
  const P extends { readonly [K in keyof P]: ParameterOptions } = object,
  const C extends { readonly [K in keyof C]: number } = object,
>(definition: ModelDefinition<P, C>, options: ModelOptions = {}): Model {
  return makeModel(describe(definition), options);
}
