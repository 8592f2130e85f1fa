// docs/jax.md keeps its word: every name that it gives for here exists.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as autodiff from "../src/index.ts";

const text = readFileSync(new URL("../../../docs/jax.md", import.meta.url), "utf8");
interface Row {
  readonly names: readonly string[];
  readonly status: string;
  readonly line: string;
}

/** The rows of all tables with a column of that name. */
function statusRows(): Row[] {
  const found: Row[] = [];
  let inside = false;
  for (const line of text.split("\n")) {
    if (!line.startsWith("|")) inside = false;
    else if (line.startsWith("| JAX")) inside = line.includes("| status |");
    else if (inside && !line.startsWith("|---")) {
      const [, , here, status] = line.split("|").map((cell) => cell.trim());
      found.push({ names: Array.from(here.matchAll(/`([^`]+)`/g), (match) => match[1]), status, line });
    }
  }
  return found;
}

const rows = statusRows();

function lookUp(name: string): unknown {
  let found: unknown = autodiff;
  for (const part of name.split(".")) found = Reflect.get(Object(found), part);
  return found;
}

test("the table has rows of every status", () => {
  expect(rows.length).toBeGreaterThan(50);
  expect(new Set(rows.map((row) => row.status))).toEqual(new Set(["same", "differs", "absent"]));
});

test("names that are here exist, and absent ones have none", () => {
  for (const { names, status, line } of rows) {
    expect(names.length === 0, line).toBe(status === "absent");
    for (const name of names) {
      expect(typeof lookUp(name), `${name} in ${line}`).toBe("function");
    }
  }
});

test("every np and random function is in the table", () => {
  const named = new Set(rows.flatMap((row) => row.names));
  const missing = [
    ...Object.entries(autodiff.np).flatMap(([name, value]) =>
      typeof value === "function" ? [`np.${name}`] : [],
    ),
    ...Object.keys(autodiff.np.linalg).map((name) => `np.linalg.${name}`),
    ...Object.keys(autodiff.random).map((name) => `random.${name}`),
  ].filter((name) => !named.has(name) && name !== "random.splitList");
  expect(missing).toEqual([]);
});
