// Structural identifiability: parameters that the rates of a model depend on only together.
import type { Value } from "@phxlang/autodiff";
import { array, callProgram, jacfwd } from "@phxlang/autodiff";
import { interiorPoints } from "@phxlang/graph";
import type { LinearForms } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import { numbersOf } from "../concrete.ts";
import { symmetricEigen } from "../matrices/symmetric.ts";
import type { Data } from "../posterior/posterior.ts";
import { observationSets } from "../posterior/posterior.ts";

/** Squared share of the largest slope below which a direction changes nothing. */
const flatness = 1e-13;
/** Distinct forms and covariate rows looked at: structure shows in few of them. */
const formLimit = 2000;
const covariateLimit = 16;

/**
 * What cannot be told apart by any data of this kind: one sentence for each direction in which no rate, start weight or
 * observed reward changes, found from exact derivatives at points inside the bounds.
 */
export function structuralFlaws(model: Model, data: Data): string[] {
  const { parameterCount, parameterNames, graph } = model;
  if (parameterCount === 0) return [];
  const forms = distinctForms(model, data);
  const program = graph.features.toProgram();
  const slopes = jacfwd((z: Value) => callProgram(program, [z])[0]);
  const width = parameterCount + model.covariates.length;
  const atPoints = interiorPoints(model.description, 3).map((point) => {
    const theta = point.subarray(0, parameterCount);
    const rows = covariateRows(model, data).flatMap((covariates) => {
      const z = Float64Array.from([...theta, ...covariates]);
      const jacobian = numbersOf(slopes(array(z)));
      return forms.map((form) =>
        Float64Array.from({ length: parameterCount }, (_, p) =>
          form.reduce((sum, [feature, coefficient]) => sum + coefficient * jacobian[feature * width + p], 0),
        ),
      );
    });
    return { theta, rows };
  });
  const used = atPoints[0].rows;
  const unused = parameterNames.filter((_, p) => used.every((row) => row[p] === 0));
  const kept = parameterNames.flatMap((_, p) => (unused.includes(parameterNames[p]) ? [] : [p]));
  const sentences = unused.map((name) => `\`${name}\` does not enter the likelihood`);
  const isPositive = atPoints.every(({ theta }) => kept.every((p) => theta[p] > 0));
  const products = isPositive
    ? commonDirections(
        atPoints.map(({ theta, rows }) => rows.map((row) => kept.map((p) => row[p] * theta[p]))),
      )
    : [];
  const sums = commonDirections(atPoints.map(({ rows }) => rows.map((row) => kept.map((p) => row[p]))));
  const names = kept.map((p) => parameterNames[p]);
  const described = [
    ...products.map((direction) => describeProduct(names, direction)),
    ...sums.map((direction) => describeSum(names, direction)),
  ];
  return [...sentences, ...described];
}

type Form = readonly (readonly [feature: number, coefficient: number])[];

function distinctForms(model: Model, data: Data): Form[] {
  const { graph, description } = model;
  const observed = new Set(
    observationSets(data).flatMap((set) => (set.kind === "reward" ? [set.reward] : [])),
  );
  const rewards = description.rewards.filter(({ name }) => observed.has(name));
  const all: (LinearForms | null)[] = [
    graph.startWeights,
    ...graph.epochs.flatMap(({ weights }, e) => [
      weights,
      ...rewards.flatMap((reward) => [reward.stateForms(graph, e), reward.impulseForms(graph, e)]),
    ]),
  ];
  const found = new Map<string, Form>();
  for (const { start } of graph.epochs) {
    if (typeof start !== "number") found.set(`${start.feature}`, [[start.feature, 1]]);
  }
  for (const forms of all) {
    if (forms === null) continue;
    for (let row = 0; row < forms.rowCount && found.size < formLimit; row++) {
      const [from, to] = [forms.offsets[row], forms.offsets[row + 1]];
      // A single term has the same direction whatever its coefficient.
      const form = Array.from({ length: to - from }, (_, j) => {
        const coefficient = to - from === 1 ? 1 : forms.coefficients[from + j];
        return [forms.features[from + j], coefficient] as const;
      });
      found.set(form.join(";"), form);
    }
  }
  return [...found.values()];
}

function covariateRows(model: Model, data: Data): Float64Array[] {
  const defaults = Float64Array.from(model.description.covariates, ({ defaultValue }) => defaultValue);
  const rows = observationSets(data).flatMap(({ covariates }) =>
    covariates === null ? [defaults] : covariates.values.slice(0, covariateLimit),
  );
  return rows.slice(0, covariateLimit);
}

/** Directions, the same at all points, that are orthogonal to all rows there; rows count by their direction only. */
function commonDirections(points: readonly (readonly (readonly number[])[])[]): Float64Array[] {
  const size = points[0][0]?.length ?? 0;
  if (size < 2) return [];
  const gram = new Float64Array(size * size);
  for (const row of points.flat()) {
    const square = row.reduce((sum, x) => sum + x * x, 0);
    if (square === 0) continue;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) gram[i * size + j] += (row[i] * row[j]) / square;
    }
  }
  const { values, vectors } = symmetricEigen(gram, size);
  return vectors.filter((_, k) => values[k] < flatness * values[size - 1]);
}

function involved(names: readonly string[], direction: Float64Array): { name: string; share: number }[] {
  const largest = direction.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return names.flatMap((name, i) =>
    Math.abs(direction[i]) > 1e-6 * largest ? [{ name, share: direction[i] }] : [],
  );
}

function listOf(parts: readonly { name: string }[]): string {
  return parts.map(({ name }) => `\`${name}\``).join(", ");
}

function describeProduct(names: readonly string[], direction: Float64Array): string {
  const parts = involved(names, direction);
  if (parts.length === 2) {
    const [first, second] = parts;
    const exponent = -first.share / second.share;
    const power = Math.abs(exponent - Math.round(exponent)) < 1e-6 ? Math.round(exponent) : exponent;
    const shown =
      Math.abs(power) === 1 ? second.name : `${second.name}^${Number(Math.abs(power).toPrecision(4))}`;
    return `parameters ${listOf(parts)} enter only as \`${first.name} ${power > 0 ? "*" : "/"} ${shown}\``;
  }
  const shares = parts.map(({ name, share }) => `log ${name}: ${share.toFixed(2)}`).join(", ");
  return `parameters ${listOf(parts)} change nothing together along (${shares})`;
}

function describeSum(names: readonly string[], direction: Float64Array): string {
  const parts = involved(names, direction);
  if (parts.length === 2) {
    const [first, second] = parts;
    const factor = -first.share / second.share;
    const shown = Number(Math.abs(factor).toPrecision(4));
    const term = shown === 1 ? second.name : `${shown} * ${second.name}`;
    return `parameters ${listOf(parts)} enter only as \`${first.name} ${factor > 0 ? "+" : "-"} ${term}\``;
  }
  const shares = parts.map(({ name, share }) => `${name}: ${share.toFixed(2)}`).join(", ");
  return `parameters ${listOf(parts)} change nothing together along (${shares})`;
}
