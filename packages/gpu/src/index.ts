// The public face of @phxlang/gpu: what a WebGPU device promises. The device itself is not here yet.
import type { Device } from "@phxlang/autodiff";

/**
 * How numbers are kept on a device that has no doubles: "f32", about 7 digits, or "f64x", pairs of floats with about 14.
 * There is no default: asking for doubles without choosing is an error.
 */
export type Precision = "f32" | "f64x";

export interface WebGpuOptions {
  readonly precision: Precision;
  /** `navigator.gpu` in a page; the `gpu` of the package webgpu in Node. */
  readonly gpu: GPU;
}

/**
 * Opens a device. It tests its own arithmetic first and refuses a driver that breaks it (PHX97x); a device that is
 * lost, a limit that is exceeded and a primitive that is missing are errors that name it, never a move to the CPU.
 */
export type RequestWebGpuDevice = (options: WebGpuOptions) => Promise<Device>;
