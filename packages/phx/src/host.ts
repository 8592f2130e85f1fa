// Host: all that a command touches of the world outside, so that commands are plain functions.
import type { DirectoryStore, ModelOptions, TraceOrigin } from "@phxlang/runtime";
import type { Style } from "./output/style.ts";

/** Standard output or standard error. */
export interface Stream {
  /** Resolves when the text is handed over; false once the reader has gone away and more output is pointless. */
  write(text: string): Promise<boolean>;
  /** Plain where colours are not wanted. */
  readonly style: Style;
  readonly isTerminal: boolean;
  /** Width of the terminal in letters, as it is now; absent where there is none. */
  readonly columns?: () => number;
}

/** One line of `phx doctor`. */
export interface SystemFact {
  readonly name: string;
  /** "absent": works without it, with less. */
  readonly status: "ok" | "absent" | "broken";
  readonly detail: string;
}

export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results, and nothing else. */
  readonly out: Stream;
  /** Everything else. */
  readonly err: Stream;
  /** Text of a file. Throws PHX996 with the reason of the operating system. */
  readText(path: string): string;
  /** Content of a file of any kind. Throws PHX996. */
  readBytes(path: string): Uint8Array;
  /** Paths of the files in a directory, in the order of their names; null where there is no such directory. */
  filesIn(path: string): readonly string[] | null;
  /** All or nothing: a reader sees the old content or the new one. Makes missing directories. Throws PHX996. */
  writeFile(path: string, content: string | Uint8Array): void;
  /** PHX998 where letters cannot be drawn. */
  renderPng(svg: string): Promise<Uint8Array>;
  /** Versions, devices, directories: what `phx doctor` prints. */
  describeSystem(): Promise<readonly SystemFact[]>;
  readStandardInput(): Promise<string>;
  /** Aborts when the user interrupts (Ctrl-C). Once asked for, an interruption no longer ends the process by itself. */
  interruption(): AbortSignal;
  /** The directory of recorded traces; null where it is switched off. */
  traceStore(): DirectoryStore | null;
  /** Where models get their traces from; with `usesStore` false, always by recording. */
  traceOf(usesStore: boolean): NonNullable<ModelOptions["traceOf"]>;
  /** What became of each trace that was asked for, oldest first. */
  traceOrigins(): readonly TraceOrigin[];
  /** Path of a file that another file names, relative to the directory of that file. */
  pathBeside(file: string, path: string): string;
  /** The text of a file that `use` names in the file `from`; null where it cannot be read. */
  readUsedFile(path: string, from: string): { readonly source: string; readonly text: string } | null;
  /** Path of the nearest file of this name, in the current directory or above it. */
  findUpwards(name: string): string | undefined;
}
