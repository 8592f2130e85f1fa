// GpuElements: elements of an array in a buffer of a session.
import type { DeviceBuffer, DType, Elements, PhxError } from "@phxlang/autodiff";
import type { Packing } from "./packing.ts";
import type { Session } from "./session.ts";

/** A buffer that several arrays share; it goes back to its pool when none of them is left. */
export class SharedBuffer {
  readonly session: Session;
  readonly buffer: GPUBuffer;
  /** What the driver had against the commands that fill it; null if nothing. */
  readonly problem: Promise<PhxError | null>;

  constructor(session: Session, buffer: GPUBuffer, problem: Promise<PhxError | null>) {
    this.session = session;
    this.buffer = buffer;
    this.problem = problem;
    collected.register(this, { session, buffer });
  }
}

const collected = new FinalizationRegistry(
  ({ session, buffer }: { readonly session: Session; readonly buffer: GPUBuffer }) =>
    session.storage.give(buffer),
);

export class GpuElements implements DeviceBuffer {
  readonly deviceName = "webgpu";
  readonly size: number;
  readonly shared: SharedBuffer;
  /** The first word in the shared buffer, and how many there are. */
  readonly word: number;
  readonly words: number;
  readonly #dtype: DType;
  readonly #packing: Packing;

  constructor(
    shared: SharedBuffer,
    word: number,
    words: number,
    size: number,
    dtype: DType,
    packing: Packing,
  ) {
    this.shared = shared;
    this.word = word;
    this.words = words;
    this.size = size;
    this.#dtype = dtype;
    this.#packing = packing;
  }

  async download(): Promise<Elements> {
    const { session, buffer, problem } = this.shared;
    const words = await session.read(buffer, this.word, this.words);
    const found = await problem;
    if (found !== null) throw found;
    return this.#packing.unpack(words, this.#dtype);
  }
}
