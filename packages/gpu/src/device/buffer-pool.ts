// BufferPool: GPU buffers of one usage, used again. Commands run in the order of their submission, so that a buffer
// may be handed out as soon as the last commands that use it are submitted.

const smallest = 256;

/** Bytes that a pool keeps for later at most; more is given back to the driver. */
const mostKept = 2 ** 28;

export class BufferPool {
  readonly #device: GPUDevice;
  readonly #usage: number;
  readonly #free = new Map<number, GPUBuffer[]>();
  #kept = 0;

  constructor(device: GPUDevice, usage: number) {
    this.#device = device;
    this.#usage = usage;
  }

  take(bytes: number): GPUBuffer {
    const size = sizeClass(bytes, this.#device.limits.maxBufferSize);
    const known = this.#free.get(size)?.pop();
    if (known === undefined) return this.#device.createBuffer({ size, usage: this.#usage });
    this.#kept -= size;
    return known;
  }

  give(buffer: GPUBuffer): void {
    if (this.#kept + buffer.size > mostKept) {
      buffer.destroy();
      return;
    }
    this.#kept += buffer.size;
    const list = this.#free.get(buffer.size);
    if (list === undefined) this.#free.set(buffer.size, [buffer]);
    else list.push(buffer);
  }
}

/** Sizes in steps of a quarter of their power of two, so that nearly equal buffers share. */
function sizeClass(bytes: number, limit: number): number {
  if (bytes <= smallest) return smallest;
  const step = 2 ** Math.max(6, Math.floor(Math.log2(bytes)) - 2);
  return Math.max(bytes, Math.min(limit, Math.ceil(bytes / step) * step));
}
