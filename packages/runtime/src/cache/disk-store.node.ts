// A trace store in a directory: one immutable file per key, safe for many processes and for network file systems.
import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, renameSync } from "node:fs";
import { appendFile, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isStoreKey } from "./store.ts";
import type { DirectoryStore, EntryFrame, Leftover, StoredEntry, StoreProblem } from "./store.ts";

const entrySuffix = ".trace";
const hitsSuffix = ".hits";
const temporarySuffix = ".tmp";
const badSuffix = ".bad";

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/**
 * Opens the store; the directory is made when the first entry is kept. An entry is written to a temporary file of
 * the same directory that no other process can name (host, process, random part; exclusive create), synced, and
 * renamed: a crash at any moment leaves the old state or the new one. There are no lock files.
 *
 * A reader that finds nothing, or a stale handle of a network file system, records the trace itself. Two writers of
 * one key write the same bytes, so either rename may win.
 */
export function diskStore(directory: string, report: (problem: StoreProblem) => void): DirectoryStore {
  const pending = new Set<Promise<void>>();
  const reported = new Set<string>();
  const entryPath = (key: string): string => join(directory, key + entrySuffix);

  function reportOnce(problem: StoreProblem, kind: string): void {
    if (reported.has(kind)) return;
    reported.add(kind);
    report(problem);
  }

  function track(work: Promise<void>): void {
    const settled = work.finally(() => pending.delete(settled));
    pending.add(settled);
  }

  async function write(key: string, bytes: Uint8Array): Promise<void> {
    const unique = `${hostname()}-${process.pid}-${randomBytes(8).toString("hex")}`;
    const temporary = join(directory, `${key}.${unique}${temporarySuffix}`);
    try {
      await mkdir(directory, { recursive: true });
      const file = await open(temporary, "wx", 0o644);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, entryPath(key));
      await syncDirectory(directory);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      reportOnce(
        {
          code: "PHX960",
          message: `the trace cache ${directory} cannot be written (${errorCode(error)}); the trace is used but not kept. Set PHX_CACHE_DIR to a writable directory, or PHX_CACHE=off`,
        },
        "unwritable",
      );
    }
  }

  /** One byte per hit, appended: its length is the count. Reading must work where writing does not, so no report. */
  async function countHit(key: string): Promise<void> {
    await appendFile(join(directory, key + hitsSuffix), "+").catch(() => undefined);
  }

  function peek(key: string, frame?: EntryFrame): Uint8Array | null {
    if (!isStoreKey(key)) return null;
    return readEntry(entryPath(key), frame, (error) =>
      reportOnce(
        {
          code: "PHX961",
          message: `the trace cache entry ${entryPath(key)} cannot be read (${errorCode(error)}); the trace is recorded again`,
        },
        `unreadable ${key}`,
      ),
    );
  }

  return {
    location: directory,
    peek,
    get(key, frame) {
      const bytes = peek(key, frame);
      if (bytes !== null) track(countHit(key));
      return bytes;
    },
    prefetch: () => Promise.resolve(),
    put(key, bytes) {
      if (isStoreKey(key)) track(write(key, bytes));
    },
    setAside(key, reason) {
      const bad = `${entryPath(key)}.${randomBytes(4).toString("hex")}${badSuffix}`;
      let outcome = `it was set aside as ${bad}`;
      try {
        renameSync(entryPath(key), bad);
      } catch (error) {
        outcome = `it could not be set aside (${errorCode(error)})`;
      }
      reportOnce(
        {
          code: "PHX962",
          message: `the trace cache entry ${entryPath(key)} is corrupt (${reason}); ${outcome} and the trace is recorded again`,
        },
        `corrupt ${key}`,
      );
    },
    async flush() {
      while (pending.size > 0) await Promise.all(pending);
    },
    async entries() {
      const entries: StoredEntry[] = [];
      for (const name of await filesOf(directory)) {
        const key = name.slice(0, -entrySuffix.length);
        if (!name.endsWith(entrySuffix) || !isStoreKey(key)) continue;
        const file = await statOrNull(entryPath(key));
        if (file === null) continue;
        const hits = await statOrNull(join(directory, key + hitsSuffix));
        entries.push({
          key,
          bytes: file.size,
          createdAt: file.mtimeMs,
          lastUsedAt: Math.max(file.mtimeMs, hits?.mtimeMs ?? 0),
          hits: hits?.size ?? 0,
        });
      }
      return entries;
    },
    async remove(key) {
      if (!isStoreKey(key)) return;
      await rm(entryPath(key), { force: true });
      await rm(join(directory, key + hitsSuffix), { force: true });
    },
    async leftovers() {
      const temporaries: Leftover[] = [];
      const setAside: Leftover[] = [];
      for (const name of await filesOf(directory)) {
        const list = name.endsWith(temporarySuffix)
          ? temporaries
          : name.endsWith(badSuffix)
            ? setAside
            : null;
        const path = join(directory, name);
        const file = list === null ? null : await statOrNull(path);
        if (file !== null) list?.push({ path, bytes: file.size, modifiedAt: file.mtimeMs });
      }
      return { temporaries, setAside };
    },
    async removeLeftover(path) {
      await rm(path, { force: true });
    },
  };
}

/** A missing file is null; a handle that went stale under us (NFS) is tried once more. */
function readEntry(
  path: string,
  frame: EntryFrame | undefined,
  onFailure: (error: unknown) => void,
): Uint8Array | null {
  for (let attempt = 0; ; attempt++) {
    try {
      return readFile(path, frame);
    } catch (error) {
      const code = errorCode(error);
      if (code === "ENOENT" || code === "ENOTDIR") return null;
      if (code === "ESTALE" && attempt === 0) continue;
      onFailure(error);
      return null;
    }
  }
}

/** The whole file; only the head of one whose size is not what its head says. */
function readFile(path: string, frame: EntryFrame | undefined): Uint8Array {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (frame !== undefined) {
      const head = readStart(file, Math.min(size, frame.headBytes));
      if (head.length < frame.headBytes || frame.sizeOf(head) !== size) return head;
    }
    return readStart(file, size);
  } finally {
    closeSync(file);
  }
}

/** The first `length` bytes of a file, fewer where it ends before. */
function readStart(file: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for (let count = 1; count > 0 && filled < length; filled += count) {
    count = readSync(file, bytes, filled, length - filled, filled);
  }
  return bytes.subarray(0, filled);
}

/** Makes the rename itself durable. Windows has no such call and needs none. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function filesOf(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

async function statOrNull(path: string): Promise<{ readonly size: number; readonly mtimeMs: number } | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}
