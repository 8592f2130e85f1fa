// Teams in trouble: threads that die, threads that never end, threads that cannot be started.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { Value } from "@phxlang/autodiff";
import { makePmap, NdArray, np, PhxError, vmap } from "@phxlang/autodiff";
import { openWorkers, runtimeCodes } from "../../src/index.node.ts";
import { Board } from "../../src/workers/board.ts";
import { hireThreads } from "../../src/workers/hire-threads.node.ts";
import { Team } from "../../src/workers/team.ts";
import { workersDevice } from "../../src/workers/workers-device.ts";

const fixture = (name: string): string => new URL(`./fixtures/${name}`, import.meta.url).href;

/** A member that takes a few milliseconds, so that other threads get their part. */
const slow = (x: Value): Value => {
  const row = np.arange(20_000).astype("f64").mul(x);
  return row.sin().mul(row.exp().tanh()).sum();
};
const members = (count: number): Value => np.array(Float64Array.from({ length: count }, (_, i) => i / count));

function numbers(value: Value): unknown {
  return value instanceof NdArray ? value.dataSync() : value;
}

function errorOf(run: () => unknown): PhxError | null {
  try {
    run();
  } catch (error) {
    if (error instanceof PhxError) return error;
    throw error;
  }
  return null;
}

/** Calls until it fails: threads take their time to come up. */
async function firstError(run: () => unknown): Promise<PhxError> {
  for (const end = performance.now() + 50_000; performance.now() < end;) {
    const error = errorOf(run);
    if (error !== null) return error;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("nothing was thrown");
}

describe("a thread that dies", () => {
  test.each([
    [40, "a fault of its own"],
    [41, "ended with code 7"],
  ])("with a job of %i members half done ends the call with the reason", async (count, reason) => {
    const team = new Team(hireThreads(fixture("dying-thread.mjs")));
    const pmap = makePmap(workersDevice(team, 2, Infinity));
    const error = await firstError(() => pmap(slow)(members(count)));
    expect(error.code).toBe("PHX973");
    expect(error.message).toContain(reason);
  });

  test("before the call, or cannot be started, is told by the next call; the one after has new threads", async () => {
    const team = new Team(hireThreads(fixture("no-such-thread.mjs")));
    const pmap = makePmap(workersDevice(team, 2, Infinity));
    const expected = pmap(slow)(members(8));
    const error = await firstError(() => pmap(slow)(members(8)));
    expect(error.code).toBe("PHX973");
    expect(error.message).toContain("no-such-thread.mjs");
    expect(numbers(pmap(slow)(members(8)))).toEqual(numbers(expected));
  });
});

describe("deadlines", () => {
  test("a thread that never ends", async () => {
    const team = new Team(hireThreads(fixture("dying-thread.mjs")));
    const pmap = makePmap(workersDevice(team, 2, 3));
    const error = await firstError(() => pmap(slow)(members(42)));
    expect(error.code).toBe("PHX974");
    expect(error.message).toContain("deadline of 3 s");
  });

  test("too much to do", () => {
    const pmap = makePmap(openWorkers({ threads: 2, deadline: 1e-4 }));
    expect(errorOf(() => pmap(slow)(members(64)))?.code).toBe("PHX974");
    const patient = makePmap(openWorkers({ threads: 2, deadline: 600 }));
    expect(numbers(patient(slow)(members(64)))).toEqual(numbers(vmap(slow)(members(64))));
  });
});

test("options that do not fit are refused", () => {
  for (const threads of [0, -1, 1.5, Number.NaN, 5000]) {
    expect(() => openWorkers({ threads })).toThrow("PHX976");
  }
  expect(() => openWorkers({ deadline: 0 })).toThrow("PHX976");
  expect(openWorkers({ threads: 3 })).toBe(openWorkers({ threads: 3 }));
});

test("the codes of threads are explained", () => {
  const codes = runtimeCodes.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(["PHX973", "PHX974", "PHX975", "PHX976"]));
});

test("the lowest of several failures is kept", () => {
  const board = new Board();
  board.close();
  expect(board.open({ program: 0, chunks: 5, admitted: 0 })).toBe(true);
  board.fail(3, "third");
  board.fail(1, "first");
  board.fail(2, "second");
  expect([board.failedChunk, board.reason, board.take()]).toEqual([1, "first", -1]);
  expect(board.finish(0)).toBe("done");
  expect(board.join(0)).toBe(-1);
});

test("a process ends without being told to", async () => {
  const script = fileURLToPath(new URL("./fixtures/ends-by-itself.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 50_000 });
  expect(stdout).toBe("done\n");
});
