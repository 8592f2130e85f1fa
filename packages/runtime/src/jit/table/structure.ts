// Rearrangements, which are views, and reductions.
import type { ArrayType, Parameters } from "@phxlang/autodiff";
import type { Combination, Reduction, ViewLowering } from "../lowering.ts";
import { reshapeView } from "../view.ts";

const list = (parameters: Parameters, name: string): readonly number[] =>
  parameters[name] as readonly number[];

const reshape: ViewLowering = {
  kind: "view",
  view: (operand, shape, _parameters, type) => reshapeView(operand, shape, type.shape),
};

const permute: ViewLowering = {
  kind: "view",
  view: ({ offset, strides }, _shape, parameters) => ({
    offset,
    strides: list(parameters, "axes").map((axis) => strides[axis]),
  }),
};

/** Axis i of the operand, of length 1 or that of the result, becomes axis dimensions[i]. */
const broadcast: ViewLowering = {
  kind: "view",
  view({ offset, strides }, shape, parameters, type) {
    const dimensions = list(parameters, "dimensions");
    const result = type.shape.map(() => 0);
    shape.forEach((length, axis) => {
      if (length !== 1) result[dimensions[axis]] = strides[axis];
    });
    return { offset, strides: result };
  },
};

function reduction(combination: Combination): Reduction {
  return {
    kind: "reduction",
    combination,
    axes: (parameters: Parameters, _operand: ArrayType) => list(parameters, "axes"),
  };
}

export const structureTable: Readonly<Record<string, ViewLowering | Reduction>> = {
  reshape,
  permute,
  broadcast,
  reduceSum: reduction("sum"),
};
