// Texts are read whole, and refused before they fill the memory.
import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTextFile, readTextStream } from "../src/files.node.ts";
import { phx } from "./run-phx.ts";

const directory = mkdtempSync(join(tmpdir(), "phx-files-"));

test("a text longer than one read, with letters across its borders, comes back as it was", () => {
  const text = "θ¼∂".repeat(500_000);
  const path = join(directory, "long.txt");
  writeFileSync(path, text);
  expect(readTextFile(path) === text).toBe(true);
});

test("a file that is too large is refused, as a model, as data and by name", async () => {
  const path = join(directory, "large.csv");
  writeFileSync(path, "");
  truncateSync(path, 2 ** 28 + 1);
  expect(await phx(`phx check ${path}`)).toMatchObject({
    status: 2,
    out: "",
    err: expect.stringContaining(
      `error[PHX996]: cannot read "${path}"\n  = it is larger than 256 MB\n`,
    ) as string,
  });
  const { status, err } = await phx(`phx loglik examples/aircondit.phx --data failures=${path}`);
  expect(status).toBe(1);
  expect(err).toContain("it is larger than 256 MB");
});

test("so is a stream that has no end", async () => {
  const chunk = new Uint8Array(2 ** 22);
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield await Promise.resolve(chunk);
  }
  await expect(readTextStream(endless())).rejects.toThrow("it is larger than 256 MB");
});
