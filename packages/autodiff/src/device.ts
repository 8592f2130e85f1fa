// Device: where compiled programs run. This package has the interpreter; others bring faster ones.
import type { ArrayType, DType } from "./array.ts";
import { sizeOf, typeText } from "./array.ts";
import { PhxError } from "./errors.ts";
import { evaluateProgram } from "./evaluate-program.ts";
import type { NdArray } from "./ndarray.ts";
import { programsIn } from "./passes/plain-program.ts";
import type { Parameters, Primitive } from "./primitive.ts";
import type { Program } from "./program.ts";

/** A program made ready to run on one device. */
export interface Executable {
  /**
   * Outputs for inputs of exactly the program's types. On an asynchronous device the arrays may still be under
   * way: their data is awaited by `data()`. `donated[i]` allows the device to reuse the memory of input i.
   */
  run(inputs: readonly NdArray[], donated?: readonly boolean[]): readonly NdArray[];
}

/** How a program for one member is mapped over a named axis. */
export interface Mapping {
  readonly axisName: string;
  readonly size: number;
  /** True for inputs that are mapped along their axis 0; the others are the same for all members. */
  readonly mappedInputs: readonly boolean[];
}

/** What a device can hold, whatever the operation. */
export interface DeviceLimits {
  /** Element types that its operations compute with. */
  readonly dtypes: readonly DType[];
  /** Bytes of the largest array. */
  readonly arrayBytes: number;
  /** Threads that share the members of a mapped program; 1 where nothing is shared. */
  readonly threads: number;
}

export interface Device {
  readonly name: string;
  /** False when results arrive later: `elements` and `item()` then need `await x.data()` first. */
  readonly synchronous: boolean;
  readonly limits: DeviceLimits;
  /** Whether the device has an operation, for operands within its limits. */
  supports(primitive: Primitive, operands: readonly ArrayType[]): boolean;
  /** Programs come through `compileOn`, which has checked the limits and every operation. */
  compile(program: Program): Executable;
  /**
   * A program for one member, whose collectives speak of `mapping.axisName`, over all members; every output gets
   * the member axis as axis 0. A device that spreads members over workers or ranks brings its own, and takes the
   * large batches of vmap in functions that are compiled for it too; without it the members run as one batch.
   */
  compileMapped?(program: Program, mapping: Mapping): Executable;
}

/** A device with workers or ranks of its own. */
export type SpreadingDevice = Device & Required<Pick<Device, "compileMapped">>;

export function spreadsMembers(device: Device): device is SpreadingDevice {
  return device.compileMapped !== undefined;
}

/** Evaluates programs equation by equation with the reference rules. */
export const interpreterDevice: Device = {
  name: "interpreter",
  synchronous: true,
  limits: { dtypes: ["f64", "f32", "i32", "u32", "bool"], arrayBytes: 2 ** 33, threads: 1 },
  supports: () => true,
  compile: (program) => ({ run: (inputs) => evaluateProgram(program, inputs) }),
};

/** Compiles for a device. PHX972 names the first equation that the device does not have or cannot hold. */
export function compileOn(device: Device, program: Program): Executable {
  checkSupport(device, program);
  return device.compile(program);
}

/** The same for all members of a named axis, on a device that spreads them. */
export function compileMappedOn(device: SpreadingDevice, program: Program, mapping: Mapping): Executable {
  checkSupport(device, program);
  return device.compileMapped(program, mapping);
}

function checkSupport(device: Device, program: Program): void {
  const pending = [program];
  const seen = new Set<Program>(pending);
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    for (const inner of checkEquations(device, current)) {
      if (seen.has(inner)) continue;
      seen.add(inner);
      pending.push(inner);
    }
  }
}

/** The programs inside that the device runs itself. */
function checkEquations(device: Device, program: Program): readonly Program[] {
  const problems = program.types.map((type) => misfit(device, type));
  const typeOf = (variable: number): ArrayType => program.types[program.variableTypes[variable]];
  const records = new Set<Parameters>();
  for (let e = 0; e < program.equationCount; e++) {
    const operands = program.operands.subarray(program.operandOffsets[e], program.operandOffsets[e + 1]);
    const primitive = program.primitives[program.primitive[e]];
    if (primitive.hasOwnDevice !== true) records.add(program.parameters[program.parameter[e]]);
    const operandTypes = Array.from(operands, typeOf);
    let why = device.supports(primitive, operandTypes) ? null : `it does not have ${primitive.name}`;
    for (const variable of operands) why ??= problems[program.variableTypes[variable]];
    for (let v = program.firstResult[e]; v < program.firstResult[e + 1]; v++) {
      why ??= problems[program.variableTypes[v]];
    }
    if (why === null) continue;
    throw new PhxError({
      code: "PHX972",
      what: `the device "${device.name}" cannot run equation ${e}: ${primitive.name} of ${operandTypes.map(typeText).join(", ")}`,
      why,
      fix: "choose a device that has it, or evaluate this part of the function outside of jit",
    });
  }
  return programsIn([...records]);
}

/** Why a device cannot hold arrays of a type; null if it can. */
function misfit({ limits }: Device, type: ArrayType): string | null {
  if (!limits.dtypes.includes(type.dtype)) {
    return `it computes with ${limits.dtypes.join(", ")}, not with ${type.dtype}`;
  }
  const bytes = sizeOf(type.shape) * (type.dtype === "f64" ? 8 : type.dtype === "bool" ? 1 : 4);
  return bytes <= limits.arrayBytes
    ? null
    : `${typeText(type)} takes ${bytes} bytes, and its largest array ${limits.arrayBytes}`;
}
