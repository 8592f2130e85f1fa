// The public face of @phxlang/gpu: WebGPU as a device for programs.
export type { Precision } from "./arithmetic/precision.ts";
export { gpuCodes } from "./codes.ts";
export { openGpu } from "./open-gpu.ts";
export { isWebGpu, requestWebGpuDevice } from "./webgpu-device.ts";
export type { WebGpuDevice, WebGpuOptions } from "./webgpu-device.ts";
