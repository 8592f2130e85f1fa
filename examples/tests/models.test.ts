// Every example model is well formed, tidy, and evaluated somewhere.
import { readdirSync, readFileSync } from "node:fs";
import { test } from "@fast-check/vitest";
import { check } from "phxlang";
import { describe, expect } from "vitest";
import { example, numbers } from "./exact.ts";

const folder = new URL("../", import.meta.url);
const names = readdirSync(folder).filter((file) => file.endsWith(".phx"));

describe.each(names)("%s", (file) => {
  const text = readFileSync(new URL(file, folder), "utf8");

  test("has neither errors nor warnings", () => {
    expect(check(text, { source: file }).diagnostics).toEqual([]);
  });

  test("opens with a comment that says what it is", () => {
    expect(text).toMatch(/^# \S/);
  });

  test("runs as it stands: cdf and survival add up to 1", async () => {
    const model = await example(file.replace(".phx", ""));
    const times = model.kind === "discrete" ? [3, 10] : [0.5, 2];
    const below = numbers(model.cdf(model.defaults, times));
    const above = numbers(model.survival(model.defaults, times));
    for (const [index, value] of below.entries()) expect(value + above[index]).toBeCloseTo(1, 13);
    expect(model.mean(model.defaults).item()).toBeGreaterThan(0);
  });
});
