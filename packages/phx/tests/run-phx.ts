// Runs a command line as a shell would: in this process for speed, or as a process of its own.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Host, Stream } from "../src/host.ts";
import { nodeHost } from "../src/host.node.ts";
import { plain } from "../src/output/style.ts";
import { runCommand } from "../src/program.ts";

export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly standardInput?: string;
  /** Text of the nearest phx.toml. */
  readonly configuration?: string;
}

/** One host for all runs: each would add listeners to the streams of the process. */
const real = nodeHost();

export const root: string = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * `line` as typed in the root of the repository, with or without the leading `phx`. Quotes and `< file` work. Files
 * are really read and written.
 */
export async function phx(line: string, surroundings: Surroundings = {}): Promise<Outcome> {
  const { words, input } = splitLine(line);
  const out = collect();
  const err = collect();
  const host: Host = {
    ...real,
    environment: surroundings.environment ?? {},
    out: out.stream,
    err: err.stream,
    readText: (path) => (path === "/phx.toml" ? (surroundings.configuration ?? "") : real.readText(path)),
    findUpwards: () => (surroundings.configuration === undefined ? undefined : "/phx.toml"),
    interruption: () => new AbortController().signal,
    readStandardInput: () =>
      Promise.resolve(input === undefined ? (surroundings.standardInput ?? "") : real.readText(input)),
  };
  const status = await runCommand(words, host);
  return { status, out: out.text(), err: err.text() };
}

/** The built command in a process of its own. */
export function spawnPhx(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const program = fileURLToPath(new URL("../bin/phx.mjs", import.meta.url));
  return new Promise((finish) => {
    execFile(
      process.execPath,
      [program, ...words],
      { cwd: root, env: { ...process.env, ...environment } },
      (error, out, err) => {
        finish({ status: error === null ? 0 : Number(error.code), out, err });
      },
    );
  });
}

/** Words of a shell line; single and double quotes hold blanks together. */
export function splitLine(line: string): {
  readonly words: readonly string[];
  readonly input: string | undefined;
} {
  const words = Array.from(line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g), ([word]) =>
    word.replace(/["']/g, ""),
  );
  const redirect = words.indexOf("<");
  const input = redirect < 0 ? undefined : words[redirect + 1];
  if (redirect >= 0) words.splice(redirect, 2);
  if (words[0] === "npx") words.shift();
  if (words[0] === "phx") words.shift();
  return { words, input };
}

function collect(): { readonly stream: Stream; readonly text: () => string } {
  let content = "";
  return {
    stream: {
      write: (text) => {
        content += text;
        return Promise.resolve(true);
      },
      style: plain,
      isTerminal: false,
    },
    text: () => content,
  };
}
