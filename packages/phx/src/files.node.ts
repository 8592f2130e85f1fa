// Files that models name, and what the operating system says when they cannot be had.
import { closeSync, openSync, readSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { PhxError } from "@phxlang/autodiff";

/** A path as it stands in a file, relative to the directory of that file. */
export function pathBeside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

/** Largest text that is read, in bytes: what has no end (a device, a pipe) is refused before it fills the memory. */
const largestText = 2 ** 28;
const chunkLength = 2 ** 20;

/** The text of a file. Throws what the operating system says, or that the file is too large. */
export function readTextFile(path: string): string {
  const file = openSync(path, "r");
  try {
    const collected = new TextCollector();
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkLength);
      const length = readSync(file, chunk);
      if (length === 0) return collected.text();
      collected.add(chunk.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}

/** All that a stream has. Throws that it is too large. */
export async function readTextStream(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const collected = new TextCollector();
  for await (const chunk of stream) collected.add(chunk);
  return collected.text();
}

class TextCollector {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  add(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#length > largestText) throw new Error(`it is larger than ${largestText / 2 ** 20} MB`);
    this.#chunks.push(chunk);
  }

  text(): string {
    return Buffer.concat(this.#chunks, this.#length).toString("utf8");
  }
}

/** The text of a file that `use` names; null where it cannot be read. */
export function readUsedFile(
  path: string,
  from: string,
): { readonly source: string; readonly text: string } | null {
  const source = pathBeside(from, path);
  try {
    return { source, text: readTextFile(source) };
  } catch {
    return null;
  }
}

/** PHX996 with the reason of the operating system. */
export function unreadableFile(path: string, error: unknown): PhxError {
  return new PhxError({
    code: "PHX996",
    what: `cannot read "${path}"`,
    why: systemReason(error),
    fix: "check the path; relative paths start at the current directory",
  });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "the operation is not permitted",
  EISDIR: "it is a directory",
  ENOTDIR: "part of the path is a file, not a directory",
  EEXIST: "a file is in the way",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
};

/** In words, where the system gives a code that is known. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
