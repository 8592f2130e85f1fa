// Rearrangements: views of their operands.
import type { Parameters } from "@phxlang/autodiff";
import type { ViewLowering } from "../program/lowering.ts";
import { reshapeView } from "../program/view.ts";

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

/** Axis a of the operand, of length 1 or that of the result, becomes axis dimensions[a]. */
const broadcast: ViewLowering = {
  kind: "view",
  view({ offset, strides }, shape, parameters, type) {
    const result = type.shape.map(() => 0);
    list(parameters, "dimensions").forEach((target, axis) => {
      if (shape[axis] !== 1) result[target] = strides[axis];
    });
    return { offset, strides: result };
  },
};

/** Entries starts[a], starts[a] + strides[a], … along each axis a. */
const slice: ViewLowering = {
  kind: "view",
  view({ offset, strides }, _shape, parameters) {
    const starts = list(parameters, "starts");
    const steps = list(parameters, "strides");
    return {
      offset: strides.reduce((sum, stride, axis) => sum + stride * starts[axis], offset),
      strides: strides.map((stride, axis) => stride * steps[axis]),
    };
  },
};

/** The view begins at the last entries of the axes that run backwards. */
const reverse: ViewLowering = {
  kind: "view",
  view({ offset, strides }, shape, parameters) {
    const axes = list(parameters, "axes");
    return {
      offset: axes.reduce((sum, axis) => sum + strides[axis] * (shape[axis] - 1), offset),
      strides: strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
    };
  },
};

export const structureTable: Readonly<Record<string, ViewLowering>> = {
  reshape,
  permute,
  broadcast,
  slice,
  reverse,
};
