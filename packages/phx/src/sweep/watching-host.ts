// A host that keeps what a command prints, and notes which files it reads.
import type { Host } from "../host.ts";

export interface WatchedRun {
  readonly host: Host;
  /** What was printed so far. */
  printed(): string;
  /** Paths that were read and not written. */
  readFiles(): readonly string[];
}

export function watch(host: Host): WatchedRun {
  let text = "";
  const read = new Set<string>();
  const written = new Set<string>();
  return {
    host: {
      ...host,
      out: {
        ...host.out,
        isTerminal: false,
        write: async (part) => {
          text += part;
          return true;
        },
      },
      readText: (path) => {
        read.add(path);
        return host.readText(path);
      },
      readBytes: (path) => {
        read.add(path);
        return host.readBytes(path);
      },
      readUsedFile: (path, from) => {
        const used = host.readUsedFile(path, from);
        if (used !== null) read.add(used.source);
        return used;
      },
      writeFile: (path, content) => {
        written.add(path);
        host.writeFile(path, content);
      },
    },
    printed: () => text,
    readFiles: () => [...read].filter((path) => !written.has(path)).sort(),
  };
}
