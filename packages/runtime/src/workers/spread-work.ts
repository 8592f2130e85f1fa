// SpreadWork: a spread stage made ready, once for all its calls.
import type { ArrayType, Executable, Program } from "@phxlang/autodiff";
import { batchProgram, inputTypes, outputTypes } from "@phxlang/autodiff";
import { cpuDevice } from "../jit/cpu-device.ts";
import type { ChunkLayout } from "./chunk-layout.ts";
import { chunkLength, layOutChunks } from "./chunk-layout.ts";

let workCount = 0;

export class SpreadWork {
  /** Its name among threads; no number is used twice. */
  readonly number: number;
  /** For one chunk: mapped inputs and all outputs have its members as axis 0. */
  readonly program: Program;
  readonly layout: ChunkLayout;
  #executable: Executable | null = null;

  /** A program for one member, for `size` of them; `mapped` marks the inputs that differ between members. */
  constructor(member: Program, mapped: readonly boolean[], size: number) {
    this.number = workCount++;
    const outputs: readonly ArrayType[] = outputTypes(member);
    const all = outputs.map(() => true);
    this.program = batchProgram(member, mapped, chunkLength(size), undefined, all).program;
    this.layout = layOutChunks(size, inputTypes(member), mapped, outputs);
  }

  /** On this thread; compiled when first asked for, after the other threads have got theirs to compile. */
  get executable(): Executable {
    this.#executable ??= cpuDevice.compile(this.program);
    return this.#executable;
  }
}
