// makeJit: jit for a device. A function is traced once for each kind of arguments, compiled, and then only run.
import { typeText } from "../array.ts";
import { axisEnvironmentKey } from "../axis-names.ts";
import { bind } from "../bind.ts";
import type { Device, SpreadingDevice } from "../device.ts";
import { spreadsMembers } from "../device.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import { simplify } from "../passes/simplify.ts";
import type { Primitive } from "../primitive.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import type { Tracer, Value } from "../trace.ts";
import type { TreeStructure } from "../tree.ts";
import { unflatten } from "../tree.ts";
import type { CallParameters } from "./call-primitive.ts";
import type { SpreadCalls } from "./call-primitive.ts";
import { batchFirst, makeCallPrimitive } from "./call-primitive.ts";
import type { TreeFunction } from "./flat-function.ts";
import { ProgramPool } from "./program-pool.ts";
import { FlatFunction, flattenValues } from "./flat-function.ts";
import { mapPrimitiveOf, unnamedAxis } from "./map-primitive.ts";
import { oneDevice } from "./one-device.ts";
import { leastSpread, withSpreading } from "./spreading.ts";
import { TraceCache } from "./trace-cache.ts";
import type { AcceptsAll, Returns } from "./types.ts";

export interface JitOptions {
  /** Arguments that are part of the program: handed to the function as they are, compared in full. */
  readonly staticArgnums?: number | readonly number[];
  /** Arguments whose memory the device may reuse; their arrays cannot be read afterwards. */
  readonly donateArgnums?: number | readonly number[];
  /** The device to compile for; a group of workers or ranks is one device. Default: that of makeJit. */
  readonly devices?: readonly Device[];
  /** How many traced programs are kept, least recently used first out. Default 64. */
  readonly cacheSize?: number;
}

/** jit for one device, as makeJit returns it. */
export interface Jit {
  <A extends readonly Value[], R>(
    f: (...args: A) => R,
    options?: JitOptions & { readonly staticArgnums?: never },
  ): (...args: AcceptsAll<A>) => Returns<R>;
  <A extends readonly unknown[], R>(
    f: (...args: A) => R,
    options: JitOptions & { readonly staticArgnums: number | readonly number[] },
  ): (...args: { [K in keyof A]: A[K] | AcceptsAll<A>[K] }) => Returns<R>;
  <A extends readonly unknown[], R>(
    f: (...args: A) => R,
    options?: JitOptions,
  ): (...args: AcceptsAll<A>) => Returns<R>;
}

interface Traced {
  readonly program: Program;
  readonly outputStructure: TreeStructure;
  readonly captured: readonly Tracer[];
}

/**
 * `const jit = makeJit(device)`; then `jit(f)(...args)`. f is traced once for each distinct combination of
 * shapes, dtypes, weak flags, tree structure and static arguments (JAX's rule), never for values. It must
 * be a pure function of its arguments; outer traced values that it reads become operands, and such a call is
 * traced anew each time, but compiled only if its program is a new one. The programs of one function are shared by
 * all of its jits with equal options.
 */
export function makeJit(device: Device): Jit {
  const jit = (f: TreeFunction, options: JitOptions = {}): TreeFunction =>
    jitOf(oneDevice(options.devices ?? [device], "jit"))(f, options);
  return jit;
}

type DeviceJit = (f: TreeFunction, options: JitOptions) => TreeFunction;

const jits = new WeakMap<Device, DeviceJit>();

function jitOf(device: Device): DeviceJit {
  let jit = jits.get(device);
  if (jit === undefined) jits.set(device, (jit = makeDeviceJit(device)));
  return jit;
}

function makeDeviceJit(device: Device): DeviceJit {
  const spreading = spreadsMembers(device) ? device : null;
  const primitive = makeCallPrimitive(device, spreading === null ? undefined : spreadCalls(spreading));
  const pool = new ProgramPool(64);
  const caches = new WeakMap<TreeFunction, Map<string, TraceCache<Traced>>>();
  return (f, options) => {
    const statics = argumentSet(options.staticArgnums);
    const donated = argumentSet(options.donateArgnums);
    const capacity = options.cacheSize ?? 64;
    const optionsKey = `${[...statics].sort((a, b) => a - b).join()}/${capacity}`;
    let byOptions = caches.get(f);
    if (byOptions === undefined) caches.set(f, (byOptions = new Map()));
    let cache = byOptions.get(optionsKey);
    if (cache === undefined) byOptions.set(optionsKey, (cache = new TraceCache(capacity)));
    return jitted(f, primitive, spreading, { cache, pool }, statics, donated);
  };
}

function jitted(
  f: TreeFunction,
  primitive: Primitive<CallParameters>,
  spreading: SpreadingDevice | null,
  { cache, pool }: { readonly cache: TraceCache<Traced>; readonly pool: ProgramPool },
  statics: ReadonlySet<number>,
  donated: ReadonlySet<number>,
): TreeFunction {
  const name = f.name === "" ? "function" : f.name;
  const parameters = new WeakMap<Program, CallParameters>();
  return (...args) => {
    checkArgnums(statics, args.length, "staticArgnums");
    checkArgnums(donated, args.length, "donateArgnums");
    const fixed = args.map((argument, i) => (isIn(statics, i, args.length) ? argument : undefined));
    const dynamic = args.map((argument, i) => (isIn(statics, i, args.length) ? undefined : argument));
    const { values, structure } = flattenValues(dynamic);
    const types = values.map((value) => value.type);
    const key = `${structure.key} ${types.map(typeText).join()} ${axisEnvironmentKey()}`;
    let traced = cache.get(key, fixed);
    if (traced === undefined) {
      const withStatics: TreeFunction = (...traceable) =>
        f(...traceable.map((argument, i) => (isIn(statics, i, args.length) ? fixed[i] : argument)));
      const flat = new FlatFunction(withStatics, structure);
      const { program, captured } = withSpreading(spreading, () => traceProgram(flat.call, types, "jit"));
      traced = { program: pool.intern(simplify(program)), outputStructure: flat.outputStructure, captured };
      if (captured.length === 0) cache.set(key, fixed, traced);
    }
    let call = parameters.get(traced.program);
    if (call === undefined) parameters.set(traced.program, (call = { program: traced.program, name }));
    const outputs = bind(primitive, [...values, ...traced.captured], call);
    if (donated.size > 0) releaseDonated(args, donated);
    return unflatten(traced.outputStructure, outputs);
  };
}

/** A batch of calls as members of a map, which the device spreads. */
function spreadCalls(device: SpreadingDevice): SpreadCalls {
  return (operands, axes, program, size, axisName) => {
    if (size < leastSpread) return null;
    const results = bind(mapPrimitiveOf(device), batchFirst(operands, axes), {
      program,
      axisName: axisName ?? unnamedAxis,
      size,
      mapped: axes.map((axis) => axis !== null),
    });
    return { results, axes: results.map(() => 0) };
  };
}

function argumentSet(argnums: number | readonly number[] | undefined): Set<number> {
  if (argnums === undefined) return new Set();
  return new Set(typeof argnums === "number" ? [argnums] : argnums);
}

function isIn(set: ReadonlySet<number>, position: number, count: number): boolean {
  return set.has(position) || set.has(position - count);
}

function checkArgnums(set: ReadonlySet<number>, count: number, option: string): void {
  for (const number of set) {
    if (Number.isInteger(number) && number < count && number >= -count) continue;
    throw new PhxError({
      code: "PHX933",
      what: `${option} of jit names argument ${number}, and the call has ${count}`,
      why: "arguments are numbered from 0",
      fix: `pass more arguments or correct ${option}`,
    });
  }
}

function releaseDonated(args: readonly unknown[], donated: ReadonlySet<number>): void {
  args.forEach((argument, i) => {
    if (!isIn(donated, i, args.length)) return;
    for (const value of flattenValues(argument).values) if (value instanceof NdArray) value.release();
  });
}
