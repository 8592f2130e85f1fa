// The IndexedDB store in a real browser: entries outlive pages, damage and full disks are survived.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordTrace } from "@phxlang/graph";
import { findChromium } from "../../../../scripts/browser/chromium.ts";
import { openPage } from "../../../../scripts/browser/open-page.ts";
import type { Page } from "../../../../scripts/browser/open-page.ts";
import { birthDeath } from "../support/birth-death.ts";

describe.skipIf(findChromium() === null)("in Chromium", () => {
  let page: Page;
  beforeAll(async () => {
    page = await openPage(new URL("fixtures/indexed-db-page.ts", import.meta.url));
  }, 120_000);
  afterAll(() => page.close());

  const sizes = [5, 40, 300];
  const hashes = sizes.map((size) => recordTrace(birthDeath(size)).contentHash);

  test("a page that is loaded again finds what it recorded, with the bytes that Node records", async () => {
    expect(await page.call("ask", { name: "life", sizes })).toEqual({
      hashes,
      sources: ["recorded", "recorded", "recorded"],
      rejected: [null, null, null],
      problems: [],
      hits: [0, 0, 0],
    });
    await page.reload();
    expect(await page.call("ask", { name: "life", sizes })).toEqual({
      hashes,
      sources: ["cache", "cache", "cache"],
      rejected: [null, null, null],
      problems: [],
      hits: [1, 1, 1],
    });
  });

  test("a damaged entry is reported, recorded again, and right afterwards", async () => {
    await page.call("ask", { name: "damage", sizes: [40] });
    await page.call("plant", { name: "damage", size: 40 });
    await page.reload();
    expect(await page.call("ask", { name: "damage", sizes: [40] })).toMatchObject({
      hashes: [hashes[1]],
      sources: ["recorded"],
      rejected: [expect.stringContaining("checksum")],
      problems: [expect.stringMatching(/^PHX962 .*checksum/)],
    });
    expect(await page.call("ask", { name: "damage", sizes: [40] })).toMatchObject({
      sources: ["cache"],
      problems: [],
    });
  });

  test("a page that goes away while it writes leaves whole entries or none", async () => {
    const size = 50_000;
    expect(await page.call("beginWriting", { name: "torn", size })).toBe(2000);
    await page.reload();
    expect(await page.call("areWhole", { name: "torn", size })).toMatchObject({ whole: true });
  });

  test("a database that cannot be used is said once to be unreadable and once unwritable; results stand", async () => {
    await page.call("occupy", { name: "foreign" });
    expect(await page.call("ask", { name: "foreign", sizes })).toMatchObject({
      hashes,
      sources: ["recorded", "recorded", "recorded"],
      problems: [expect.stringMatching(/^PHX961 .*foreign/), expect.stringMatching(/^PHX960 .*foreign/)],
    });
  });
});
