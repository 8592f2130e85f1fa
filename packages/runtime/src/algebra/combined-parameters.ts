// Parameters, covariates and features of models that are put together, side by side in one table.
import { PhxError } from "@phxlang/autodiff";
import type {
  BoundValue,
  CovariateDeclaration,
  FeatureTable,
  LinearForms,
  ParameterDeclaration,
  PriorDeclaration,
} from "@phxlang/graph";
import { copyFeatures, createFeatureTable } from "@phxlang/graph";
import type { Model } from "../model.ts";

export interface CombinedParameters {
  readonly parameters: readonly ParameterDeclaration[];
  readonly covariates: readonly CovariateDeclaration[];
  readonly features: FeatureTable;
  /** Expression, in `features`, of each feature of each model. */
  readonly expressions: readonly Int32Array[];
}

/**
 * θ of a combination is that of the models, one after the other, after `own` parameters of the combination itself.
 * Names get the model's name in front where two models share one: `erlang_2.rate`. Covariates of equal names are one.
 */
export function combineParameters(
  models: readonly Model[],
  own: readonly ParameterDeclaration[] = [],
): CombinedParameters {
  const covariates: CovariateDeclaration[] = [];
  for (const { description } of models) {
    for (const covariate of description.covariates) {
      if (!covariates.some(({ name }) => name === covariate.name)) covariates.push(covariate);
    }
  }
  const ownSize = own.reduce((size, parameter) => size + parameter.size, 0);
  const parameterCount = models.reduce((size, model) => size + model.parameterCount, ownSize);
  const features = createFeatureTable(parameterCount, covariates.length);
  const prefixes = prefixesOf(models);
  const parameters = [...own];
  const expressions: Int32Array[] = [];
  let offset = ownSize;
  for (const [m, model] of models.entries()) {
    const { description } = model;
    const inputs = [
      ...Array.from({ length: model.parameterCount }, (_, p) => features.input(offset + p)),
      ...description.covariates.map(({ name }) =>
        features.input(parameterCount + covariates.findIndex((covariate) => covariate.name === name)),
      ),
    ];
    const copies = copyFeatures(description.callback.features, features, inputs);
    expressions.push(copies);
    for (const parameter of description.parameters) {
      parameters.push(moved(parameter, prefixes[m], offset, (bound) => copyBound(features, copies, bound)));
    }
    offset += model.parameterCount;
  }
  return { parameters, covariates, features, expressions };
}

/** Empty where no parameter name occurs twice. */
function prefixesOf(models: readonly Model[]): string[] {
  const names = models.flatMap(({ description }) => description.parameters.map(({ name }) => name));
  if (new Set(names).size === names.length) return models.map(() => "");
  return models.map(({ name }, m) => {
    const isShared = models.some((other, o) => o !== m && other.name === name);
    return isShared ? `${name}_${m + 1}.` : `${name}.`;
  });
}

function moved(
  parameter: ParameterDeclaration,
  prefix: string,
  offset: number,
  copy: (bound: BoundValue) => BoundValue,
): ParameterDeclaration {
  const { lower, upper, prior } = parameter;
  const copyPrior = ({ law, args }: PriorDeclaration): PriorDeclaration => ({ law, args: args.map(copy) });
  return {
    ...parameter,
    name: `${prefix}${parameter.name}`,
    offset: offset + parameter.offset,
    lower: lower === null ? null : copy(lower),
    upper: upper === null ? null : copy(upper),
    prior: prior === null ? null : copyPrior(prior),
  };
}

function copyBound(features: FeatureTable, copies: Int32Array, bound: BoundValue): BoundValue {
  if (typeof bound === "number") return bound;
  const expression = copies[bound.feature];
  return features.constantValue(expression) ?? { feature: features.feature(expression) };
}

/** The expression of a row of forms of a model, in the combination's table. */
export function rowExpression(
  features: FeatureTable,
  copies: Int32Array,
  forms: LinearForms,
  row: number,
): number {
  let sum = features.constant(0);
  for (let j = forms.offsets[row]; j < forms.offsets[row + 1]; j++) {
    const coefficient = features.constant(forms.coefficients[j]);
    sum = features.apply("add", sum, features.apply("mul", coefficient, copies[forms.features[j]]));
  }
  return sum;
}

/** PHX981 unless there are models, of one kind of time and one epoch each. */
export function checkCombinable(operation: string, models: readonly Model[]): void {
  const fail = (why: string): never => {
    throw new PhxError({
      code: "PHX981",
      what: `${operation} of ${models.length} ${models.length === 1 ? "model" : "models"}: ${why}`,
      why: "models are combined that count time alike and do not change with it",
      fix: "combine models of one kind; put epochs around the combination",
    });
  };
  if (models.length === 0) fail("nothing to combine");
  for (const { kind, name, graph, parameterCount, description } of models) {
    if (kind !== models[0].kind) fail(`${models[0].name} is ${models[0].kind}, ${name} is ${kind}`);
    const ownCount = description.callback.features.parameterCount;
    if (graph.epochs.length > 1 || ownCount !== parameterCount) fail(`${name} has epochs`);
  }
}
