// Every code block of the documents is run: commands, models, TypeScript, settings.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { test } from "@fast-check/vitest";
import { afterAll, describe, expect } from "vitest";
import { openNodeGpu } from "../../../scripts/gpu/open-node-gpu.ts";
import { findSwiftShader } from "../../../scripts/gpu/swiftshader.ts";
import { commands } from "../src/commands/index.ts";
import { check } from "../src/index.node.ts";
import { readConfiguration } from "../src/options/configuration.ts";
import { codeBlocks, phxLines, runModule, Workbench } from "./markdown.ts";
import type { Block } from "./markdown.ts";
import { pages } from "./pages.ts";
import { phx, root } from "./run-phx.ts";
import { roundedText } from "./same-text.ts";

/** Inside the repository, so that `phxlang` is found; ignored by git. */
const scratch = `${root}out/documents`;
mkdirSync(scratch, { recursive: true });
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(pages)("%s", (page) => {
  const blocks = codeBlocks(readFileSync(`${root}${page}`, "utf8"));
  const bench = new Workbench(`${scratch}/${page.replaceAll(/\W/g, "-")}`, `${root}data`);

  test("has no code block whose language does not say how to run it", () => {
    const known = ["sh", "text", "phx", "ts", "toml", "csv", "json"];
    expect(blocks.filter((block) => !known.includes(block.language))).toEqual([]);
  });

  for (const [index, block] of blocks.entries()) {
    const next = blocks.at(index + 1);
    const expected = next?.language === "text" ? next.text : undefined;
    const title = `line ${block.line}: ${block.language} ${block.note}`.trimEnd();
    if (block.language === "sh") test(title, () => runShell(block, expected, bench));
    if (block.language === "phx" || block.language === "csv") test(title, () => keep(block, bench));
    if (block.language === "ts") {
      const needsGpu = block.note.split(" ").includes("gpu");
      test.skipIf(needsGpu && findSwiftShader() === null)(title, () => {
        if (needsGpu) openNodeGpu();
        return runTypeScript(block, expected, bench);
      });
    }
    if (block.language === "toml")
      test(title, () => {
        expect(readConfiguration(block.text, "phx.toml").size).toBeGreaterThan(0);
      });
  }
});

/** Every call must succeed; where a `text` block follows, it is their output. */
async function runShell(block: Block, expected: string | undefined, bench: Workbench): Promise<void> {
  let output = "";
  for (const line of phxLines(block)) {
    const outcome = await phx(bench.locate(line));
    expect(outcome.status, `${line}\n${outcome.err}`).toBe(0);
    output += bench.shown(outcome.out);
  }
  if (expected !== undefined && phxLines(block).length > 0)
    expect(roundedText(output)).toBe(roundedText(expected));
}

/** Models must be right; blocks with `file=NAME` are written for the commands that follow. */
function keep(block: Block, bench: Workbench): void {
  const name = /file=(\S+)/.exec(block.note)?.[1];
  if (name !== undefined) bench.write(name, block.text);
  if (block.language === "phx") {
    expect(check(block.text).diagnostics.filter((diagnostic) => diagnostic.severity === "error")).toEqual([]);
  }
}

/** What it prints is promised by its comments, or by a `text` block that follows. */
async function runTypeScript(block: Block, expected: string | undefined, bench: Workbench): Promise<void> {
  const { printed, promised } = await runModule(
    `${bench.directory}/line-${block.line}.ts`,
    bench.locate(block.text),
  );
  if (expected === undefined) expect(printed.map(roundedText)).toEqual(promised.map(roundedText));
  else expect(roundedText(`${printed.join("\n")}\n`)).toBe(roundedText(expected));
}

describe("docs/cli.md", () => {
  const page = readFileSync(`${root}docs/cli.md`, "utf8");

  test.each(commands.map((command) => [command.name, command] as const))(
    "describes %s and its options",
    (name, command) => {
      expect(page).toContain(`\`${name}\``);
      const flags = command.options.map((option) => /--[a-z-]+/.exec(option.flags)?.[0] ?? option.flags);
      expect(flags.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
    },
  );
});
