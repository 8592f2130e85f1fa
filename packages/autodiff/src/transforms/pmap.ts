// makePmap: pmap for a device. Like vmap, but the device decides where each member runs.
import type { ArrayType } from "../array.ts";
import { typeText } from "../array.ts";
import { axisEnvironmentKey, withAxisFrame } from "../axis-names.ts";
import { bind } from "../bind.ts";
import type { Device } from "../device.ts";
import { countingArray, moveAxis } from "../engine-operations.ts";
import { PhxError } from "../errors.ts";
import { simplify } from "../passes/simplify.ts";
import type { Primitive } from "../primitive.ts";
import { ProgramTrace } from "../program-trace.ts";
import type { Program } from "../program.ts";
import type { Tracer, Value } from "../trace.ts";
import type { TreeStructure } from "../tree.ts";
import { unflatten } from "../tree.ts";
import { withTrace } from "../with-trace.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction } from "./flat-function.ts";
import type { MapParameters } from "./map-primitive.ts";
import { makeMapPrimitive } from "./map-primitive.ts";
import { TraceCache } from "./trace-cache.ts";
import type { AcceptsAll, Returns } from "./types.ts";
import type { VmapOptions } from "./vmap.ts";
import { batchInputs, spreadAxes } from "./vmap.ts";

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

let unnamedAxes = 0;

/**
 * `const pmap = makePmap(device)`; then `pmap(f, { axisName, inAxes, outAxes })(...args)` has the meaning of vmap,
 * collectives included, and composes with all transforms. Every result depends on the member: outAxes has no null.
 */
export function makePmap(device: Device): Pmap {
  const primitives = new WeakMap<Device, Primitive<MapParameters>>();
  const pmap = (f: TreeFunction, options: PmapOptions = {}): TreeFunction => {
    const chosen = oneDevice(options.devices ?? [device]);
    let primitive = primitives.get(chosen);
    if (primitive === undefined) primitives.set(chosen, (primitive = makeMapPrimitive(chosen)));
    return mapped(f, primitive, options);
  };
  return pmap;
}

function oneDevice(devices: readonly Device[]): Device {
  if (devices.length === 1) return devices[0];
  throw new PhxError({
    code: "PHX933",
    what: `pmap was given ${devices.length} devices`,
    why: "one device runs all members; workers and ranks come as one device that spreads members over them",
    fix: "give one device, or a device that stands for a group",
  });
}

interface TracedMember {
  readonly program: Program;
  readonly captured: readonly Tracer[];
  readonly outputStructure: TreeStructure;
}

function mapped(f: TreeFunction, primitive: Primitive<MapParameters>, options: PmapOptions): TreeFunction {
  unnamedAxes += options.axisName === undefined ? 1 : 0;
  const axisName = options.axisName ?? `pmap axis ${unnamedAxes}`;
  const cache = new TraceCache<TracedMember>(64);
  return (...args) => {
    const { values, axes, size, structure } = batchInputs(args, options, "pmap");
    const operands = values.map((value, i) => {
      const axis = axes[i];
      return axis === null ? value : moveAxis(value, axis, 0);
    });
    const types = operands.map(({ type }, i) =>
      axes[i] === null ? type : { dtype: type.dtype, shape: type.shape.slice(1), weak: type.weak === true },
    );
    const key = `${structure.key} ${types.map(typeText).join()} ${size} ${axisEnvironmentKey()}`;
    let traced = cache.get(key, []);
    if (traced === undefined) {
      traced = traceMember(new FlatFunction(f, structure), types, axisName, size);
      if (traced.captured.length === 0) cache.set(key, [], traced);
    }
    const { program, captured, outputStructure } = traced;
    const results = bind(primitive, [...operands, countingArray(size), ...captured], {
      program,
      axisName,
      size,
      mapped: [...axes.map((axis) => axis !== null), true, ...captured.map(() => false)],
    });
    const outAxes = spreadAxes(
      options.outAxes === undefined ? 0 : options.outAxes,
      outputStructure,
      "outAxes of pmap",
    );
    const placed = results.map((result, i) => placeMembers(result, outAxes[i]));
    return unflatten(outputStructure, placed);
  };
}

/** The program of one member: its arguments, then its place along the axis. */
function traceMember(
  flat: FlatFunction,
  types: readonly ArrayType[],
  axisName: string,
  size: number,
): TracedMember {
  return withTrace(
    (level) => new ProgramTrace(level, "pmap"),
    (trace) => {
      const inputs = types.map((type) => trace.input(type));
      const index = trace.input({ dtype: "i32", shape: [] });
      const outputs = withAxisFrame({ name: axisName, size, index }, () => flat.call(inputs));
      const program = simplify(trace.finish(outputs));
      return { program, captured: trace.captured, outputStructure: flat.outputStructure };
    },
  );
}

function placeMembers(result: Value, outAxis: number | null): Value {
  const position = outAxis === null ? -1 : outAxis < 0 ? outAxis + result.ndim : outAxis;
  if (Number.isInteger(position) && position >= 0 && position < result.ndim)
    return moveAxis(result, 0, position);
  throw new PhxError({
    code: "PHX933",
    what: `outAxes of pmap puts the members at axis ${outAxis} of a result with ${result.ndim} axes`,
    why: "every result of pmap has a member axis, at one of its places",
    fix: "correct outAxes; take one entry of the result if all are the same",
  });
}
