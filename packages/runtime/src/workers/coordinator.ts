// Coordinator: runs what a page asks for on a workers device of its own, and keeps the results until they are fetched.
import type { Device, Executable, Structure } from "@phxlang/autodiff";
import { fromPlain, internalError, mapPrimitiveOf, NdArray, PhxError, sizeOf } from "@phxlang/autodiff";
import { UnexplainedFailure } from "../primitives/checked.ts";
import { elementsAt } from "./chunk-layout.ts";
import { programDecoders } from "./decoders.ts";
import type { Answer, Failure, Request, RequestInput } from "./requests.ts";

type Held = { readonly array: NdArray } | { readonly failure: Failure };

export class Coordinator {
  readonly #open: (threads: number, deadline: number) => Device;
  readonly #answer: (answer: Answer, transfer: readonly ArrayBuffer[]) => void;
  #device: Device | null = null;
  readonly #executables = new Map<number, Executable | Failure>();
  readonly #results = new Map<number, Held>();
  readonly #structures = new Map<string, Structure>();

  constructor(
    open: (threads: number, deadline: number) => Device,
    answer: (answer: Answer, transfer: readonly ArrayBuffer[]) => void,
  ) {
    this.#open = open;
    this.#answer = answer;
  }

  receive(request: Request): void {
    switch (request.kind) {
      case "open":
        this.#device = this.#open(request.threads, request.deadline);
        break;
      case "compile":
        this.#executables.set(
          request.executable,
          attempt(() => this.#compile(request)),
        );
        break;
      case "run":
        this.#run(request);
        break;
      case "download":
        this.#download(request);
        break;
      case "release":
        for (const result of request.results) this.#results.delete(result);
        for (const executable of request.executables) this.#executables.delete(executable);
    }
  }

  #compile({ program, mapping }: Extract<Request, { kind: "compile" }>): Executable {
    const device = this.#device;
    if (device?.compileMapped === undefined) throw internalError("the coordinator has no device");
    const maps = mapPrimitiveOf(device);
    const decoded = fromPlain(program, {
      primitive: (name) => (name === maps.name ? maps : programDecoders.primitive(name)),
      structure: (kind, bytes, hash = "") => {
        const known = this.#structures.get(hash) ?? programDecoders.structure(kind, bytes);
        if (known !== undefined) this.#structures.set(hash, known);
        return known;
      },
    });
    return mapping === null ? device.compile(decoded) : device.compileMapped(decoded, mapping);
  }

  #run({ executable, inputs, results }: Extract<Request, { kind: "run" }>): void {
    const ready = this.#executables.get(executable);
    const outcome =
      ready === undefined || "kind" in ready
        ? (ready ?? failureOf(internalError("no such executable")))
        : this.#outcome(ready, inputs);
    results.forEach((result, i) => {
      this.#results.set(result, "kind" in outcome ? { failure: outcome } : { array: outcome.arrays[i] });
    });
  }

  /** A failed operand fails the call that needs it, for the same reason. */
  #outcome(ready: Executable, inputs: readonly RequestInput[]): Failure | { arrays: readonly NdArray[] } {
    const arrays: NdArray[] = [];
    for (const input of inputs) {
      if (typeof input !== "number") {
        const { memory, shape, dtype, weak } = input;
        arrays.push(new NdArray(elementsAt(memory, dtype, 0, sizeOf(shape)), shape, dtype, weak));
        continue;
      }
      const held = this.#results.get(input);
      if (held === undefined) return failureOf(internalError(`result ${input} is gone`));
      if ("failure" in held) return held.failure;
      arrays.push(held.array);
    }
    return attempt(() => ({ arrays: ready.run(arrays) }));
  }

  #download({ result, answer }: Extract<Request, { kind: "download" }>): void {
    const held = this.#results.get(result) ?? {
      failure: failureOf(internalError(`result ${result} is gone`)),
    };
    if ("failure" in held) {
      this.#answer({ kind: "failure", answer, failure: held.failure }, []);
      return;
    }
    const elements = held.array.dataSync();
    this.#answer({ kind: "elements", answer, elements }, [elements.buffer as ArrayBuffer]);
  }
}

function attempt<T extends object>(work: () => T): T | Failure {
  try {
    return work();
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof PhxError) return { kind: "phx", diagnostics: error.diagnostics };
  if (error instanceof UnexplainedFailure) return { kind: "check", hash: error.hash, values: error.values };
  return { kind: "other", message: error instanceof Error ? error.message : String(error) };
}
