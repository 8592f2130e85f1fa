// compileForGpu: a program as kernels on a session, and the one submission that each call is.
import type { ArrayType, Executable, NdArray, PhxError, Program } from "@phxlang/autodiff";
import { NdArray as ConcreteArray, outputTypes, PhxError as Failure, sizeOf } from "@phxlang/autodiff";
import { emitPlan } from "../program/emit-plan.ts";
import { wordsOf } from "../program/frame.ts";
import { makePlan } from "../program/make-plan.ts";
import type { Failure as KernelFailure } from "../program/lowering.ts";
import type { LoweringTable } from "../program/make-plan.ts";
import { FunctionLibrary, moduleText } from "../program/module-text.ts";
import type { Dispatch } from "../program/schedule.ts";
import { mostTurns, schedule } from "../program/schedule.ts";
import type { Scalars } from "../program/scalars.ts";
import { GpuElements, SharedBuffer } from "./device-array.ts";
import type { Packing } from "./packing.ts";
import type { Session } from "./session.ts";

/** What all programs of a device share. */
export interface GpuTarget {
  readonly session: Session;
  readonly scalars: Scalars;
  readonly packing: Packing;
  readonly table: LoweringTable;
  /** WGSL functions that kernels may call. */
  readonly functions: readonly string[];
}

type Command =
  | {
      readonly kind: "dispatch";
      readonly pipeline: GPUComputePipeline;
      readonly workgroups: readonly [number, number];
    }
  | { readonly kind: "loop"; readonly length: number; readonly body: readonly Command[] };

interface Output {
  readonly type: ArrayType;
  readonly word: number;
  readonly words: number;
}

export function compileForGpu(target: GpuTarget, program: Program): Executable {
  const { session, scalars, packing } = target;
  session.checkAlive();
  const plan = makePlan(program, target.table, scalars);
  const emitted = emitPlan(plan, scalars, packing);
  const memoryBytes = Math.max(4, emitted.memoryWords * 4);
  const constantWords = emitted.constants.words();
  checkSize(session, "arrays", memoryBytes);
  checkSize(session, "constants", constantWords.byteLength);
  const library = new FunctionLibrary();
  for (const text of target.functions) library.add(text);
  for (const text of emitted.declarations.values()) library.add(text);
  const build = (dispatches: readonly Dispatch[]): readonly Command[] =>
    dispatches.map((dispatch) => {
      if (dispatch.kind === "loop") return { ...dispatch, body: build(dispatch.body) };
      const { kernel } = dispatch;
      const pipeline = session.pipeline(moduleText(kernel, library));
      return { kind: "dispatch", pipeline, workgroups: kernel.workgroups };
    });
  const dispatches = schedule(emitted.nodes);
  const prepared = session.guarded(() => {
    const constants = session.storage.take(Math.max(4, constantWords.byteLength));
    session.device.queue.writeBuffer(constants, 0, constantWords);
    return {
      constants: new SharedBuffer(session, constants, Promise.resolve(null)),
      commands: build(dispatches),
    };
  });
  const { constants, commands } = prepared.result;

  let end = 0;
  const outputs = outputTypes(program).map((type): Output => {
    const output = { type, word: end, words: sizeOf(type.shape) * scalars(type.dtype).words };
    end += wordsOf(scalars, type);
    return output;
  });
  const outputWords = end;
  const status = emitted.statusPlace;
  const groups = new WeakMap<GPUBuffer, GPUBindGroup>();
  const bind = (memory: GPUBuffer): GPUBindGroup => {
    let group = groups.get(memory);
    if (group === undefined) {
      group = session.device.createBindGroup({
        layout: session.layout,
        entries: [
          { binding: 0, resource: { buffer: memory } },
          { binding: 1, resource: { buffer: session.zero } },
          { binding: 2, resource: { buffer: constants.buffer } },
        ],
      });
      groups.set(memory, group);
    }
    return group;
  };

  return {
    run(inputs) {
      session.checkAlive();
      const problems = new Set<Promise<PhxError | null>>([prepared.problem]);
      const { result, problem } = session.guarded(() => {
        const { queue } = session.device;
        const memory = session.storage.take(memoryBytes);
        const encoder = session.device.createCommandEncoder();
        const place = (array: NdArray, word: number): void => {
          const own = elementsOn(session, array);
          if (own === null) {
            const words = packing.pack(array.elements, array.dtype);
            if (words.length > 0) queue.writeBuffer(memory, word * 4, words);
          } else {
            problems.add(own.shared.problem);
            if (own.words > 0) {
              encoder.copyBufferToBuffer(own.shared.buffer, own.word * 4, memory, word * 4, own.words * 4);
            }
          }
        };
        inputs.forEach((input, i) => place(input, emitted.inputPlaces[i]));
        for (const { array, place: word } of emitted.deviceConstants) place(array, word);
        const pass = encoder.beginComputePass();
        pass.setBindGroup(0, bind(memory));
        encode(pass, commands);
        pass.end();
        const results = session.storage.take(outputWords * 4 + 4);
        if (outputWords > 0) encoder.copyBufferToBuffer(memory, 0, results, 0, outputWords * 4);
        if (status !== null) encoder.copyBufferToBuffer(memory, status * 4, results, outputWords * 4, 4);
        queue.submit([encoder.finish()]);
        session.storage.give(memory);
        return results;
      });
      problems.add(problem);
      if (status !== null) problems.add(failureOf(session, result, outputWords, emitted.failures));
      const shared = new SharedBuffer(session, result, firstOf(problems));
      return outputs.map(({ type: { shape, dtype, weak }, word, words }) => {
        const elements = new GpuElements(shared, word, words, sizeOf(shape), dtype, packing);
        return new ConcreteArray(elements, shape, dtype, weak);
      });
    },
  };
}

function encode(pass: GPUComputePassEncoder, commands: readonly Command[]): void {
  for (const command of commands) {
    if (command.kind === "loop") {
      for (let turn = 0; turn < command.length; turn++) encode(pass, command.body);
    } else {
      pass.setPipeline(command.pipeline);
      pass.dispatchWorkgroups(...command.workgroups);
    }
  }
}

/** The elements of an array that lies on this very device. */
function elementsOn(session: Session, { buffer }: NdArray): GpuElements | null {
  return buffer instanceof GpuElements && buffer.shared.session === session ? buffer : null;
}

/** The first problem of several, which all are known then. */
async function firstOf(problems: ReadonlySet<Promise<PhxError | null>>): Promise<PhxError | null> {
  const found = await Promise.all(problems);
  return found.find((problem) => problem !== null) ?? null;
}

/** What the kernels of a call noted. */
async function failureOf(
  session: Session,
  results: GPUBuffer,
  word: number,
  failures: readonly KernelFailure[],
): Promise<PhxError | null> {
  const [status] = await session.read(results, word, 1).catch((error: unknown) => {
    // The device is gone: whoever reads the results hears of it.
    if (error instanceof Failure) return [0];
    throw error;
  });
  if (status === 0) return null;
  if (status > 1) return new Failure(failures[status - 2]);
  return new Failure({
    code: "PHX965",
    what: `a loop went on for more than ${mostTurns} turns`,
    why: "the WebGPU device runs a loop whose end depends on values in one kernel, and a kernel must end",
    fix: "check that the loop ends at the precision of this device, or use scan or foriLoop with a fixed number of steps",
  });
}

function checkSize({ device }: Session, what: string, bytes: number): void {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  if (bytes <= limit) return;
  throw new Failure({
    code: "PHX965",
    what: `the ${what} of this program take ${bytes} bytes`,
    why: `the WebGPU device keeps them in one buffer, of at most ${limit} bytes`,
    fix: "compute in smaller batches",
  });
}
