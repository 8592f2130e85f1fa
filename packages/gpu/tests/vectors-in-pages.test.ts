// The reference values of vectors/transforms.json on WebGPU in headless Chromium.
import { afterAll, describe } from "vitest";
import { findChromium } from "../../../scripts/browser/chromium.ts";
import type { Page } from "../../../scripts/browser/open-page.ts";
import { openPage } from "../../../scripts/browser/open-page.ts";
import type { Precision } from "../src/index.ts";
import { checkVectors } from "./support/check-vectors.ts";
import type { VectorOutcome } from "./support/run-vectors.ts";

describe.skipIf(findChromium() === null).each(["f32", "f64x"] as const)(
  "in Chromium",
  (precision: Precision) => {
    let page: Page | undefined;
    afterAll(() => page?.close());
    checkVectors(precision, async (mode) => {
      page ??= await openPage(new URL("fixtures/vectors-page.ts", import.meta.url), [
        "--enable-unsafe-webgpu",
      ]);
      const outcomes = await page.call("vectors", { precision, mode });
      return outcomes as Readonly<Record<string, VectorOutcome>>;
    });
  },
);
