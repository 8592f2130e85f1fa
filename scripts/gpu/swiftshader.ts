// Where the software Vulkan driver is that tests of WebGPU run on in Node, and what to do where there is none.
import { existsSync } from "node:fs";

/** Of Debian's package of Chromium, unless PHX_VULKAN_DRIVER names another driver's description. */
const driver = process.env["PHX_VULKAN_DRIVER"] ?? "/usr/lib/chromium/vk_swiftshader_icd.json";
const loader = "/usr/lib/chromium/libvulkan.so.1";

export const installSwiftShader = "apt-get install -y --no-install-recommends chromium libvulkan1";

export interface SwiftShader {
  readonly driver: string;
  readonly loader: string;
}

/**
 * The driver and the Vulkan loader; null where they are absent: tests of WebGPU in Node do not run then, and `npm test`
 * says so. On a machine of continuous integration (CI=true) that is an error.
 */
export function findSwiftShader(): SwiftShader | null {
  if (existsSync(driver) && existsSync(loader)) return { driver, loader };
  if (process.env["CI"] !== "true") return null;
  throw new Error(`there is no Vulkan driver at ${driver}: ${installSwiftShader}`);
}
