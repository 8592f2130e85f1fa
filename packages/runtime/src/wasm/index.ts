// What kernels are written with: the assembler, and the memory they run on.
export { ByteWriter } from "./byte-writer.ts";
export type { Expression } from "./expression.ts";
export { FunctionBuilder } from "./function-builder.ts";
export type { FunctionReference, Local } from "./function-builder.ts";
export { Arena, kernelHost, KernelHost } from "./kernel-host.ts";
export { f64Lanes } from "./lanes.ts";
export type { Lanes, LaneValue } from "./lanes.ts";
export { ModuleBuilder } from "./module-builder.ts";
export type { HostFunction } from "./module-builder.ts";
export { at, f32, f64, i32, i64, i8, select } from "./scalar.ts";
export { f32x4, f64x2, i32x4, i64x2, v128 } from "./vector.ts";
export { validateModule } from "./web-assembly.ts";
export type { WasmExports } from "./web-assembly.ts";
