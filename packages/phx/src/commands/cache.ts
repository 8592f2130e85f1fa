// phx cache: the store of recorded traces, looked at and looked after.
import { PhxError } from "@phxlang/autodiff";
import { closest } from "@phxlang/dsl";
import { decodeTrace } from "@phxlang/graph";
import { checkEntry, choosePruned } from "@phxlang/runtime";
import type { DirectoryStore, StoredEntry } from "@phxlang/runtime";
import type { CommandDefinition, ExitStatus, Invocation } from "../command.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { readableAge, readableSize, readAge, readSize } from "../options/quantities.ts";
import { renderTable } from "../output/table.ts";
import { present } from "../present.ts";

const maxSize: OptionDeclaration<number | undefined> = {
  flags: "--max-size <size>",
  description: "prune: keep at most this much, such as 500MB",
  read: readSize,
  absent: undefined,
};

const maxAge: OptionDeclaration<number | undefined> = {
  flags: "--max-age <age>",
  description: "prune: keep what was used within this time, such as 90d",
  read: readAge,
  absent: undefined,
};

/** Temporary files of writers that were killed: no writer takes that long. */
const staleAfter = 86_400_000;

type Action = (invocation: Invocation, store: DirectoryStore) => Promise<ExitStatus>;

const actions: Readonly<Record<string, Action>> = { path, stats, list, verify, prune, clear };

export const cache: CommandDefinition = {
  name: "cache",
  words: [{ name: "<action>", description: Object.keys(actions).join(", ") }],
  summary: "the cache of recorded traces: path, stats, list, verify, prune, clear",
  options: [maxSize, maxAge],
  examples: [
    { line: "phx cache path", says: "where it is (PHX_CACHE_DIR moves it)" },
    { line: "phx cache stats", says: "how much is in it" },
    { line: "phx cache prune --max-size 1GB --max-age 90d", says: "keep it small" },
  ],
  run: async (invocation) => {
    const [word] = invocation.words;
    const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
    if (action === undefined) {
      const match = closest(word, Object.keys(actions));
      throw new PhxError({
        code: "PHX991",
        what: `phx cache cannot \`${word}\``,
        fix:
          match === null
            ? `it can ${Object.keys(actions).join(", ")}`
            : `did you mean \`phx cache ${match}\`?`,
      });
    }
    const store = invocation.host.traceStore();
    if (store === null) {
      throw new PhxError({
        code: "PHX963",
        what: "the trace cache is switched off",
        why: "PHX_CACHE is off",
        fix: "unset PHX_CACHE",
      });
    }
    return action(invocation, store);
  },
};

async function path(invocation: Invocation, store: DirectoryStore): Promise<ExitStatus> {
  await present(invocation, {
    json: () => ({ path: store.location }),
    text: () => `${store.location}\n`,
  });
  return 0;
}

function bytesOf(entries: readonly { readonly bytes: number }[]): number {
  return entries.reduce((sum, entry) => sum + entry.bytes, 0);
}

async function stats(invocation: Invocation, store: DirectoryStore): Promise<ExitStatus> {
  const entries = await store.entries();
  const { temporaries, setAside } = await store.leftovers();
  const hits = entries.reduce((sum, entry) => sum + entry.hits, 0);
  await present(invocation, {
    json: () => ({
      path: store.location,
      entries: entries.length,
      bytes: bytesOf(entries),
      hits,
      setAside: setAside.length,
      temporaries: temporaries.length,
    }),
    text: (style) =>
      [
        ["path", store.location],
        ["entries", String(entries.length)],
        ["size", readableSize(bytesOf(entries))],
        ["hits", String(hits)],
        ["set aside", `${setAside.length} (${readableSize(bytesOf(setAside))})`],
        ["temporary", `${temporaries.length} (${readableSize(bytesOf(temporaries))})`],
      ]
        .map(([name, value]) => `${style("dim", name.padEnd(10))} ${value}\n`)
        .join(""),
  });
  return 0;
}

async function list(invocation: Invocation, store: DirectoryStore): Promise<ExitStatus> {
  const entries = (await store.entries()).toSorted((a, b) => b.lastUsedAt - a.lastUsedAt);
  const now = Date.now();
  await present(invocation, {
    json: () => entries.map((entry) => ({ ...entry })),
    text: (style) =>
      renderTable(
        [
          { title: "key", cells: entries.map((entry) => entry.key) },
          { title: "size", cells: entries.map((entry) => readableSize(entry.bytes)) },
          { title: "hits", cells: entries.map((entry) => entry.hits) },
          { title: "recorded", cells: entries.map((entry) => readableAge(entry.createdAt, now)) },
          { title: "used", cells: entries.map((entry) => readableAge(entry.lastUsedAt, now)) },
        ],
        style,
      ),
  });
  return 0;
}

async function verify(invocation: Invocation, store: DirectoryStore): Promise<ExitStatus> {
  const entries = await store.entries();
  const corrupt = entries.flatMap(({ key }) => {
    const reason = checkEntry({ decode: decodeTrace }, store, key);
    return reason === null ? [] : [{ key, reason }];
  });
  await present(invocation, {
    json: () => ({ checked: entries.length, corrupt }),
    text: (style) =>
      corrupt.map(({ key, reason }) => `${style("red", "✗")} ${key}: ${reason}\n`).join("") +
      `${entries.length} entries checked, ${corrupt.length} corrupt\n`,
  });
  return corrupt.length === 0 ? 0 : 1;
}

async function prune(invocation: Invocation, store: DirectoryStore): Promise<ExitStatus> {
  const now = Date.now();
  const maximumBytes = invocation.value(maxSize);
  const maximumAge = invocation.value(maxAge);
  const gone = choosePruned(await store.entries(), {
    now,
    ...(maximumBytes === undefined ? {} : { maximumBytes }),
    ...(maximumAge === undefined ? {} : { maximumAge }),
  });
  const { temporaries, setAside } = await store.leftovers();
  const stale = [...setAside, ...temporaries.filter((file) => now - file.modifiedAt > staleAfter)];
  await removeAll(store, gone);
  for (const file of stale) await store.removeLeftover(file.path);
  await reportRemoved(invocation, gone, stale.length, bytesOf(gone) + bytesOf(stale));
  return 0;
}

async function clear(invocation: Invocation, store: DirectoryStore): Promise<ExitStatus> {
  const entries = await store.entries();
  const { setAside } = await store.leftovers();
  await removeAll(store, entries);
  for (const file of setAside) await store.removeLeftover(file.path);
  await reportRemoved(invocation, entries, setAside.length, bytesOf(entries) + bytesOf(setAside));
  return 0;
}

async function removeAll(store: DirectoryStore, entries: readonly StoredEntry[]): Promise<void> {
  for (const { key } of entries) await store.remove(key);
}

async function reportRemoved(
  invocation: Invocation,
  entries: readonly StoredEntry[],
  otherFiles: number,
  bytes: number,
): Promise<void> {
  await present(invocation, {
    json: () => ({ removed: entries.map(({ key }) => key), otherFiles, bytes }),
    text: () => `removed ${entries.length} entries and ${otherFiles} other files, ${readableSize(bytes)}\n`,
  });
}
