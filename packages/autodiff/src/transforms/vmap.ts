// vmap: a function of one example becomes a function of a batch.
import { broadcastAxis, moveAxis } from "../engine-operations.ts";
import type { Value } from "../trace.ts";
import type { VmapOptions } from "./batch-inputs.ts";
import { axesError, batchInputs, spreadAxes } from "./batch-inputs.ts";
import { batchFlat } from "./batch-trace.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction } from "./flat-function.ts";
import { mapMembers } from "./map-members.ts";
import { unnamedAxis } from "./map-primitive.ts";
import { spreadingFor } from "./spreading.ts";
import type { AcceptsAll, Returns } from "./types.ts";

/**
 * `vmap(f, { inAxes, outAxes, axisName })(...args)` maps f over axes of its arguments, as one batched
 * computation and not as a loop. PHX933 when axes do not fit the arguments or their lengths differ.
 */
export function vmap<A extends readonly Value[], R>(
  f: (...args: A) => R,
  options?: VmapOptions,
): (...args: AcceptsAll<A>) => Returns<R>;
export function vmap<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  options?: VmapOptions,
): (...args: AcceptsAll<A>) => Returns<R>;
export function vmap(f: TreeFunction, options: VmapOptions = {}): TreeFunction {
  return (...args) => mapOverBatch(f, args, options, "vmap");
}

function mapOverBatch(
  f: TreeFunction,
  args: readonly unknown[],
  options: VmapOptions,
  transform: string,
): unknown {
  const batch = batchInputs(args, options, transform);
  const { values, axes: inAxes, size, structure } = batch;
  const wanted = options.outAxes === undefined ? 0 : options.outAxes;
  const device = spreadingFor(size);
  if (device !== null) return mapMembers(f, batch, device, options.axisName ?? unnamedAxis, wanted, null);
  const flat = new FlatFunction(f, structure);
  const { results, axes } = batchFlat(flat.call, values, inAxes, size, options.axisName, transform);
  const outAxes = spreadAxes(wanted, flat.outputStructure, `outAxes of ${transform}`);
  return flat.outputTree(results.map((result, i) => placeAxis(result, axes[i], outAxes[i], size, transform)));
}

function placeAxis(
  result: Value,
  axis: number | null,
  outAxis: number | null,
  size: number,
  transform: string,
): Value {
  if (outAxis === null) {
    if (axis === null) return result;
    throw axesError(
      `outAxes of ${transform} is null for a result that depends on the batch`,
      "only a result that is the same for the whole batch can go without a batch axis",
    );
  }
  const rank = result.ndim + (axis === null ? 1 : 0);
  const position = outAxis < 0 ? outAxis + rank : outAxis;
  if (!Number.isInteger(outAxis) || position < 0 || position >= rank) {
    throw axesError(
      `outAxes of ${transform} puts the batch at axis ${outAxis} of a result with ${rank} axes`,
      `that result can have it at ${-rank} to ${rank - 1}`,
    );
  }
  return axis === null ? broadcastAxis(result, size, position) : moveAxis(result, axis, position);
}
