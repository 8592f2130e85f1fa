// makePmap: pmap for a device. Like vmap, but the device decides where each member runs.
import type { Device } from "../device.ts";
import type { Value } from "../trace.ts";
import type { VmapOptions } from "./batch-inputs.ts";
import { batchInputs } from "./batch-inputs.ts";
import type { TreeFunction } from "./flat-function.ts";
import type { TracedMember } from "./map-members.ts";
import { mapMembers } from "./map-members.ts";
import { unnamedAxis } from "./map-primitive.ts";
import { oneDevice } from "./one-device.ts";
import { TraceCache } from "./trace-cache.ts";
import type { AcceptsAll, Returns } from "./types.ts";

export interface PmapOptions extends VmapOptions {
  /** The device to run on; a group of workers or ranks is one device. Default: that of makePmap. */
  readonly devices?: readonly Device[];
}

/** pmap for one device, as makePmap returns it. */
export interface Pmap {
  <A extends readonly Value[], R>(
    f: (...args: A) => R,
    options?: PmapOptions,
  ): (...args: AcceptsAll<A>) => Returns<R>;
  <A extends readonly unknown[], R>(
    f: (...args: A) => R,
    options?: PmapOptions,
  ): (...args: AcceptsAll<A>) => Returns<R>;
}

/**
 * `const pmap = makePmap(device)`; then `pmap(f, { axisName, inAxes, outAxes })(...args)` has the meaning of vmap,
 * collectives included, and composes with all transforms.
 */
export function makePmap(device: Device): Pmap {
  const pmap = (f: TreeFunction, options: PmapOptions = {}): TreeFunction => {
    const chosen = oneDevice(options.devices ?? [device], "pmap");
    const axisName = options.axisName ?? unnamedAxis;
    const outAxes = options.outAxes === undefined ? 0 : options.outAxes;
    const cache = new TraceCache<TracedMember>(64);
    return (...args) => mapMembers(f, batchInputs(args, options, "pmap"), chosen, axisName, outAxes, cache);
  };
  return pmap;
}
