// CoordinatorLink: a page's end of the line to its coordinator. Everything is asked in order; only elements come back.
import type { Elements, NdArray, Program, Structure } from "@phxlang/autodiff";
import { PhxError, programStructures, toPlain } from "@phxlang/autodiff";
import { ValueCheck } from "../primitives/checked.ts";
import type { PageWorker } from "./page-worker.ts";
import { RemoteBuffer } from "./remote-buffer.ts";
import type { Answer, Failure, Request, RequestInput } from "./requests.ts";

interface Waiting {
  readonly resolve: (elements: Elements) => void;
  readonly reject: (reason: unknown) => void;
}

export class CoordinatorLink {
  readonly #worker: PageWorker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #structures = new Map<string, WeakRef<Structure>>();
  #count = 0;
  /** Why the coordinator is gone; null while it is there. */
  #end: PhxError | null = null;

  constructor(worker: PageWorker, threads: number, deadline: number) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.#receive(data as Answer));
    worker.addEventListener("error", ({ message }) => {
      this.#close(lost(message ?? "it cannot be started"));
    });
    this.send({ kind: "open", threads, deadline });
  }

  get isOpen(): boolean {
    return this.#end === null;
  }

  /** A number for an executable, a result or an answer: none is used twice. */
  next(): number {
    return this.#count++;
  }

  send(request: Request): void {
    if (this.#end !== null) throw this.#end;
    this.#worker.postMessage(request);
  }

  /** The program as it is sent; structures that are there already go by their hashes. */
  plain(program: Program): ReturnType<typeof toPlain> {
    const sent = new Set(this.#structures.keys());
    for (const structure of programStructures(program)) {
      this.#structures.set(structure.contentHash, new WeakRef(structure));
    }
    return toPlain(program, (hash) => sent.has(hash));
  }

  /** Elements of an array of the page go in shared memory; results of this coordinator by their number. */
  input(array: NdArray): RequestInput {
    if (array.buffer instanceof RemoteBuffer && array.buffer.link === this) return array.buffer.result;
    const { elements, dtype, shape, weak } = array;
    const bytes = new Uint8Array(new SharedArrayBuffer(elements.byteLength));
    bytes.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength));
    return { dtype, shape, weak, memory: bytes.buffer };
  }

  download(result: number): Promise<Elements> {
    return new Promise((resolve, reject) => {
      const answer = this.next();
      this.send({ kind: "download", result, answer });
      this.#waiting.set(answer, { resolve, reject });
    });
  }

  #receive(answer: Answer): void {
    const waiting = this.#waiting.get(answer.answer);
    this.#waiting.delete(answer.answer);
    if (answer.kind === "elements") waiting?.resolve(answer.elements);
    else waiting?.reject(this.#errorOf(answer.failure));
  }

  #errorOf(failure: Failure): unknown {
    if (failure.kind === "phx") return new PhxError(failure.diagnostics);
    if (failure.kind === "other") return new Error(failure.message);
    const check = this.#structures.get(failure.hash)?.deref();
    try {
      if (check instanceof ValueCheck) check.check(failure.values);
    } catch (error) {
      return error;
    }
    return lost(`values failed the check ${failure.hash}, whose model is gone`);
  }

  #close(reason: PhxError): void {
    this.#end = reason;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}

function lost(why: string): PhxError {
  return new PhxError({
    code: "PHX973",
    what: "the worker that leads the threads of this page died, and what it held with it",
    why,
    fix: "call again with arrays of the page: a new one is started",
  });
}
