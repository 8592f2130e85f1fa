// The host of the installed command: files, environment and streams of the operating system.
import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { styleText } from "node:util";
import { PhxError } from "@phxlang/autodiff";
import { describeSystem } from "./describe-system.node.ts";
import type { Host, Stream } from "./host.ts";
import {
  pathBeside,
  readTextFile,
  readTextStream,
  readUsedFile,
  systemReason,
  unreadableFile,
} from "./files.node.ts";
import { plain } from "./output/style.ts";
import { traceSource } from "./trace-cache.node.ts";

export function nodeHost(): Host {
  const err = stream(process.stderr);
  return {
    ...traceSource(process.env, (problem) => {
      void err.write(`${err.style("yellow", `warning[${problem.code}]`)}: ${problem.message}\n`);
    }),
    environment: process.env,
    out: stream(process.stdout),
    err,
    readText,
    readBytes,
    filesIn,
    writeFile,
    renderPng: async (svg) => (await import("./plots/png.node.ts")).renderPng(svg),
    pathBeside,
    readUsedFile,
    describeSystem: () => describeSystem(process.env),
    readStandardInput,
    findUpwards,
    interruption,
  };
}

/** A second Ctrl-C ends the process as usual. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  return controller.signal;
}

function stream(target: NodeJS.WriteStream): Stream {
  let isOpen = true;
  target.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EOF") throw error;
    isOpen = false;
  });
  const wantsColours =
    target.isTTY && process.env["NO_COLOR"] === undefined && process.env["TERM"] !== "dumb";
  return {
    write: (content) =>
      new Promise((finish) => {
        if (!isOpen) finish(false);
        else target.write(content, () => finish(isOpen));
      }),
    style: wantsColours ? (name, content) => styleText(name, content) : plain,
    isTerminal: target.isTTY,
    ...(target.isTTY ? { columns: () => target.columns } : {}),
  };
}

function readText(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    throw unreadableFile(path, error);
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadableFile(path, error);
  }
}

/** Numbers in names are compared as numbers: chain-10 comes after chain-2. */
function filesIn(path: string): readonly string[] | null {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return null;
  return readdirSync(path)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((name) => join(path, name));
}

async function readStandardInput(): Promise<string> {
  try {
    return await readTextStream(process.stdin);
  } catch (error) {
    throw unreadableFile("standard input", error);
  }
}

/** Makes the directory where it is missing. A temporary file beside it, flushed to the disk, then renamed over it. */
function writeFile(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, "wx");
    try {
      fill(file, typeof content === "string" ? Buffer.from(content, "utf8") : content);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw new PhxError({
      code: "PHX996",
      what: `cannot write "${path}"`,
      why: systemReason(error),
      fix: "check the path and its permissions",
    });
  }
}

function fill(file: number, bytes: Uint8Array): void {
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function findUpwards(name: string): string | undefined {
  let directory = resolve(".");
  for (;;) {
    const candidate = join(directory, name);
    if (existsSync(candidate)) return candidate;
    const parent = dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
}
