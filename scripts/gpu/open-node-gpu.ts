// openNodeGpu: WebGPU in a test on Node, on the software driver.
import { constants } from "node:os";
import { create } from "webgpu";
import { findSwiftShader, installSwiftShader } from "./swiftshader.ts";

let opened: GPU | undefined;

/** The `gpu` of this process; only the main thread of a process may call it. */
export function openNodeGpu(): GPU {
  if (opened !== undefined) return opened;
  const found = findSwiftShader();
  if (found === null) throw new Error(`there is no Vulkan driver: ${installSwiftShader}`);
  process.env["VK_ICD_FILENAMES"] = found.driver;
  process.env["XDG_RUNTIME_DIR"] ??= "/tmp";
  loadLibrary(found.loader);
  return (opened = create([]));
}

/** Loads a shared library for all that look for its symbols later. Node says of it that it is no add-on, which is true. */
function loadLibrary(path: string): void {
  const visibleToAll = 0x1000;
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | visibleToAll);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("did not self-register"))) throw error;
  }
}
