// The reference values of vectors/transforms.json on WebGPU in headless Chromium.
import { afterAll, describe } from "vitest";
import { findChromium } from "../../../scripts/browser/chromium.ts";
import type { Page } from "../../../scripts/browser/open-page.ts";
import { openPage } from "../../../scripts/browser/open-page.ts";
import { checkVectors } from "./support/check-vectors.ts";
import type { VectorOutcome } from "./support/run-vectors.ts";

describe.skipIf(findChromium() === null)("in Chromium", () => {
  let page: Page | undefined;
  afterAll(() => page?.close());
  checkVectors("f32", async (mode) => {
    page ??= await openPage(new URL("fixtures/vectors-page.ts", import.meta.url), ["--enable-unsafe-webgpu"]);
    const outcomes = await page.call("vectors", { precision: "f32", mode });
    return outcomes as Readonly<Record<string, VectorOutcome>>;
  });
});
