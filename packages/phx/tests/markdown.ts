// Code blocks of Markdown pages, and how each kind of block is run.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { vi } from "vitest";

export interface Block {
  /** First word after the fence: `ts`, `sh`, `phx` … */
  readonly language: string;
  /** The rest of that line: `file=queue.phx`. */
  readonly note: string;
  readonly text: string;
  readonly line: number;
}

/** Fenced blocks in order. */
export function codeBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const fence = /^```(\w+)\s*(.*)$/.exec(lines[index]);
    if (fence === null) continue;
    const end = lines.indexOf("```", index + 1);
    blocks.push({
      language: fence[1],
      note: fence[2],
      text: lines
        .slice(index + 1, end)
        .map((line) => `${line}\n`)
        .join(""),
      line: index + 1,
    });
    index = end;
  }
  return blocks;
}

/** Lines of a shell block that call phx; comments and other programs are left out. */
export function phxLines(block: Block): readonly string[] {
  return block.text
    .split("\n")
    .map((line) => line.trim().replace(/\s+#.*$/, ""))
    .filter((line) => /^(npx )?phx\b/.test(line));
}

/** Files that a page tells its reader to write, in a directory of their own that stands for the root of a clone. */
export class Workbench {
  readonly directory: string;
  readonly #files = new Map<string, string>();

  /** `data` is the directory of data sets, which the reader's models name. */
  constructor(directory: string, data: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true });
    rmSync(`${directory}/data`, { force: true });
    symlinkSync(data, `${directory}/data`);
  }

  write(name: string, text: string): void {
    const path = `${this.directory}/${name}`;
    writeFileSync(path, text);
    this.#files.set(name, path);
  }

  /** The line with the names of written files replaced by their paths. */
  locate(line: string): string {
    let located = line;
    for (const [name, path] of this.#files) {
      located = located.replace(new RegExp(`(?<![\\w/.])${name.replaceAll(".", "\\.")}`, "g"), path);
    }
    return located;
  }

  /** What a reader sees: paths are names again. */
  shown(text: string): string {
    return text.replaceAll(`${this.directory}/`, "");
  }
}

/**
 * Runs a TypeScript block as a module, and gives what it printed. Statements of the form `console.log(x); // text`
 * promise that text.
 */
export async function runModule(
  path: string,
  text: string,
): Promise<{ readonly printed: readonly string[]; readonly promised: readonly string[] }> {
  writeFileSync(path, text);
  const printed: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
    printed.push(values.map(String).join(" "));
  });
  try {
    await import(/* @vite-ignore */ pathToFileURL(path).href);
  } finally {
    log.mockRestore();
  }
  const promised = Array.from(
    text.matchAll(/^\s*console\.log\(.*\); \/\/ (.*)$/gm),
    ([, promise]) => promise,
  );
  return { printed, promised };
}
