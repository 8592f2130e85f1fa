// The trace cache as users meet it: real processes, real directories, planted faults.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { spawnPhx } from "./run-phx.ts";
import type { Outcome } from "./run-phx.ts";
import { violations } from "./validate.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "phx-command-cache-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function run(line: string, environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return spawnPhx(line.split(" "), { PHX_CACHE: "on", PHX_CACHE_DIR: directory, ...environment });
}

async function sourceOf(line: string): Promise<string> {
  const { status, out } = await run(`trace ${line} --json`);
  expect(status).toBe(0);
  const document = JSON.parse(out) as { readonly traces: readonly { readonly source: string }[] };
  return document.traces[0].source;
}

const entries = (): string[] => readdirSync(directory).filter((name) => name.endsWith(".trace"));
const rabbits = "examples/rabbits.phx";

describe("a trace is recorded once", () => {
  test("the second process finds it, and there is one entry", async () => {
    expect(await sourceOf(rabbits)).toBe("recorded");
    expect(await sourceOf(rabbits)).toBe("cache");
    expect(entries()).toHaveLength(1);
    expect(await sourceOf(`${rabbits} --set n=3`)).toBe("recorded");
    expect(entries()).toHaveLength(2);
    expect(await sourceOf(`${rabbits} --no-cache`)).toBe("recorded");
  });

  test("comments and names of parameters are no part of the structure; constants are", async () => {
    const text = readFileSync(new URL("../../../examples/rabbits.phx", import.meta.url), "utf8");
    const write = (name: string, content: string): string => {
      writeFileSync(join(directory, name), content);
      return join(directory, name);
    };
    expect(await sourceOf(rabbits)).toBe("recorded");
    const renamed = text.replace(/\bflood_(left|right)\b/g, "deluge_$1").replace(/#.*/, "# Other words.");
    expect(renamed).not.toBe(text);
    expect(await sourceOf(write("renamed.phx", renamed))).toBe("cache");
    expect(await sourceOf(write("other.phx", text.replace(/@ /, "@ 2 * ")))).toBe("recorded");
  });

  test("lumped and unlumped traces of a model are two entries", async () => {
    const sfs = "examples/sfs.phx";
    expect(await sourceOf(sfs)).toBe("recorded");
    expect(await sourceOf(`${sfs} --no-lumping`)).toBe("recorded");
    expect(await sourceOf(sfs)).toBe("cache");
    expect(entries()).toHaveLength(2);
  });

  test("other parameter values need no other trace", async () => {
    await run(`moments ${rabbits}`);
    await run(`moments ${rabbits} --theta 3,5`);
    expect(entries()).toHaveLength(1);
  });

  test("processes that start together agree and leave one entry", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => run(`moments ${rabbits} --json --grad`)),
    );
    expect(new Set(outcomes.map(({ out }) => out)).size).toBe(1);
    expect(outcomes.map(({ status, err }) => [status, err])).toEqual(outcomes.map(() => [0, ""]));
    expect(entries()).toHaveLength(1);
  });

  test("a cold cache, a warm one, another directory and none give the same bits", async () => {
    const line = `pdf examples/sfs.phx --times 0.1,1 --json --grad`;
    const cold = await run(line);
    const warm = await run(line);
    const elsewhere = await run(line, { PHX_CACHE_DIR: join(directory, "other") });
    const off = await run(line, { PHX_CACHE: "off" });
    for (const { out } of [warm, elsewhere, off]) expect(out).toBe(cold.out);
    const [name] = entries();
    const other = readFileSync(join(directory, "other", name));
    expect(Buffer.compare(other, readFileSync(join(directory, name)))).toBe(0);
  });
});

describe("work or fail", () => {
  test("a damaged entry is reported, set aside and recorded again; the result is the same", async () => {
    const good = await run(`moments ${rabbits} --json`);
    const path = join(directory, entries()[0]);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] ^= 4;
    writeFileSync(path, bytes);
    const after = await run(`moments ${rabbits} --json`);
    expect([after.status, after.out]).toEqual([0, good.out]);
    expect(after.err).toContain("warning[PHX962]");
    expect(after.err).toContain(".bad");
    expect(readdirSync(directory).filter((name) => name.endsWith(".bad"))).toHaveLength(1);
    expect(await sourceOf(rabbits)).toBe("cache");
  });

  test("a directory that cannot be written is said once, and the result stands", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    const { status, out, err } = await run(`moments ${rabbits}`, { PHX_CACHE_DIR: join(file, "cache") });
    expect(status).toBe(0);
    expect(out).toContain("0.503827");
    expect(err.match(/PHX960/g)).toHaveLength(1);
    expect(err).toContain(join(file, "cache"));
  });

  test("a full disk is said once, and the result stands", async () => {
    const preload = new URL("../../runtime/tests/cache/fixtures/plant-fault.mjs", import.meta.url).href;
    const planted = { NODE_OPTIONS: `--import ${preload}`, PHX_FAULT: "writeFile:ENOSPC" };
    const { status, out, err } = await run(`moments ${rabbits}`, planted);
    expect(status).toBe(0);
    expect(out).toContain("0.503827");
    expect(err.match(/warning\[PHX960\]/g)).toHaveLength(1);
    expect(err).toContain("ENOSPC");
    expect(readdirSync(directory)).toEqual([]);
  });

  test("without traces a model with parameters fails, and says why", async () => {
    const { status, out, err } = await run(`moments ${rabbits}`, { PHX_DISABLE_TRACE: "1" });
    expect(status).not.toBe(0);
    expect(out).toBe("");
    expect(err).toContain("error[PHX955]");
    expect(err).toContain("PHX_DISABLE_TRACE");
  });

  test("an elimination beyond its budget is an error with the numbers and the options that raise it", async () => {
    const { status, out, err } = await run("moments examples/rabbits.phx --set n=30 --max-operations 100");
    expect([status, out]).toEqual([3, ""]);
    expect(err).toMatch(/error\[PHX950\].*496 states, 1,\d+ edges and 2 parameters/);
    expect(err).toMatch(/more than \d+ operations and \d+ non-zeros/);
    expect(err).toContain("--max-operations");
    expect(entries()).toEqual([]);
  });

  test("a state space without end is refused in bounded time, with the state that it was at", async () => {
    const { status, err } = await run(`moments ${rabbits} --set n=1000 --max-states 500`);
    expect(status).toBe(1);
    expect(err).toContain("PHX707");
  });
});

/** A real limit on what a process may allocate; Linux has one that leaves the reserved address space of engines alone. */
describe.skipIf(process.platform !== "linux")("too little memory", () => {
  test("is an error that says how large the model is and what to do", async () => {
    const text =
      "model box\nconst n = 210\nparam rate > 0 = 1\nstate a in 0..n\nstate b in 0..n\nstate c in 0..n\n" +
      "start: a = 0\nstop when a + b + c == 3 * n\nevent x when a < n: a += 1 @ rate\n" +
      "event y when b < n: b += 1 @ rate\nevent z when c < n: c += 1 @ rate\n";
    const file = join(directory, "box.phx");
    writeFileSync(file, text);
    const program = fileURLToPath(new URL("../bin/phx.mjs", import.meta.url));
    const { status, err } = await limited(250_000, [program, "moments", file, "--no-cache"]);
    expect(err).toContain("error[PHX956]");
    expect(err).toMatch(/states.*parameters: 1/s);
    expect(err).not.toContain("    at ");
    expect(status).not.toBe(0);
  });

  function limited(kibibytes: number, words: readonly string[]): Promise<Outcome> {
    // Small young generations: the engine must not be the first to find no memory.
    const line = `ulimit -d ${kibibytes} && exec "$0" --max-semi-space-size=1 "$@"`;
    return new Promise((finish) => {
      execFile("bash", ["-c", line, process.execPath, ...words], (error, out, err) => {
        finish({ status: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }
});

describe("phx cache", () => {
  const document = async (line: string, status = 0): Promise<unknown> => {
    const outcome = await run(`cache ${line} --json`);
    expect(outcome.status).toBe(status);
    const parsed: unknown = JSON.parse(outcome.out);
    expect(violations("cache", outcome.out)).toBe("");
    return parsed;
  };

  test("tells where, how much and what; verifies; prunes; clears", async () => {
    await run(`moments ${rabbits}`);
    await run(`moments ${rabbits}`);
    await run(`moments examples/kingman.phx`);
    expect(await document("path")).toEqual({ path: directory });
    expect(await document("stats")).toMatchObject({ entries: 2, hits: 1, setAside: 0 });
    expect(await document("list")).toHaveLength(2);
    expect(await document("verify")).toEqual({ checked: 2, corrupt: [] });
    const [name] = entries();
    writeFileSync(join(directory, name), "not a trace");
    expect(await document("verify", 1)).toMatchObject({ checked: 2, corrupt: [{ key: name.slice(0, 64) }] });
    expect(await document("prune --max-size 1B")).toMatchObject({ otherFiles: 0 });
    expect(entries()).toEqual([]);
    await run(`moments ${rabbits}`);
    await document("clear");
    expect(entries()).toEqual([]);
  });

  test("an action that does not exist, and a cache that is off, are errors", async () => {
    const unknown = await run("cache verfy");
    expect([unknown.status, unknown.out]).toEqual([2, ""]);
    expect(unknown.err).toContain("did you mean `phx cache verify`?");
    const off = await run("cache stats", { PHX_CACHE: "off" });
    expect(off.err).toContain("PHX963");
  });
});
