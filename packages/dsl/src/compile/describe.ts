// describeModel: a checked model as the ModelDescription that graphs and distributions are made from.
import { createFeatureTable } from "@phxlang/graph";
import type {
  BoundValue,
  EpochDeclaration,
  ModelDescription,
  ParameterDeclaration,
  PriorDeclaration,
} from "@phxlang/graph";
import type { Place } from "@phxlang/autodiff";
import type { CheckedModel, CheckedParameter } from "../check/model.ts";
import { sizeOf } from "../terms/shape.ts";
import { Specialiser } from "../terms/specialiser.ts";
import type { Term } from "../terms/terms.ts";
import { FileCallback } from "./callback.ts";
import type { UnrolledModel } from "./callback.ts";
import { declareRewards } from "./rewards.ts";
import type { FeatureFactory } from "./term-code.ts";

export interface FileDescription extends ModelDescription {
  readonly callback: FileCallback;
}

/** `textAt` gives the text at a place, for messages about states that are met while exploring. */
export function describeModel(
  model: CheckedModel,
  unrolled: UnrolledModel,
  textAt: (place: Place) => string,
): FileDescription {
  const { table } = unrolled;
  const specialiser = new Specialiser(table);
  const parameterCount = model.parameters.reduce((count, one) => count + sizeOf(one.array.shape), 0);
  const features = createFeatureTable(parameterCount, model.covariates.length);
  /** A term that reads parameters alone: its value, or the feature whose value it is. */
  const valueOf = (factory: FeatureFactory, term: Term): BoundValue => {
    const expression = factory.expression(specialiser.specialise(term));
    return features.constantValue(expression) ?? { feature: features.feature(expression) };
  };
  const epochsOf = (factory: FeatureFactory): readonly EpochDeclaration[] =>
    model.epochs.length === 0
      ? [{ name: "", start: 0 }]
      : model.epochs.map(({ name, from }) => ({ name, start: valueOf(factory, from) }));
  const callback = new FileCallback(model, unrolled, features, epochsOf, textAt);
  const bound = (term: Term | null): BoundValue | null =>
    term === null ? null : valueOf(callback.factory, term);
  return {
    name: model.name,
    callback,
    parameters: model.parameters.map((parameter): ParameterDeclaration => {
      const { name, array, lowerClosed, upperClosed, simplex, defaults } = parameter;
      return {
        name,
        shape: array.shape.sizes,
        indexFrom: array.shape.from,
        offset: array.offset,
        size: sizeOf(array.shape),
        lower: bound(parameter.lower),
        upper: bound(parameter.upper),
        lowerClosed,
        upperClosed,
        simplex,
        defaults,
        prior: priorOf(parameter, (term) => valueOf(callback.factory, term)),
      };
    }),
    covariates: model.covariates.map(({ name, defaultValue }) => ({ name, defaultValue })),
    rewards: declareRewards(unrolled.rewards, callback),
  };
}

function priorOf(parameter: CheckedParameter, valueOf: (term: Term) => BoundValue): PriorDeclaration | null {
  const { prior } = parameter;
  return prior === null ? null : { law: prior.law, args: prior.args.map(valueOf) };
}
