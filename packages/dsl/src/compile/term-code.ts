// Code for rates, weights and rewards: a sum of coefficients of the state times features of the parameters.
import type { FeatureTable } from "@phxlang/graph";
import { reads } from "../terms/instances.ts";
import type { InstanceTable } from "../terms/instances.ts";
import type { FamilyCall } from "./bytecode.ts";
import type { CodeBuilder, Label } from "./code-builder.ts";
import { Family, factorForm } from "./families.ts";
import { separate } from "./separate.ts";
import { SymbolicExpression } from "./symbolic.ts";

/** Families and features of one model, shared by all its programs. */
export class FeatureFactory {
  readonly features: FeatureTable;
  readonly families: Family[] = [];
  readonly table: InstanceTable;
  readonly #familyOf = new Map<number, number>();

  constructor(table: InstanceTable, features: FeatureTable) {
    this.table = table;
    this.features = features;
  }

  family(root: number): number {
    let family = this.#familyOf.get(root);
    if (family === undefined) {
      family = this.families.push(new Family(this.table, root, this.features)) - 1;
      this.#familyOf.set(root, family);
    }
    return family;
  }

  /** Expression of a node that reads parameters alone. */
  expression(root: number): number {
    return new SymbolicExpression(this.table, root).build(this.features, []);
  }
}

interface Plan {
  /** Distinct features with the nodes of their coefficients. */
  readonly direct: readonly { readonly feature: number; readonly coefficient: number }[];
  readonly families: readonly { readonly family: number; readonly coefficient: number }[];
}

/**
 * Emits code that leaves the terms of `root` in the machine. With a label, jumps there if the value is
 * structurally zero.
 */
export function emitTerms(
  builder: CodeBuilder,
  factory: FeatureFactory,
  root: number,
  calls: FamilyCall[],
  ifZero: Label | null,
): void {
  const { direct, families } = planTerms(factory, root);
  if (direct.length === 1 && families.length === 0 && ifZero !== null) {
    const [{ feature, coefficient }] = direct;
    builder.jump("oneTerm", ifZero, builder.evaluate(coefficient), feature);
    return;
  }
  builder.put("clearTerms");
  for (const { feature, coefficient } of direct) builder.put("term", feature, builder.evaluate(coefficient));
  for (const { family, coefficient } of families) {
    const scale = builder.evaluate(coefficient);
    const skip: Label = [];
    builder.jump("jumpIfZero", skip, scale);
    builder.scoped(() => {
      const keys = factory.families[family].expression.keys.map((key) => builder.evaluate(key));
      builder.put("family", calls.push({ family, keys }) - 1, scale);
    });
    builder.land(skip);
  }
  if (families.length > 0) builder.put("mergeTerms");
  if (ifZero !== null) builder.jump("jumpIfNoTerms", ifZero);
}

function planTerms(factory: FeatureFactory, root: number): Plan {
  const { table, features } = factory;
  const direct = new Map<number, number>();
  const families: { family: number; coefficient: number }[] = [];
  const add = (feature: number, coefficient: number): void => {
    const known = direct.get(feature);
    direct.set(feature, known === undefined ? coefficient : table.apply("add", known, coefficient));
  };
  for (const { coefficient, factor } of separate(table, root)) {
    if ((table.reads(factor) & reads.state) !== 0) {
      families.push({ family: factory.family(factor), coefficient });
      continue;
    }
    const expression = factory.expression(factor);
    const scale = table.constantValue(coefficient);
    // A constant coefficient is part of the expression: the feature table knows which sums it may expand.
    const form =
      scale === undefined
        ? factorForm(features, expression)
        : features.linearForm(features.apply("mul", features.constant(scale), expression));
    for (const [i, feature] of form.features.entries()) {
      const number = table.constant(form.coefficients[i]);
      add(feature, scale === undefined ? table.apply("mul", coefficient, number) : number);
    }
  }
  return {
    direct: [...direct]
      .filter(([, coefficient]) => table.constantValue(coefficient) !== 0)
      .sort(([a], [b]) => a - b)
      .map(([feature, coefficient]) => ({ feature, coefficient })),
    families,
  };
}
