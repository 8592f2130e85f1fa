// KernelHost: the one linear memory that the kernels of a thread share, its allocator, and its views.
import { PhxError } from "@phxlang/autodiff";
import type { ModuleBuilder } from "./module-builder.ts";
import { memoryImport } from "./module-builder.ts";
import {
  compileModule,
  compileModuleAsync,
  createMemory,
  instantiate,
  maximumPages,
  pageBytes,
} from "./web-assembly.ts";
import type { WasmExports, WasmMemory, WasmModule } from "./web-assembly.ts";

/** Blocks start at multiples of this many bytes, and their lengths are multiples of it. */
const granule = 64;

/**
 * One WebAssembly.Memory with an allocator. An engine reserves gigabytes of address space for each memory, so
 * kernels share the host of their thread (`kernelHost()`) instead of owning one each. Addresses are byte offsets
 * and stay valid when the memory grows; typed-array views do not: take them from the host at each use.
 */
export class KernelHost {
  private readonly memory: WasmMemory;
  private bytes: Uint8Array<ArrayBuffer>;
  private doubles: Float64Array<ArrayBuffer>;
  private floats: Float32Array<ArrayBuffer>;
  private integers: Int32Array<ArrayBuffer>;
  /** Free stretches, ascending, never adjacent: starts and lengths in bytes. The last one ends at the memory's end. */
  private readonly freeStarts: number[] = [];
  private readonly freeLengths: number[] = [];

  constructor(initialPages = 16) {
    this.memory = createMemory(initialPages);
    const buffer = this.memory.buffer;
    this.bytes = new Uint8Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.floats = new Float32Array(buffer);
    this.integers = new Int32Array(buffer);
    // Address 0 is never handed out: it stands for "no memory".
    this.addFree(granule, initialPages * pageBytes - granule);
  }

  /** The whole memory; index = address / element size. Valid until the next allocation. */
  get f64(): Float64Array<ArrayBuffer> {
    return this.doubles;
  }
  get f32(): Float32Array<ArrayBuffer> {
    return this.floats;
  }
  get i32(): Int32Array<ArrayBuffer> {
    return this.integers;
  }
  get u8(): Uint8Array<ArrayBuffer> {
    return this.bytes;
  }

  /** The address of a fresh stretch, a multiple of 64. Its content is whatever was there. */
  allocate(byteCount: number): number {
    const length = Math.max(granule, Math.ceil(byteCount / granule) * granule);
    let slot = this.freeLengths.findIndex((free) => free >= length);
    if (slot < 0) {
      this.grow(length);
      slot = this.freeLengths.length - 1;
    }
    const address = this.freeStarts[slot];
    const rest = this.freeLengths[slot] - length;
    if (rest === 0) {
      this.freeStarts.splice(slot, 1);
      this.freeLengths.splice(slot, 1);
    } else {
      this.freeStarts[slot] = address + length;
      this.freeLengths[slot] = rest;
    }
    return address;
  }

  /** Gives a stretch back: the address and the byte count of its allocation. */
  free(address: number, byteCount: number): void {
    this.addFree(address, Math.max(granule, Math.ceil(byteCount / granule) * granule));
  }

  /** A set of allocations that are given back together. */
  arena(): Arena {
    return new Arena(this);
  }

  /** Makes the functions of a module run on this memory. */
  instantiate(module: WasmModule, functions: Readonly<Record<string, unknown>> = {}): WasmExports {
    return instantiate(module, { [memoryImport.module]: { ...functions, [memoryImport.name]: this.memory } });
  }

  /** Encodes, compiles and instantiates at once. */
  build(module: ModuleBuilder): WasmExports {
    return this.instantiate(compileModule(module.encode()), module.importedFunctions());
  }

  /** The same for large modules on the main thread of a page, which may refuse to compile them at once. */
  async buildAsync(module: ModuleBuilder): Promise<WasmExports> {
    return this.instantiate(await compileModuleAsync(module.encode()), module.importedFunctions());
  }

  /** Bytes of the linear memory. */
  get size(): number {
    return this.memory.buffer.byteLength;
  }

  private addFree(address: number, length: number): void {
    let low = 0;
    let high = this.freeStarts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.freeStarts[middle] < address) low = middle + 1;
      else high = middle;
    }
    this.freeStarts.splice(low, 0, address);
    this.freeLengths.splice(low, 0, length);
    this.mergeWithNext(low);
    if (low > 0) this.mergeWithNext(low - 1);
  }

  private mergeWithNext(slot: number): void {
    const next = slot + 1;
    const end = this.freeStarts[slot] + this.freeLengths[slot];
    if (next < this.freeStarts.length && end === this.freeStarts[next]) {
      this.freeLengths[slot] = this.freeLengths[slot] + this.freeLengths[next];
      this.freeStarts.splice(next, 1);
      this.freeLengths.splice(next, 1);
    }
  }

  /** Makes the last free stretch at least `length` bytes long. */
  private grow(length: number): void {
    const size = this.size;
    const last = this.freeStarts.length - 1;
    const trailing =
      last >= 0 && this.freeStarts[last] + this.freeLengths[last] === size ? this.freeLengths[last] : 0;
    const needed = Math.ceil((length - trailing) / pageBytes);
    const pages = size / pageBytes;
    // Doubling keeps the number of growths small; near the limit take what is needed.
    const wanted = Math.min(Math.max(needed, pages), maximumPages - pages);
    if (wanted < needed) throw outOfMemory(length, size);
    try {
      this.memory.grow(wanted);
    } catch {
      throw outOfMemory(length, size);
    }
    const buffer = this.memory.buffer;
    this.bytes = new Uint8Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.floats = new Float32Array(buffer);
    this.integers = new Int32Array(buffer);
    this.addFree(size, wanted * pageBytes);
  }
}

function outOfMemory(wanted: number, size: number): PhxError {
  return new PhxError({
    code: "PHX971",
    what: `kernels need ${wanted} more bytes and their memory of ${size} bytes cannot grow that far`,
    why: "the memory of WebAssembly ends at 4 GiB, and the machine may have less",
    fix: "work in smaller batches, on fewer observations at a time, or on a smaller model",
  });
}

/** Allocations of one owner; `release` gives all back. */
export class Arena {
  private readonly host: KernelHost;
  private readonly blocks: [address: number, byteCount: number][] = [];

  constructor(host: KernelHost) {
    this.host = host;
  }

  allocate(byteCount: number): number {
    const address = this.host.allocate(byteCount);
    this.blocks.push([address, byteCount]);
    return address;
  }

  /** Copies an index or number buffer into the memory; its address. */
  place(values: Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array): number {
    const address = this.allocate(values.byteLength);
    this.host.u8.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), address);
    return address;
  }

  release(): void {
    for (const [address, byteCount] of this.blocks) this.host.free(address, byteCount);
    this.blocks.length = 0;
  }

  /**
   * Ties this arena to an object: what was allocated is given back after the object is collected. The arena
   * must not be reachable from anything but that object.
   */
  releaseWith(owner: object): void {
    collected.register(owner, { host: this.host, blocks: this.blocks });
  }
}

const collected = new FinalizationRegistry(
  (held: { host: KernelHost; blocks: [address: number, byteCount: number][] }) => {
    for (const [address, byteCount] of held.blocks) held.host.free(address, byteCount);
    held.blocks.length = 0;
  },
);

let shared: KernelHost | undefined;

/** The host of this thread, made at the first use. */
export function kernelHost(): KernelHost {
  shared ??= new KernelHost();
  return shared;
}
