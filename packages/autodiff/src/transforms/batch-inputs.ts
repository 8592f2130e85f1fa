// What vmap and pmap are told about axes, and the flat arguments that result from it.
import { shapeInWords } from "../array.ts";
import { PhxError } from "../errors.ts";
import type { Value } from "../trace.ts";
import type { TreeStructure } from "../tree.ts";
import { structureText } from "../tree.ts";
import { flattenValues } from "./flat-function.ts";

/**
 * Batch axes as a tree: a number or null (not batched) stands for all leaves below it, arrays and objects go
 * down into the argument. Negative numbers count from the last axis.
 */
export type AxesTree = number | null | readonly AxesTree[] | { readonly [name: string]: AxesTree };

export interface VmapOptions {
  /** One axes tree for all arguments, or a list with one for each. Default 0. */
  readonly inAxes?: number | null | readonly AxesTree[];
  /** Where the batch axis goes in the result; null for results that do not depend on the batch. Default 0. */
  readonly outAxes?: AxesTree;
  /** The name by which psum and the other collectives speak of this axis. */
  readonly axisName?: string;
  /** Length of the batch; needed only when no argument has a batch axis. */
  readonly axisSize?: number;
}

/** Flat arguments of a mapped function. */
export interface BatchInputs {
  readonly values: readonly Value[];
  /** The batch axis of each value; null for values that are the same for the whole batch. */
  readonly axes: readonly (number | null)[];
  readonly size: number;
  readonly structure: TreeStructure;
}

/** Flat arguments with the batch axis of each and the length of the batch; PHX933 where they do not fit. */
export function batchInputs(args: readonly unknown[], options: VmapOptions, transform: string): BatchInputs {
  const inAxes = options.inAxes === undefined ? 0 : options.inAxes;
  if (Array.isArray(inAxes) && inAxes.length !== args.length) {
    throw axesError(
      `inAxes of ${transform} does not fit the call: inAxes.length = ${inAxes.length}, args.length = ${args.length}`,
      "a list has one entry for each argument",
    );
  }
  const { values, structure } = flattenValues(args);
  const axes = spreadAxes(inAxes, structure, `inAxes of ${transform}`).map((axis, i) =>
    checkedAxis(axis, values[i], i, transform),
  );
  return { values, axes, size: batchSize(values, axes, options, transform), structure };
}

/** One axis for each leaf of a tree, from an axes tree that may stop early. */
export function spreadAxes(axes: AxesTree, structure: TreeStructure, name: string): (number | null)[] {
  if (axes === null || typeof axes === "number") {
    return Array.from({ length: structure.leafCount }, () => axes);
  }
  const misfit = (): PhxError =>
    axesError(
      `${name} does not fit the tree ${structureText(structure)}`,
      "an axes tree must be a prefix of the tree that it speaks of: the same lists and names, down to a number or null",
    );
  if (isAxesList(axes)) {
    if (structure.kind !== "list" || structure.children.length !== axes.length) throw misfit();
    return structure.children.flatMap((child, i) => spreadAxes(axes[i], child, name));
  }
  if (structure.kind !== "record" || Object.keys(axes).length !== structure.names.length) throw misfit();
  return structure.children.flatMap((child, i) => {
    const axis = axes[structure.names[i]];
    if (axis === undefined) throw misfit();
    return spreadAxes(axis, child, name);
  });
}

function isAxesList(axes: AxesTree): axes is readonly AxesTree[] {
  return Array.isArray(axes);
}

function checkedAxis(axis: number | null, value: Value, leaf: number, transform: string): number | null {
  if (axis === null) return null;
  const rank = value.ndim;
  const position = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && position >= 0 && position < rank) return position;
  throw axesError(
    `${transform} was told to map axis ${axis} of leaf ${leaf} of its arguments, which is ${shapeInWords(value.shape)}: its rank should be at least ${axis < 0 ? -axis : axis + 1}, but is only ${rank}`,
    "the batch axis must be one of the array's axes",
  );
}

function batchSize(
  values: readonly Value[],
  axes: readonly (number | null)[],
  options: VmapOptions,
  transform: string,
): number {
  let size = options.axisSize;
  let from = "axisSize";
  values.forEach((value, i) => {
    const axis = axes[i];
    if (axis === null) return;
    const length = value.shape[axis];
    if (size === undefined) {
      size = length;
      from = `leaf ${i} (shape [${value.shape.join(", ")}], axis ${axis})`;
    } else if (size !== length) {
      throw axesError(
        `${transform} got batches of different lengths: ${size} from ${from} and ${length} from leaf ${i} (shape [${value.shape.join(", ")}], axis ${axis})`,
        "all mapped axes must have one length",
      );
    }
  });
  if (size === undefined) {
    throw axesError(
      `${transform} has nothing to map over`,
      "no argument has a batch axis, so the length of the batch is unknown; give axisSize or an axis in inAxes",
    );
  }
  return size;
}

/** The error for axes that do not fit: PHX933. */
export function axesError(what: string, why: string): PhxError {
  return new PhxError({ code: "PHX933", what, why, fix: "correct inAxes, outAxes or the arguments" });
}
