// Runs once before all tests: says when those that need a browser or a driver for WebGPU will not run.
import { findSwiftShader, installSwiftShader } from "../gpu/swiftshader.ts";
import { findChromium, installChromium } from "./chromium.ts";

export function setup(): void {
  if (findChromium() === null) {
    console.error(`tests in a browser do not run here: ${installChromium} (or set PHX_CHROMIUM)`);
  }
  if (findSwiftShader() === null) {
    console.error(
      `tests of WebGPU in Node do not run here: ${installSwiftShader} (or set PHX_VULKAN_DRIVER)`,
    );
  }
}
