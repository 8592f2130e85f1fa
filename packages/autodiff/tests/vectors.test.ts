// Every case of vectors/transforms.json, eager and under jit, at its stated tolerance.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { errorCases } from "./vectors/errors.ts";
import { functionCases } from "./vectors/functions.ts";
import { transformCases } from "./vectors/transforms.ts";
import type { VectorCase } from "./vectors/vector-case.ts";
import { eager, jitted, numbersOf } from "./vectors/vector-case.ts";

interface Vector {
  readonly id: string;
  readonly group: string;
  readonly rtol?: number;
  readonly atol?: number;
  readonly expected?: unknown;
  readonly error?: { readonly kind: string };
}

const file = new URL("../../../vectors/transforms.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { readonly cases: readonly Vector[] };
const runners: Readonly<Record<string, VectorCase>> = { ...functionCases, ...transformCases, ...errorCases };

test("every case of the file has a runner, and no runner is left over", () => {
  expect(Object.keys(runners).sort()).toEqual(cases.map((vector) => vector.id).sort());
});

describe.each(cases.map((vector) => [vector.id, vector] as const))("%s", (id, vector) => {
  const runner = runners[id];
  test.each([
    ["eager", eager],
    ["under jit", jitted],
  ])("%s", (_mode, mode) => {
    if (vector.error !== undefined) {
      expect(runner.throws).toMatch(/^PHX\d+$/);
      expect(() => runner.run(mode)).toThrow(runner.throws);
      return;
    }
    const found = numbersOf(runner.run(mode));
    const expected = numbersOf(runner.expected ?? vector.expected);
    expect(found).toHaveLength(expected.length);
    found.forEach((value, i) => {
      const wanted = expected[i];
      if (Number.isFinite(wanted)) {
        const bound = (runner.absolute ?? vector.atol ?? 0) + (vector.rtol ?? 0) * Math.abs(wanted);
        expect(Math.abs(value - wanted), `value ${i}: ${value}, expected ${wanted}`).toBeLessThanOrEqual(
          bound,
        );
      } else expect(value).toBe(wanted);
    });
  });
});
