// Long work: watched, interrupted, written down, taken up again with the same bits.
import { PhxError, random } from "@phxlang/autodiff";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, vi } from "vitest";
import type { Checkpoint, FitRun } from "../src/index.ts";
import { follow, readCheckpoint, startFit, writeCheckpoint } from "../src/index.ts";
import { erlang, observations } from "./support/models.ts";

const model = erlang(2, { law: "gamma", args: [2, 1] });
const data = observations([0.5, 1.2, 2.2, 0.9]);
const key = random.key(8);
const nuts = { data, key, chains: 2, warmup: 30, draws: 12 };
const svgd = { data, key, particles: 10, iterations: 12, annealing: 0.3 };

const starts = {
  nuts: (resume?: Checkpoint) => startFit.nuts(model, { ...nuts, ...(resume && { resume }) }),
  svgd: (resume?: Checkpoint) => startFit.svgd(model, { ...svgd, ...(resume && { resume }) }),
};

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof PhxError) return error.code;
    throw error;
  }
  return "none";
}

function finish<F>(run: FitRun<F>): F {
  while (run.step() !== null);
  return run.result();
}

describe.each(["nuts", "svgd"] as const)("%s", (method) => {
  test("resumed from any checkpoint ends with the bits of an uninterrupted run", () => {
    const whole = finish<unknown>(starts[method]());
    for (const steps of [1, 7, 11]) {
      const run = starts[method]();
      for (let i = 0; i < steps; i++) run.step();
      expect(codeOf(() => run.result())).toBe("PHX838");
      const text = writeCheckpoint(run.checkpoint());
      expect(finish<unknown>(starts[method](readCheckpoint(text)))).toEqual(whole);
    }
  });

  test("progress goes up to the whole", () => {
    const run = starts[method]();
    let done = 0;
    let last = { done: 0, total: 1 };
    for (let progress = run.step(); progress !== null; progress = run.step()) {
      expect(progress.done).toBeGreaterThanOrEqual(done);
      ({ done } = progress);
      last = progress;
    }
    expect(last.done).toBe(last.total);
  });
});

test("a checkpoint of other conditions, or a damaged one, is refused", () => {
  const run = starts.nuts();
  run.step();
  const checkpoint = run.checkpoint();
  const text = writeCheckpoint(checkpoint);
  expect(codeOf(() => readCheckpoint(text.slice(0, -9)))).toBe("PHX839");
  expect(codeOf(() => readCheckpoint(text.replace("refusals", "refusal")))).toBe("PHX839");
  expect(codeOf(() => starts.svgd(checkpoint))).toBe("PHX840");
  expect(codeOf(() => startFit.nuts(model, { ...nuts, draws: 13, resume: checkpoint }))).toBe("PHX840");
  expect(codeOf(() => startFit.nuts(model, { ...nuts, tolerance: 1e-10, resume: checkpoint }))).toBe(
    "PHX840",
  );
  expect(
    codeOf(() => startFit.nuts(erlang(3, model.parameters[0].prior), { ...nuts, resume: checkpoint })),
  ).toBe("PHX840");
  expect(
    codeOf(() => startFit.nuts(model, { ...nuts, data: observations([1, 2]), resume: checkpoint })),
  ).toBe("PHX840");
  expect(codeOf(() => startFit.nuts(model, { ...nuts, key: random.key(9), resume: checkpoint }))).toBe(
    "PHX840",
  );
});

test("an aborted run says where it stopped, and its checkpoint goes on from there", async () => {
  const controller = new AbortController();
  const saved: Checkpoint[] = [];
  const run = starts.svgd();
  for await (const progress of follow(run, { signal: controller.signal, save: (c) => saved.push(c) })) {
    expect(progress.total).toBe(12);
    controller.abort();
  }
  if (saved.length > 0) expect(finish(starts.svgd(saved[0]))).toEqual(finish(run));
  else expect(run.result().method).toBe("svgd");
});

test.prop(
  [
    fc.integer({ min: 1, max: 12 }),
    fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 40, maxLength: 40 }),
  ],
  { numRuns: 50 },
)("whatever the clock says, every watcher sees the last step", async (total, milliseconds) => {
  let now = 0;
  let read = 0;
  const clock = vi
    .spyOn(performance, "now")
    .mockImplementation(() => (now += milliseconds[read++ % milliseconds.length]));
  let done = 0;
  const run: FitRun<number> = {
    step: () => (done === total ? null : { done: ++done, total, stage: "iteration", facts: {} }),
    checkpoint: () => expect.fail("nothing asks for a checkpoint"),
    result: () => done,
  };
  const seen: number[] = [];
  try {
    for await (const progress of follow(run)) seen.push(progress.done);
  } finally {
    clock.mockRestore();
  }
  expect(seen.at(-1)).toBe(total);
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
});

test("options out of range are refused before any work", () => {
  for (const wrong of [{ chains: 0 }, { draws: 1.5 }, { targetAcceptance: 1 }, { maximumDepth: 0 }]) {
    expect(codeOf(() => startFit.nuts(model, { ...nuts, ...wrong }))).toBe("PHX842");
  }
  for (const wrong of [{ particles: 1 }, { learningRate: 0 }, { annealing: 1 }]) {
    expect(codeOf(() => startFit.svgd(model, { ...svgd, ...wrong }))).toBe("PHX842");
  }
});
