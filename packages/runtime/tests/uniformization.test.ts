// Uniformization by name: against twice the precision, by tolerance, and whole tapes against checkpoints.
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { makeModel } from "../src/index.ts";
import { sweepKernels } from "../src/kernels/index.ts";
import { placeLanes } from "../src/kernels/lane-arrays.ts";
import { backwardSweep } from "../src/uniformization/backward-sweep.ts";
import type { Keeping } from "../src/uniformization/jet-tape.ts";
import { JetTape } from "../src/uniformization/jet-tape.ts";
import { LeftBlock } from "../src/uniformization/left-block.ts";
import { OperatorBlock } from "../src/uniformization/operator-block.ts";
import { kernelHost } from "../src/wasm/index.ts";
import { elementsOf, expectNear } from "./support/expectations.ts";
import { queue } from "./support/example-models.ts";
import { linearModel } from "./support/linear-model.ts";
import { randomChains } from "./support/random-chains.ts";
import { birthDeathRates, densityProblem, trueDensity } from "./support/time-problems.ts";

const byName = { method: "uniformization" } as const;

describe("densities of random chains, relative to the truth", () => {
  for (const [name, decades, isCyclic] of [
    ["cyclic", 1, true],
    ["without cycles", 1, false],
    ["of rates over twelve decades", 12, true],
  ] as const) {
    test.prop([randomChains(decades, isCyclic), fc.constantFrom(1e-3, 0.1, 1, 5)], { numRuns: 30 })(
      name,
      (chain, lives) => {
        const model = makeModel(linearModel(chain));
        const fastest = Math.max(
          ...chain.edges.map(({ base, coefficients }) =>
            coefficients.reduce((sum, c, p) => sum + c * chain.theta[p], base),
          ),
        );
        const time = (10 * lives) / fastest;
        const expected = trueDensity(chain, time);
        if (expected > 1e-290) expectNear(model.pdf(chain.theta, time, byName), expected, 1e-13);
      },
    );
  }
});

describe("tolerances", () => {
  const model = makeModel(queue(20));
  const theta = [0.8, 1];
  const times = [1, 50, 400];
  const explained = (tolerance: number) => model.explain.pdf(theta, times, { ...byName, tolerance });

  test("a looser one takes fewer steps and reports what is left out", () => {
    const [exact, loose, looser] = [1e-12, 1e-6, 1e-2].map(explained);
    const work = [exact, loose, looser].map(({ methods: [{ work: steps }] }) => steps);
    expect(work[1]).toBeLessThan(work[0]);
    expect(work[2]).toBeLessThan(work[1]);
    for (const [i, tolerance] of [1e-12, 1e-6, 1e-2].entries()) {
      const { errorEstimate } = [exact, loose, looser][i];
      expect(errorEstimate).toBeGreaterThan(0);
      expect(errorEstimate).toBeLessThanOrEqual(tolerance);
    }
  });

  test("the error is within what is reported", () => {
    const exact = elementsOf(explained(1e-12).value);
    for (const tolerance of [1e-8, 1e-4, 0.1]) {
      const { value, errorEstimate } = explained(tolerance);
      expectNear(value, exact, errorEstimate + 1e-15);
    }
  });
});

describe("tapes", () => {
  const rows = 30;
  const problem = densityProblem(rows, birthDeathRates(rows, 2, 3, 1), [1]);
  const steps = 240;

  /** The sweep and the way back: everything that comes out, and the bytes that were kept. */
  function run(keeping: Keeping, segmentSteps: number): { numbers: number[]; bytes: number } {
    const arena = kernelHost().arena();
    const { pattern, slots, left: leftVector, right } = problem;
    const operator = new OperatorBlock(arena, pattern, 1);
    operator.gather(0, slots, 1 / 6, 1);
    const left = new LeftBlock(arena, [leftVector], 1, rows);
    const tape = new JetTape({
      kernels: sweepKernels,
      arena,
      operators: [operator],
      start: [placeLanes(arena, [right])],
      rowCount: rows,
      lanes: 1,
      left,
      segmentSteps,
      keeping,
    });
    tape.advance(100);
    tape.advance(steps - 100);
    const slotGradient = new Float64Array(pattern.slotCount);
    const leftGradient = new Float64Array(rows);
    const [start] = backwardSweep({
      kernels: sweepKernels,
      arena,
      pattern,
      operators: [operator],
      tape,
      steps,
      exponents: tape.exponents,
      leftCount: 1,
      stepWeights: [Float64Array.from({ length: steps + 1 }, (_, k) => Math.sin(k))],
      lanes: [{ scale: 1, left: [leftVector], slotParts: [slotGradient], leftParts: [leftGradient] }],
    });
    const numbers = [...tape.sums, ...slotGradient, ...leftGradient, ...(start[0] ?? [])];
    const bytes = tape.byteCount;
    arena.release();
    return { numbers, bytes };
  }

  test("checkpoints give the bits of a whole tape in a fraction of its memory", () => {
    const whole = run("everything", 240);
    for (const segmentSteps of [16, 24, 64]) {
      const thin = run("checkpoints", segmentSteps);
      expect(thin.numbers).toEqual(whole.numbers);
      expect(thin.bytes).toBeLessThan(whole.bytes / 10);
    }
    expect(run("everything", 16).numbers).toEqual(whole.numbers);
  });
});
