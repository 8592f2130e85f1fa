// Files that models name, and what the operating system says when they cannot be had.
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { PhxError } from "@phxlang/autodiff";

/** A path as it stands in a file, relative to the directory of that file. */
export function pathBeside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

/** The text of a file that `use` names; null where it cannot be read. */
export function readUsedFile(
  path: string,
  from: string,
): { readonly source: string; readonly text: string } | null {
  const source = pathBeside(from, path);
  try {
    return { source, text: readFileSync(source, "utf8") };
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
