// The same structure has the same key and the same trace bytes in every host: hashes written down, checked in each.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { text as readText } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findChromium } from "../../../scripts/browser/chromium.ts";
import { openPage } from "../../../scripts/browser/open-page.ts";
import { root } from "./run-phx.ts";

const fixtures = new URL("fixtures/", import.meta.url);
const goldenFile = fileURLToPath(new URL("same-bytes.json", import.meta.url));

const texts: Record<string, string> = Object.fromEntries(
  readdirSync(`${root}examples`)
    .filter((name) => name.endsWith(".phx"))
    .sort()
    .map((name) => [name, readFileSync(`${root}examples/${name}`, "utf8")]),
);

/** What a process of this command line says about the models. */
async function ask(command: string, words: readonly string[]): Promise<unknown> {
  const script = fileURLToPath(new URL("print-fingerprints.mjs", fixtures));
  const child = spawn(command, [...words, script], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(JSON.stringify(texts));
  const [out, err] = await Promise.all([readText(child.stdout), readText(child.stderr)]);
  if (out === "") throw new Error(err);
  return JSON.parse(out);
}

async function expectGolden(found: unknown): Promise<void> {
  await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot(goldenFile);
}

test("in this Node", async () => {
  await expectGolden(await ask(process.execPath, []));
});

test.each(["20", "22", "24"])("in Node %s", { timeout: 180_000 }, async (version) => {
  await expectGolden(await ask("npx", ["--yes", `node@${version}`]));
});

describe.skipIf(findChromium() === null)("in Chromium", () => {
  test("the packages are bundled for pages", { timeout: 120_000 }, async () => {
    const page = await openPage(new URL("fingerprints.mjs", fixtures));
    const found = await page.call("fingerprints", texts);
    await page.close();
    await expectGolden(found);
  });
});
