// Long work: Ctrl-C keeps what is done and says how to go on; progress is a bar on a terminal and ten lines elsewhere.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FitProgress } from "@phxlang/inference";
import { afterAll, describe, expect, test } from "vitest";
import type { Invocation } from "../src/command.ts";
import { progressDisplay } from "../src/fits/progress.ts";
import { plain } from "../src/output/style.ts";
import { root } from "./run-phx.ts";

const directory = mkdtempSync(join(tmpdir(), "phx-interruption-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});
const program = fileURLToPath(new URL("../bin/phx.mjs", import.meta.url));

/** The built command in the temporary directory; interrupted as soon as it shows progress where that is asked for. */
async function run(
  options: string,
  interrupts: boolean,
): Promise<{ status: number | null; out: string; err: string }> {
  const line = `fit ${root}examples/aircondit.phx --set m=1 -m svgd --particles 8 --iterations 600 --json ${options}`;
  const child = spawn(process.execPath, [program, ...line.trim().split(" ")], { cwd: directory });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    if (interrupts && err === "") child.kill("SIGINT");
    err += chunk.toString();
  });
  const status = await new Promise<number | null>((finish) => child.on("close", finish));
  return { status, out, err };
}

describe.skipIf(process.platform === "win32")("an interruption", () => {
  test(
    "keeps the work without being asked; the command that it names ends as if nothing had happened",
    { timeout: 120_000 },
    async () => {
      const interrupted = await run("", true);
      expect(interrupted.err).toContain(
        "interrupted; the same command with --checkpoint aircondit-svgd.checkpoint --resume goes on",
      );
      expect(interrupted.status).toBe(130);
      expect(interrupted.out).toBe("");
      expect(existsSync(join(directory, "aircondit-svgd.checkpoint"))).toBe(true);
      const resumed = await run("--checkpoint aircondit-svgd.checkpoint --resume", false);
      expect(resumed.status, resumed.err).toBe(0);
      const whole = await run("", false);
      expect(resumed.out).toBe(whole.out);
      expect(readdirSync(directory)).toEqual(["aircondit-svgd.checkpoint"]);
    },
  );
});

/** What progress of `total` steps writes, a second each. */
async function shown(isTerminal: boolean, quiet: boolean, total: number, first = 1): Promise<string> {
  let text = "";
  const write = (content: string): Promise<boolean> => {
    text += content;
    return Promise.resolve(true);
  };
  const invocation = {
    host: { err: { isTerminal, style: plain, write, columns: () => 60 } },
    value: () => quiet,
    note: async (content: string) => {
      if (!quiet) await write(`${content}\n`);
    },
  } as unknown as Invocation;
  let now = 0;
  const display = progressDisplay(invocation, () => now);
  for (let done = first; done <= total; done++) {
    now += 1000;
    const progress: FitProgress = { done, total, stage: "sampling", facts: { divergences: 2 } };
    display.show(progress);
  }
  await display.end();
  return text;
}

test("a line for each tenth elsewhere, with what is left by the speed so far", async () => {
  const lines = (await shown(false, false, 200)).trimEnd().split("\n");
  expect(lines.map((line) => line.split(" ")[0])).toEqual([
    "10",
    "20",
    "30",
    "40",
    "50",
    "60",
    "70",
    "80",
    "90",
    "100",
  ]);
  expect(lines[0]).toContain("sampling, divergences 2");
  // 19 of 199 steps took 20 seconds.
  expect(lines[0]).toContain("about 3 min 10 s left");
  expect(lines[9]).toContain("about 0 s left");
});

test("work that is taken up again is not credited with the steps of before", async () => {
  const lines = (await shown(false, false, 200, 101)).trimEnd().split("\n");
  // The first line is of step 101; at step 120, 19 steps took 20 seconds, and 80 are left.
  expect(lines.find((line) => line.startsWith("60 %"))).toContain("about 1 min 25 s left");
});

test("a bar on a terminal, which leaves nothing behind; --quiet says nothing", async () => {
  const text = await shown(true, false, 20);
  expect(text).toContain("50 %  sampling");
  expect(text).toContain("████████████░░░░░░░░░░░░");
  expect(text).not.toContain("\n");
  // Wider than the terminal it would be wrapped, and the next one drawn below it.
  const lines = text.split("\r\u001B[K");
  expect(Math.max(...lines.map((line) => line.length))).toBe(59);
  expect(text.endsWith("\r\u001B[K")).toBe(true);
  expect(await shown(true, true, 20)).toBe("");
});
