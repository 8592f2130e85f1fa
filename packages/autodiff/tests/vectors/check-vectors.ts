// Tests of every case of vectors/transforms.json at its stated tolerance, in any mode.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Jit } from "../../src/index.ts";
import { runners } from "./runners.ts";
import type { Mode, VectorCase } from "./vector-case.ts";
import { numbersOf } from "./vector-case.ts";

interface Vector {
  readonly id: string;
  readonly group: string;
  readonly rtol?: number;
  readonly atol?: number;
  readonly expected?: unknown;
  readonly error?: { readonly kind: string };
}

const file = new URL("../../../../vectors/transforms.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { readonly cases: readonly Vector[] };

test("every case of the file has a runner, and no runner is left over", () => {
  expect(Object.keys(runners).sort()).toEqual(cases.map((vector) => vector.id).sort());
});

/** Defines one test for each case and each of the named modes. */
export function testVectors(modes: readonly (readonly [name: string, mode: Mode, jit: Jit])[]): void {
  describe.each(cases.map((vector) => [vector.id, vector] as const))("%s", (id, vector) => {
    test.each(modes)("%s", (_name, mode, jit) => checkVector(vector, runners[id], mode, jit));
  });
}

function checkVector(vector: Vector, runner: VectorCase, mode: Mode, jit: Jit): void {
  if (vector.error !== undefined) {
    expect(runner.throws).toMatch(/^PHX\d+$/);
    expect(() => runner.run(mode, jit)).toThrow(runner.throws);
    return;
  }
  const found = numbersOf(runner.run(mode, jit));
  const expected = numbersOf(runner.expected ?? vector.expected);
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => {
    const wanted = expected[i];
    if (!Number.isFinite(wanted)) {
      expect(value).toBe(wanted);
      return;
    }
    const bound = (runner.absolute ?? vector.atol ?? 0) + (vector.rtol ?? 0) * Math.abs(wanted);
    const message = `value ${i}: ${value}, expected ${wanted}`;
    expect(Math.abs(value - wanted), message).toBeLessThanOrEqual(bound);
  });
}
