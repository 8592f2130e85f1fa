// cpuDevice: programs as WebAssembly on this thread; and jit, which compiles for it.
import type { Device, Jit } from "@phxlang/autodiff";
import { makeJit } from "@phxlang/autodiff";
import { compileProgram } from "./compile.ts";
import { loweringOf } from "./table/index.ts";

/** Compiles everything in its table and refuses the rest by name (PHX972); nothing is ever interpreted instead. */
export const cpuDevice: Device = {
  name: "cpu",
  synchronous: true,
  // One memory of 32-bit addresses holds all arrays of a thread.
  limits: { dtypes: ["f64", "f32", "i32", "u32", "bool"], arrayBytes: 2 ** 32, threads: 1 },
  supports: (primitive) => loweringOf(primitive.name) !== undefined || primitive.inline !== undefined,
  compile: (program) => ({ run: compileProgram(program, loweringOf) }),
};

/**
 * `jit(f)(...args)`: f traced once for each kind of arguments, compiled to WebAssembly for this thread's CPU, and
 * then only run. Results have the bits of the eager evaluation.
 */
export const jit: Jit = makeJit(cpuDevice);
