// Tests of every case of vectors/transforms.json on WebGPU, at the tolerance of a precision.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { runners } from "../../../autodiff/tests/vectors/runners.ts";
import { numbersOf } from "../../../autodiff/tests/vectors/vector-case.ts";
import type { Precision } from "../../src/index.ts";
import type { VectorOutcome } from "./run-vectors.ts";

interface Vector {
  readonly id: string;
  readonly rtol?: number;
  readonly atol?: number;
  readonly expected?: unknown;
  readonly error?: { readonly kind: string };
}

const file = new URL("../../../../vectors/transforms.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { readonly cases: readonly Vector[] };

/** Relative, and absolute for what is a difference of numbers of about 1. */
const tolerances: Readonly<Record<Precision, readonly [number, number]>> = {
  f32: [3e-5, 3e-7],
  f64x: [1e-11, 1e-13],
};

/** What a precision refuses, and by which words. */
const refused: Readonly<Record<Precision, Readonly<Record<string, string>>>> = {
  // The loop stops where a difference is below 1e-12, which single floats never reach.
  f32: { "newton.sqrt": "PHX965: a loop went on for more than 100000 turns" },
  f64x: {},
};

type Run = (mode: "eager" | "jitted") => Promise<Readonly<Record<string, VectorOutcome>>>;

/** Defines a test for each case, eager (every equation by itself) and jitted. */
export function checkVectors(precision: Precision, run: Run): void {
  describe.each(["eager", "jitted"] as const)(`${precision}, %s`, (mode) => {
    let outcomes: Readonly<Record<string, VectorOutcome>>;
    beforeAll(async () => {
      outcomes = await run(mode);
    }, 240_000);

    test.each(cases.map((vector) => [vector.id, vector] as const))("%s", (id, vector) => {
      const runner = runners[id];
      const outcome = outcomes[id];
      const failure = runner.throws ?? refused[precision][id];
      if (failure !== undefined) {
        expect("error" in outcome ? outcome.error : outcome).toContain(failure);
        return;
      }
      if ("error" in outcome) throw new Error(outcome.error);
      const expected = numbersOf(runner.expected ?? vector.expected);
      expect(outcome.numbers).toHaveLength(expected.length);
      const [relative, absolute] = tolerances[precision];
      outcome.numbers.map(Number).forEach((value, i) => {
        const wanted = expected[i];
        if (!Number.isFinite(wanted)) {
          expect(value).toBe(wanted);
          return;
        }
        const bound =
          Math.max(vector.rtol ?? 0, relative) * Math.abs(wanted) + Math.max(vector.atol ?? 0, absolute);
        expect(Math.abs(value - wanted), `value ${i}: ${value}, expected ${wanted}`).toBeLessThanOrEqual(
          bound,
        );
      });
    });
  });
}
