// The workers device in a real browser: Web Workers behind the same interface, results that arrive later.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../scripts/browser/chromium.ts";
import { openPage } from "../../../../scripts/browser/open-page.ts";
import type { Page } from "../../../../scripts/browser/open-page.ts";

describe.skipIf(findChromium() === null)("in Chromium", () => {
  let page: Page;
  beforeAll(async () => {
    page = await openPage(new URL("fixtures/workers-page.ts", import.meta.url));
  }, 120_000);
  afterAll(() => page.close());

  test.each([1, 2, 3])("%i threads compute what the page computes, bit by bit", async (threads) => {
    const found = (await page.call("gradients", threads)) as Record<string, unknown>;
    expect(found["isSynchronous"]).toBe(false);
    expect(found["mapped"]).toEqual(found["here"]);
    expect(found["batch"]).toEqual(found["here"]);
  });

  test("results under way are arguments of further calls", async () => {
    expect(await page.call("chained")).toEqual([6 * 36, 12 * 36, 18 * 36]);
  });

  test("failures arrive where data is awaited, as they are on Node", async () => {
    const [early, check, late, fine] = (await page.call("failures")) as string[];
    expect(early).toContain("PHX922");
    expect(check).toMatch(/^PHX702: the rate from \(lineages = \d\) to .* is -\d+ at these parameters/);
    expect(late).toContain("PHX974");
    expect(fine).toBe("none");
  });
});
