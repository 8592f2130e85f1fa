// Runs once before all tests: says when those that need a browser will not run.
import { findChromium, installChromium } from "./chromium.ts";

export function setup(): void {
  if (findChromium() !== null) return;
  console.error(`tests in a browser do not run here: ${installChromium} (or set PHX_CHROMIUM)`);
}
