// The public face of @phxlang/gpu on Node: everything, and WebGPU from the package webgpu.
export * from "./index.ts";
export { openGpu } from "./open-gpu.node.ts";
