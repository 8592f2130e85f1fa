// Device: where compiled programs run. This package has the interpreter; others bring faster ones.
import type { ArrayType } from "./array.ts";
import { evaluateProgram } from "./evaluate-program.ts";
import type { NdArray } from "./ndarray.ts";
import type { Primitive } from "./primitive.ts";
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
  readonly axisName: string | undefined;
  readonly size: number;
  /** True for inputs that are mapped along their axis 0; the others are the same for all members. */
  readonly mappedInputs: readonly boolean[];
}

export interface Device {
  readonly name: string;
  /** False when results arrive later: `elements` and `item()` then need `await x.data()` first. */
  readonly synchronous: boolean;
  /** Whether an operation on such operands can be compiled at all. */
  supports(primitive: Primitive, operands: readonly ArrayType[]): boolean;
  /** Throws a PhxError that names the equation when something in the program is not supported. */
  compile(program: Program): Executable;
  /**
   * A program for one member, whose collectives speak of `mapping.axisName`, over all members; every output gets
   * the member axis as axis 0. A device that spreads members over workers or ranks brings its own; without it
   * the members run as one batch.
   */
  compileMapped?(program: Program, mapping: Mapping): Executable;
}

/** Evaluates programs equation by equation with the reference rules. */
export const interpreterDevice: Device = {
  name: "interpreter",
  synchronous: true,
  supports: () => true,
  compile: (program) => ({ run: (inputs) => evaluateProgram(program, inputs) }),
};
