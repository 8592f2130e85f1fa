// The interface of a trace store: bytes by key, wherever they are kept.

/** One stored entry, as `phx cache list` shows it. */
export interface StoredEntry {
  /** Hexadecimal content hash of the structure. */
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** How often a process has loaded it. Counted as well as the store can; a read-only store does not count. */
  readonly hits: number;
}

/** Something that went wrong in a store without spoiling a result. It is shown to the user, once per kind and path. */
export interface StoreProblem {
  readonly code: "PHX960" | "PHX961" | "PHX962";
  readonly message: string;
}

/** What the beginning of an entry says about its size: so a file that lies is not read. */
export interface EntryFrame {
  readonly headBytes: number;
  /** Bytes of the whole entry. */
  sizeOf(head: Uint8Array): number;
}

/**
 * Immutable byte strings under content hashes. An entry is whole or absent: no reader ever sees a part of one.
 * Entries of one key are interchangeable, so writers need no locks and whoever renames last wins nothing.
 */
export interface TraceStore {
  /** Where the entries are, in words: a directory, a database, `memory`. */
  readonly location: string;
  /**
   * Bytes of the key at once, or null. A store that can only wait answers from what `prefetch` has brought. Given a
   * frame, a store of files hands out only the head of an entry that does not have the size which its head says.
   */
  get(key: string, frame?: EntryFrame): Uint8Array | null;
  /** Brings entries near, for stores that cannot read at once; others return immediately. */
  prefetch(keys: readonly string[]): Promise<void>;
  /** Begins to keep the bytes and returns at once; the caller leaves them unchanged. A failure is reported, never thrown. */
  put(key: string, bytes: Uint8Array): void;
  /** Takes a corrupt entry out of the way, so that it is not read again. */
  setAside(key: string, reason: string): void;
  /** Resolves when everything begun is done or reported. */
  flush(): Promise<void>;
  entries(): Promise<readonly StoredEntry[]>;
  remove(key: string): Promise<void>;
}

/** Files of a directory that are not entries. */
export interface Leftovers {
  /** Temporary files: of writers that were killed, or that are writing now. */
  readonly temporaries: readonly Leftover[];
  /** Corrupt entries that were set aside. */
  readonly setAside: readonly Leftover[];
}

export interface Leftover {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** A store whose entries are files. */
export interface DirectoryStore extends TraceStore {
  /** As get, without counting a hit. */
  peek(key: string, frame?: EntryFrame): Uint8Array | null;
  leftovers(): Promise<Leftovers>;
  removeLeftover(path: string): Promise<void>;
}

/** A key is a SHA-256 in lower-case hexadecimal: nothing else ever becomes a file name. */
export function isStoreKey(key: string): boolean {
  return /^[0-9a-f]{64}$/.test(key);
}
