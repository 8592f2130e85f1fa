// compileProgram: a Program as a WebAssembly module on this thread's kernel host.
import type { ArrayType, Elements, NdArray, Program } from "@phxlang/autodiff";
import { NdArray as ConcreteArray, sizeOf } from "@phxlang/autodiff";
import type { Arena, KernelHost } from "../wasm/index.ts";
import { kernelHost, ModuleBuilder } from "../wasm/index.ts";
import { MathLibrary } from "../wasm/math/index.ts";
import { emitPlan } from "./emit-plan.ts";
import type { LoweringTable } from "./make-plan.ts";
import { makePlan } from "./make-plan.ts";
import { readElements, writeElements } from "./memory-elements.ts";
import { elementBytes } from "./pack.ts";
import { align, slotBytes } from "./plan.ts";

/** Runs a compiled program: concrete inputs in the program's order → fresh arrays. */
export type RunProgram = (inputs: readonly NdArray[]) => NdArray[];

/**
 * The frame, the inputs and the outputs of a call lie in one block of the host's memory, which is taken at the
 * start of the call and given back at its end; only constants stay. Results are copied out of the memory.
 */
export function compileProgram(program: Program, table: LoweringTable): RunProgram {
  const host = kernelHost();
  const plan = makePlan(program, table);
  const constants = new ConstantMemory(host);
  const module = new ModuleBuilder();
  const entry = emitPlan(
    module,
    { builder: module, math: new MathLibrary(module), place: (elements) => constants.place(elements) },
    plan,
  );
  module.exportFunction("run", entry);
  const { run } = host.build(module);
  const block = new CallBlock(
    plan.frameBytes,
    plan.inputs.map(({ type }) => type),
    plan.outputs.map(({ type }) => type),
  );
  const runProgram: RunProgram = (inputs) => block.call(host, run, inputs);
  constants.arena.releaseWith(runProgram);
  return runProgram;
}

/** Places of a call's frame, inputs and outputs, in bytes from the start of its block. */
class CallBlock {
  readonly #inputs: readonly ArrayType[];
  readonly #outputs: readonly ArrayType[];
  readonly #offsets: readonly number[];
  readonly #bytes: number;

  constructor(frameBytes: number, inputs: readonly ArrayType[], outputs: readonly ArrayType[]) {
    this.#inputs = inputs;
    this.#outputs = outputs;
    let bytes = align(frameBytes);
    this.#offsets = [...inputs, ...outputs].map(({ shape, dtype }) => {
      const offset = bytes;
      bytes += align(Math.max(1, sizeOf(shape) * elementBytes[dtype]));
      return offset;
    });
    this.#bytes = bytes;
  }

  call(host: KernelHost, run: (frame: number) => unknown, inputs: readonly NdArray[]): NdArray[] {
    const block = host.allocate(this.#bytes);
    try {
      const slots = block / slotBytes;
      for (let i = 0; i < this.#offsets.length; i++) host.i32[slots + i] = block + this.#offsets[i];
      for (let i = 0; i < inputs.length; i++) {
        writeElements(host, block + this.#offsets[i], inputs[i].elements);
      }
      run(block);
      return this.#outputs.map(({ dtype, shape, weak }, j) => {
        const address = block + this.#offsets[this.#inputs.length + j];
        return new ConcreteArray(readElements(host, address, dtype, sizeOf(shape)), shape, dtype, weak);
      });
    } finally {
      host.free(block, this.#bytes);
    }
  }
}

/** Constants of a program, each placed once. */
class ConstantMemory {
  readonly arena: Arena;
  readonly #addresses = new Map<Elements, number>();

  constructor(host: KernelHost) {
    this.arena = host.arena();
  }

  place(elements: Elements): number {
    let address = this.#addresses.get(elements);
    if (address === undefined) {
      address = this.arena.place(elements);
      this.#addresses.set(elements, address);
    }
    return address;
  }
}
