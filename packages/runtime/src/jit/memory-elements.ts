// Elements of arrays in and out of the linear memory.
import type { DType, Elements } from "@phxlang/autodiff";
import type { KernelHost } from "../wasm/index.ts";

/** A fresh typed array with a copy of the elements at an address (which is a multiple of their size). */
export function readElements(host: KernelHost, address: number, dtype: DType, count: number): Elements {
  const start = address >>> 0;
  switch (dtype) {
    case "f64":
      return host.f64.slice(start / 8, start / 8 + count);
    case "f32":
      return host.f32.slice(start / 4, start / 4 + count);
    case "i32":
      return host.i32.slice(start / 4, start / 4 + count);
    case "u32":
      return new Uint32Array(host.i32.buffer, start, count).slice();
    case "bool":
      return host.u8.slice(start, start + count);
  }
}

export function writeElements(host: KernelHost, address: number, elements: Elements): void {
  const start = address >>> 0;
  if (elements instanceof Float64Array) host.f64.set(elements, start / 8);
  else if (elements instanceof Float32Array) host.f32.set(elements, start / 4);
  else if (elements instanceof Uint8Array) host.u8.set(elements, start);
  else host.i32.set(elements, start / 4);
}
