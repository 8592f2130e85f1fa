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

/** Entries starts[a], starts[a] + strides[a], … along each axis a. */
const slice: ViewLowering = {
  kind: "view",
  view({ offset, strides }, _shape, parameters) {
    const steps = list(parameters, "strides");
    const starts = list(parameters, "starts");
    return {
      offset: strides.reduce((sum, stride, axis) => sum + stride * starts[axis], offset),
      strides: strides.map((stride, axis) => stride * steps[axis]),
    };
  },
};

/** Axes run backwards: strides are negated, and the view begins at their last entries. */
const reverse: ViewLowering = {
  kind: "view",
  view({ offset, strides }, shape, parameters) {
    const axes = list(parameters, "axes");
    const moved = axes.reduce((sum, axis) => sum + strides[axis] * (shape[axis] - 1), offset);
    return {
      offset: moved,
      strides: strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
    };
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
  slice,
  reverse,
  reduceSum: reduction("sum"),
  reduceMax: reduction("max"),
  reduceMin: reduction("min"),
};
