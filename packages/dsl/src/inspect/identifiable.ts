// Parameters that act only through a product or a quotient: no data can tell them apart.
import type { Diagnostic } from "@phxlang/autodiff";
import { interiorPoints } from "@phxlang/graph";
import type { MarkovGraph } from "@phxlang/graph";
import { diagnostic } from "../check/reporter.ts";
import type { DslModel } from "../dsl-model.ts";

/** Relative difference below which two values of a feature are taken to be the same: rounding, and no more. */
const tolerance = 1e-12;

/**
 * PHX802 for pairs of parameters of which rates, weights, rewards and times of epochs know the product or the quotient
 * alone, tried at points inside their bounds: doubling one is then the same as doubling (or halving) the other.
 * Models without `observe` have nothing to estimate.
 */
export function unidentifiablePairs(model: DslModel, graph: MarkovGraph): readonly Diagnostic[] {
  const { checked, description } = model;
  if (checked.observes.length === 0) return [];
  const points = interiorPoints(description, 3);
  const scalars = description.parameters.filter(({ size, simplex }) => size === 1 && !simplex);
  const effects = scalars.map(({ name, offset }) => ({
    name,
    doubled: points.map((z) => scaled(graph, z, offset, 2)),
    halved: points.map((z) => scaled(graph, z, offset, 0.5)),
  }));
  const plain = points.map((z) => graph.features.evaluate(z));
  const acting = effects.filter(({ doubled }) => !agree(doubled, plain));
  return acting.flatMap((one, i) =>
    acting.slice(i + 1).flatMap((other) => {
      const sign = agree(one.doubled, other.doubled) ? "*" : agree(one.doubled, other.halved) ? "/" : null;
      if (sign === null) return [];
      const rule = checked.parameters.find(({ name }) => name === other.name);
      const expression = `${one.name} ${sign} ${other.name}`;
      return [
        diagnostic(
          "warning",
          "PHX802",
          rule?.place ?? checked.place,
          `\`${one.name}\` and \`${other.name}\` enter only as \`${expression}\`: not identifiable`,
          {
            notes: ["whatever the data, another pair with the same value of it is as likely"],
            hint: "make one of them a `const`, or declare one parameter for the whole",
          },
        ),
      ];
    }),
  );
}

function scaled(graph: MarkovGraph, z: Float64Array, index: number, factor: number): Float64Array {
  const changed = z.slice();
  changed[index] *= factor;
  return graph.features.evaluate(changed);
}

function agree(left: readonly Float64Array[], right: readonly Float64Array[]): boolean {
  return left.every((values, i) =>
    values.every((value, j) => Math.abs(value - right[i][j]) <= tolerance * Math.abs(value)),
  );
}
