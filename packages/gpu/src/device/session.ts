// Session: one open GPUDevice with its pools of buffers, its compiled kernels, and what has gone wrong on it.
import { PhxError } from "@phxlang/autodiff";
import { BufferPool } from "./buffer-pool.ts";
import { computeStage, mapForReading, usage } from "./flags.ts";

/** Compiled kernels that are kept, by their text; the oldest go first. */
const mostPipelines = 4096;

export class Session {
  readonly device: GPUDevice;
  readonly storage: BufferPool;
  readonly staging: BufferPool;
  readonly zero: GPUBuffer;
  readonly layout: GPUBindGroupLayout;
  readonly #pipelineLayout: GPUPipelineLayout;
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  #lost: PhxError | null = null;

  constructor(device: GPUDevice) {
    this.device = device;
    this.storage = new BufferPool(device, usage.storage | usage.copySource | usage.copyTarget);
    this.staging = new BufferPool(device, usage.mapRead | usage.copyTarget);
    this.zero = device.createBuffer({ size: 16, usage: usage.uniform });
    const visibility = computeStage;
    this.layout = device.createBindGroupLayout({
      entries: [
        { binding: 0, visibility, buffer: { type: "storage" } },
        { binding: 1, visibility, buffer: { type: "uniform" } },
        { binding: 2, visibility, buffer: { type: "read-only-storage" } },
      ],
    });
    this.#pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [this.layout] });
    void device.lost.then(({ reason, message }) => {
      this.#lost = lostError(reason, message);
    });
  }

  /** Throws if the device is gone. */
  checkAlive(): void {
    if (this.#lost !== null) throw this.#lost;
  }

  pipeline(text: string): GPUComputePipeline {
    let pipeline = this.#pipelines.get(text);
    if (pipeline !== undefined) return pipeline;
    const module = this.device.createShaderModule({ code: text });
    pipeline = this.device.createComputePipeline({
      layout: this.#pipelineLayout,
      compute: { module, entryPoint: "main" },
    });
    const [oldest] = this.#pipelines.keys();
    if (oldest !== undefined && this.#pipelines.size >= mostPipelines) this.#pipelines.delete(oldest);
    this.#pipelines.set(text, pipeline);
    return pipeline;
  }

  /** Runs commands and says later what the driver had against them: null if nothing. */
  guarded<T>(commands: () => T): { readonly result: T; readonly problem: Promise<PhxError | null> } {
    const { device } = this;
    const kinds = ["validation", "out-of-memory", "internal"] as const;
    for (const kind of kinds) device.pushErrorScope(kind);
    let result: T;
    let scopes: Promise<readonly (GPUError | null)[]>;
    try {
      result = commands();
    } finally {
      scopes = Promise.all(kinds.map(() => device.popErrorScope()));
    }
    const problem = scopes.then(
      ([internal, memory, validation]) => {
        const found = memory ?? internal ?? validation;
        return found === null ? null : (this.#lost ?? driverError(found, found === memory));
      },
      (error: unknown) => this.#lost ?? lostError("unknown", String(error)),
    );
    return { result, problem };
  }

  /** Copies words of a buffer to the host. */
  async read(source: GPUBuffer, word: number, words: number): Promise<Uint32Array<ArrayBuffer>> {
    this.checkAlive();
    if (words === 0) return new Uint32Array(0);
    const staging = this.staging.take(words * 4);
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, word * 4, staging, 0, words * 4);
    this.device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(mapForReading, 0, words * 4);
    } catch (error) {
      throw this.#lost ?? lostError("unknown", String(error));
    }
    const copy = new Uint32Array(staging.getMappedRange(0, words * 4).slice(0));
    staging.unmap();
    this.staging.give(staging);
    return copy;
  }
}

function lostError(reason: string, message: string): PhxError {
  return new PhxError({
    code: "PHX964",
    what: `the WebGPU device was lost (${reason})`,
    why: message === "" ? "the driver gave no reason" : message,
    fix: "open the device again and repeat the computation",
  });
}

function driverError(error: GPUError, isMemory: boolean): PhxError {
  if (isMemory) {
    return new PhxError({
      code: "PHX965",
      what: "the memory of the WebGPU device is used up",
      why: error.message,
      fix: "compute in smaller batches, or let go of arrays that are not needed any more",
    });
  }
  return new PhxError({
    code: "PHX969",
    what: "the WebGPU driver refused work that phx generated",
    why: error.message,
    fix: "please report it with this message; the device cpu computes the same",
  });
}
