// openGpu on Node: the package webgpu, which users install beside phxlang.
import { PhxError } from "@phxlang/autodiff";

let opened: Promise<GPU> | undefined;

/** WebGPU of this process, by the package webgpu; PHX967 where that is not installed. Main thread only. */
export function openGpu(): Promise<GPU> {
  return (opened ??= load());
}

async function load(): Promise<GPU> {
  try {
    const { create } = await import("webgpu");
    return create([]);
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    throw new PhxError({
      code: "PHX967",
      what: "WebGPU is not available in this Node",
      why: isAbsent
        ? "Node has no WebGPU of its own, and the package webgpu is not installed"
        : String(error),
      fix: "npm install webgpu",
    });
  }
}
