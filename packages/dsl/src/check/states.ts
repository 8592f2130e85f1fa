// States: shapes, ranges and labels of the cells.
import type { StateDeclaration } from "../syntax/index.ts";
import { levels } from "../terms/kinds.ts";
import type { Kind } from "../terms/kinds.ts";
import { scalarShape, sizeOf } from "../terms/shape.ts";
import type { TermArray } from "../terms/terms.ts";
import type { ExpressionContext, ModelContext } from "./context.ts";
import { placeIn } from "./context.ts";
import type { Sourced } from "./declare.ts";
import { checkDimensions, constantRange } from "./dimensions.ts";
import type { CheckedState } from "./model.ts";

/** States get their cells in the order of declaration, entries of arrays row-major. */
export function checkStates(
  model: ModelContext,
  declarations: readonly Sourced<StateDeclaration>[],
): readonly CheckedState[] {
  const states: CheckedState[] = [];
  let offset = 0;
  for (const { source, declaration } of declarations) {
    const context: ExpressionContext = {
      model,
      source,
      scope: null,
      maximum: levels.constant,
      columns: false,
      depth: 0,
    };
    const name = declaration.name.name;
    const shape = checkDimensions(declaration.dimensions, name, context);
    const domain = checkDomain(declaration, context);
    const array: TermArray = {
      storage: "cells",
      name,
      noun: "state",
      shape: shape ?? scalarShape,
      offset,
      values: null,
    };
    offset += sizeOf(array.shape);
    if (shape === null || domain === null) continue;
    const state = { name, place: placeIn(context, declaration.name), array, ...domain };
    const symbol = model.symbols.find(name);
    if (symbol?.type === "state" && symbol.declaration === declaration) {
      symbol.resolved = { kind: domain.kind, array };
    }
    states.push(state);
  }
  return states;
}

interface Domain {
  readonly kind: Kind;
  readonly lower: number;
  readonly upper: number;
  readonly labels: readonly string[] | null;
}

function checkDomain(declaration: StateDeclaration, context: ExpressionContext): Domain | null {
  const { domain } = declaration;
  switch (domain.kind) {
    case "bool":
      return { kind: "bool", lower: 0, upper: 1, labels: ["false", "true"] };
    case "enum": {
      const [first] = domain.values;
      const symbol = context.model.symbols.find(first.name);
      const names = domain.values.map((value) => value.name);
      const own = symbol?.type === "value" && symbol.kind.enumOf === declaration.name.name;
      const kind = own ? symbol.kind : { enumOf: declaration.name.name, values: names };
      return { kind, lower: 0, upper: names.length - 1, labels: names };
    }
    case "range": {
      const ends = constantRange(domain.range, context, `the range of \`${declaration.name.name}\``);
      return ends === null ? null : { kind: "int", lower: ends.low, upper: ends.high, labels: null };
    }
  }
}
