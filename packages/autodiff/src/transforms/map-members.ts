// mapMembers: traces a function for one member of a named axis, and binds it for all of them on a device.
import type { ArrayType } from "../array.ts";
import { typeText } from "../array.ts";
import { axisEnvironmentKey, withAxisFrame } from "../axis-names.ts";
import { bind } from "../bind.ts";
import type { Device } from "../device.ts";
import { countingArray, moveAxis, reshapeTo, sliceLeading } from "../engine-operations.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import { simplify } from "../passes/simplify.ts";
import { ProgramTrace } from "../program-trace.ts";
import type { Program } from "../program.ts";
import type { Tracer, Value } from "../trace.ts";
import type { TreeStructure } from "../tree.ts";
import { unflatten } from "../tree.ts";
import { withTrace } from "../with-trace.ts";
import type { AxesTree, BatchInputs } from "./batch-inputs.ts";
import { spreadAxes } from "./batch-inputs.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction } from "./flat-function.ts";
import { makeJit } from "./jit.ts";
import { mapPrimitiveOf } from "./map-primitive.ts";
import { batchProgram } from "./program-transforms.ts";
import { withSpreading } from "./spreading.ts";
import type { TraceCache } from "./trace-cache.ts";

export interface TracedMember {
  /** Inputs: those of the member, its place along the axis, what it closes over. */
  readonly program: Program;
  readonly captured: readonly Tracer[];
  readonly outputStructure: TreeStructure;
}

/** f for all members of `batch` on `device`; programs that close over nothing are kept in `cache`. */
export function mapMembers(
  f: TreeFunction,
  { values, axes, size, structure }: BatchInputs,
  device: Device,
  axisName: string,
  outAxes: AxesTree,
  cache: TraceCache<TracedMember> | null,
): unknown {
  const operands = values.map((value, i) => {
    const axis = axes[i];
    return axis === null ? value : whereItIs(device, value, (x) => moveAxis(x, axis, 0));
  });
  const types = operands.map(({ type }, i) =>
    axes[i] === null ? type : { dtype: type.dtype, shape: type.shape.slice(1), weak: type.weak === true },
  );
  const key = `${structure.key} ${types.map(typeText).join()} ${size} ${axisEnvironmentKey()}`;
  let traced = cache?.get(key, []);
  if (traced === undefined) {
    traced = traceMember(new FlatFunction(f, structure), types, axisName, size);
    if (traced.captured.length === 0) cache?.set(key, [], traced);
  }
  const { program, captured, outputStructure } = traced;
  const mapped = [...axes.map((axis) => axis !== null), true, ...captured.map(() => false)];
  const results = bind(mapPrimitiveOf(device), [...operands, countingArray(size), ...captured], {
    program,
    axisName,
    size,
    mapped,
  });
  const places = spreadAxes(outAxes, outputStructure, "outAxes of pmap");
  const varies = places.includes(null)
    ? batchProgram(program, mapped, size, axisName).batchedOutputs
    : results.map(() => true);
  return unflatten(
    outputStructure,
    results.map((result, i) => whereItIs(device, result, (x) => placeMembers(x, places[i], varies[i]))),
  );
}

/** f of a value where that is: on the device if its elements have not been read. */
function whereItIs(device: Device, x: Value, f: (x: Value) => Value): Value {
  const isAway = !device.synchronous && x instanceof NdArray && x.buffer !== null;
  return isAway ? makeJit(device)(f)(x) : f(x);
}

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
      // What a member maps itself stays a batch within it.
      const outputs = withSpreading(null, () =>
        withAxisFrame({ name: axisName, size, index }, () => flat.call(inputs)),
      );
      const program = simplify(trace.finish(outputs));
      return { program, captured: trace.captured, outputStructure: flat.outputStructure };
    },
  );
}

/** The members of a result at the axis that outAxes names; one of them where it is null and they are all the same. */
function placeMembers(result: Value, outAxis: number | null, varies: boolean): Value {
  if (outAxis === null && !varies) return reshapeTo(sliceLeading(result, 0, 1), result.shape.slice(1));
  const position = outAxis === null ? -1 : outAxis < 0 ? outAxis + result.ndim : outAxis;
  if (Number.isInteger(position) && position >= 0 && position < result.ndim)
    return moveAxis(result, 0, position);
  throw new PhxError({
    code: "PHX933",
    what: `outAxes of pmap puts the members at axis ${outAxis} of a result with ${result.ndim} axes`,
    why: "a result that differs between members has a member axis, at one of its places",
    fix: "correct outAxes; null is for results that are the same for all members",
  });
}
