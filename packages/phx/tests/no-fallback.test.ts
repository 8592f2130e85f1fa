// Work or fail: no `catch` in the sources turns a failure into another answer.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "./run-phx.ts";

/**
 * Files with handlers that neither throw nor report, and why that is right. Everything else that catches must throw (the same
 * error or one that says more), reject, or report to the user.
 */
const quiet: Readonly<Record<string, string>> = {
  "packages/phx/src/commands/doctor.ts": "the failure is the answer: a line of the report says broken",
  "packages/phx/src/describe-system.node.ts": "the failure is the answer: a line of the report says absent",
  "packages/phx/src/sweep/result-files.ts":
    "a result that is damaged counts as absent: it is named by `phx gather` and made again by `phx sweep`",
  "packages/phx/src/files.node.ts": "null is turned into PHX404 or PHX601 by those who asked",
  "packages/runtime/src/workers/coordinator-link.ts": "the failure is carried to the caller, who throws it",
  "packages/runtime/src/workers/coordinator.ts": "the failure is carried to the page, which throws it",
  "packages/runtime/src/workers/thread.ts":
    "the failure of a chunk is written on the board, from which the leader throws it",
  "packages/runtime/src/workers/team.ts": "the failure of a chunk is carried to the leader, who throws it",
  "packages/testing/src/laws/describe-input.ts":
    "part of the report of a broken law: says that the model refuses these parameters",
  "packages/runtime/src/cache/disk-store.node.ts": "cleaning up, and counting hits where that is not allowed",
};

/** Bodies of the handlers of a file: what follows `catch (…)`, and functions given to `.catch(`. */
function handlers(source: string): readonly string[] {
  const bodies: string[] = [];
  for (const { 0: head, index } of source.matchAll(/\bcatch\s*(?:\((?:\w+(?:: \w+)?)\)\s*)?\{|\.catch\(/g)) {
    const opening = head.endsWith("(") ? "(" : "{";
    const closing = opening === "(" ? ")" : "}";
    let depth = 1;
    let end = index + head.length;
    for (; depth > 0; end++) depth += source[end] === opening ? 1 : source[end] === closing ? -1 : 0;
    bodies.push(source.slice(index + head.length, end));
  }
  return bodies;
}

const files = readdirSync(`${root}packages`).flatMap((name) =>
  (readdirSync(`${root}packages/${name}/src`, { recursive: true }) as string[])
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `packages/${name}/src/${path.replaceAll("\\", "/")}`),
);

test("handlers throw or report, and those that do not are known", () => {
  const silent = files.filter((path) =>
    handlers(readFileSync(root + path, "utf8")).some((body) => !/\bthrow\b|\breject\b|report/i.test(body)),
  );
  expect(silent.sort()).toEqual(Object.keys(quiet).sort());
});

test("the search sees what it must see", () => {
  const silent =
    "try { solve(); } catch { x = slowSolve(); }  p.catch(() => other()); try {} catch (e) { throw e; }";
  expect(handlers(silent).map((body) => /throw/.test(body))).toEqual([false, false, true]);
  expect(files.length).toBeGreaterThan(300);
});
