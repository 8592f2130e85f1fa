// The part of the JavaScript interface of WebAssembly that phx uses, and how modules are compiled.
import { PhxError } from "@phxlang/autodiff";

/** A compiled module; it can be posted to workers. */
export type WasmModule = object;

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export type WasmExports = Readonly<Record<string, (...args: (number | bigint)[]) => number | bigint>>;

interface Engine {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown };
  readonly Memory: new (limits: { initial: number; maximum: number }) => WasmMemory;
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  compile(bytes: Uint8Array<ArrayBuffer>): Promise<WasmModule>;
}

declare const WebAssembly: Engine;

export const pageBytes = 65536;
/** 4 GiB, all that 32-bit addresses reach. */
export const maximumPages = 65536;

export function validateModule(bytes: Uint8Array<ArrayBuffer>): boolean {
  return WebAssembly.validate(bytes);
}

/**
 * Compiles at once. Some browsers refuse that on the main thread of a page for modules over 8 MiB (older ones
 * over 4 KiB); then use `compileModuleAsync`, or compile in a worker.
 */
export function compileModule(bytes: Uint8Array<ArrayBuffer>): WasmModule {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new PhxError({
        code: "PHX970",
        what: `this page's main thread refuses to compile a kernel of ${bytes.length} bytes at once`,
        why: error.message,
        fix: "run phx in a worker, where compiling at once is always allowed",
      });
    }
    throw error;
  }
}

export async function compileModuleAsync(bytes: Uint8Array<ArrayBuffer>): Promise<WasmModule> {
  return WebAssembly.compile(bytes);
}

export function createMemory(initialPages: number): WasmMemory {
  return new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages });
}

export function instantiate(
  module: WasmModule,
  imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): WasmExports {
  return new WebAssembly.Instance(module, imports).exports as WasmExports;
}
