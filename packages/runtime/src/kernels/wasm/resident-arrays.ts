// Copies of immutable number arrays in the kernels' memory, kept while they are likely to be used again.
import type { KernelHost } from "../../wasm/index.ts";

interface Resident {
  readonly address: number;
  readonly byteCount: number;
}

/** Bytes of copies that are kept at most. */
const budget = 2 ** 26;

/**
 * Slots and factors are never written to once they are handed to a kernel, so a copy stays valid as long as the
 * array lives. The least recently used copies go first.
 */
export class ResidentArrays {
  readonly #host: KernelHost;
  readonly #known = new WeakMap<ArrayBufferLike, Map<string, Resident>>();
  readonly #queue: {
    readonly buffer: WeakRef<ArrayBufferLike>;
    readonly key: string;
    readonly entry: Resident;
  }[] = [];
  #bytes = 0;

  constructor(host: KernelHost) {
    this.#host = host;
  }

  /**
   * Addresses of copies of the inputs, then of room for the output that a kernel is about to fill, if there is one
   * (what the kernel writes there counts as its copy). All are valid until the next call.
   */
  addressesOf(inputs: readonly Float64Array[], output?: Float64Array): number[] {
    const pinned = new Set<Resident>();
    const addresses = inputs.map((values) => {
      let entry = this.#find(values);
      if (entry === undefined) {
        entry = this.#reserve(values, pinned);
        this.#host.f64.set(values, entry.address / 8);
      }
      pinned.add(entry);
      return entry.address;
    });
    if (output !== undefined) addresses.push((this.#find(output) ?? this.#reserve(output, pinned)).address);
    return addresses;
  }

  #find(values: Float64Array): Resident | undefined {
    return this.#known.get(values.buffer)?.get(keyOf(values));
  }

  #reserve(values: Float64Array, pinned: ReadonlySet<Resident>): Resident {
    for (let i = 0; i < this.#queue.length && this.#bytes + values.byteLength > budget;) {
      if (pinned.has(this.#queue[i].entry)) i++;
      else this.#drop(i);
    }
    const entry = { address: this.#host.allocate(values.byteLength), byteCount: values.byteLength };
    const key = keyOf(values);
    const ofBuffer = this.#known.get(values.buffer) ?? new Map<string, Resident>();
    ofBuffer.set(key, entry);
    this.#known.set(values.buffer, ofBuffer);
    this.#queue.push({ buffer: new WeakRef(values.buffer), key, entry });
    this.#bytes += entry.byteCount;
    return entry;
  }

  #drop(index: number): void {
    const [{ buffer, key, entry }] = this.#queue.splice(index, 1);
    const owner = buffer.deref();
    if (owner !== undefined) this.#known.get(owner)?.delete(key);
    this.#host.free(entry.address, entry.byteCount);
    this.#bytes -= entry.byteCount;
  }
}

function keyOf(values: Float64Array): string {
  return `${values.byteOffset}:${values.length}`;
}
