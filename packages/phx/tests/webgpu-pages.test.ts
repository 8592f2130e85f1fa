// A page evaluates the density of a .phx model and its gradient on WebGPU.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findChromium } from "../../../scripts/browser/chromium.ts";
import { openPage } from "../../../scripts/browser/open-page.ts";
import { compile, grad, np } from "../src/index.node.ts";
import type { Value } from "../src/index.node.ts";
import { root } from "./run-phx.ts";

describe.skipIf(findChromium() === null)("in Chromium", () => {
  test("has the numbers of the CPU, to the digits of floats", async () => {
    const text = readFileSync(`${root}examples/kingman.phx`, "utf8");
    const request = { text, theta: [1.5], times: [0.4, 0.9, 2] };
    const page = await openPage(new URL("fixtures/density-page.ts", import.meta.url), [
      "--enable-unsafe-webgpu",
    ]);
    try {
      const [value, slope] = (await page.call("density", request)) as [number, number[]];
      const model = compile(text);
      const logPdf = (at: Value): Value => model.logPdf(at, np.array(request.times)).sum();
      const expected = Number(logPdf(np.array(request.theta)));
      const slopes = grad(logPdf)(np.array(request.theta)).js() as number[];
      expect(Math.abs(value - expected) / Math.abs(expected)).toBeLessThan(1e-5);
      expect(slope).toHaveLength(slopes.length);
      slopes.forEach((wanted, i) =>
        expect(Math.abs(slope[i] - wanted) / Math.abs(wanted)).toBeLessThan(1e-4),
      );
    } finally {
      await page.close();
    }
  }, 240_000);
});
