// Lumping: the same numbers from fewer rows, for everything that a model computes, and off where it must be.
import { fc, test } from "@fast-check/vitest";
import { readFileSync } from "node:fs";
import { NdArray } from "@phxlang/autodiff";
import { describe, expect } from "vitest";
import { censoring, compile, defineModel, grad, hessian, jit, np, random, vmap } from "../src/index.node.ts";
import type { Model, Observations, Value } from "../src/index.node.ts";
import { phx, root } from "./run-phx.ts";

interface Pair {
  readonly lumped: Model;
  readonly plain: Model;
}

function example(name: string, constants: Record<string, number> = {}): Pair {
  const text = readFileSync(`${root}examples/${name}.phx`, "utf8");
  const options = { source: name, constants };
  return { lumped: compile(text, options), plain: compile(text, { ...options, lumping: false }) };
}

function numbers(value: Value): number[] {
  if (!(value instanceof NdArray)) throw new Error("a traced value");
  return Array.from(value.elements, Number);
}

/** Equal to 1e-11 relative; numbers that nearly cancel, to 1e-13 of the largest. */
function expectClose(found: Value, expected: Value): void {
  const [a, b] = [numbers(found), numbers(expected)];
  expect(a.length).toBe(b.length);
  const largest = Math.max(...b.map((x) => (Number.isFinite(x) ? Math.abs(x) : 0)));
  for (const [i, x] of a.entries()) {
    if (x === b[i] || (Number.isNaN(x) && Number.isNaN(b[i]))) continue;
    expect(Math.abs(x - b[i])).toBeLessThanOrEqual(1e-11 * Math.abs(b[i]) + 1e-13 * largest);
  }
}

const times = [0.1, 0.5, 1, 3];

/** Everything that may be computed on classes, and its derivatives. */
function agree({ lumped, plain }: Pair, theta: number[]): void {
  const both = (f: (model: Model) => Value): void => expectClose(f(lumped), f(plain));
  both((model) => model.moments(theta, 3));
  both((model) => model.pdf(theta, times));
  both((model) => model.logPdf(theta, times));
  both((model) => model.cdf(theta, times));
  both((model) => model.survival(theta, times));
  both((model) => model.laplace(theta, [0.3, 2]));
  both((model) => model.quantile(theta, [0.2, 0.9]));
  both((model) => model.absorption(theta));
  both((model) => grad((at: Value) => model.mean(at))(np.array(theta)));
  both((model) => jit(grad((at: Value) => model.logPdf(at, times).sum()))(np.array(theta)));
  both((model) => hessian((at: Value) => model.variance(at))(np.array(theta)));
  both((model) => vmap((at: Value) => model.mean(at))(np.array([theta, theta.map((x) => 2 * x)])));
  for (const name of lumped.rewards) both((model) => model.reward(name).moments(theta, 2));
  both((model) => model.covariance(theta, model.rewards));
}

describe("models of the examples", () => {
  test("the block-counting coalescent becomes Kingman's, with the same law", () => {
    const { lumped, plain } = example("sfs", { n: 30 });
    expect([lumped.trace.rowCount, plain.trace.rowCount]).toEqual([29, 5603]);
    const kingman = example("kingman", { n: 30 }).plain;
    const theta = lumped.defaults;
    // Pairs of lineages coalesce at rate 1 there.
    expectClose(lumped.moments(theta, 3), kingman.moments([1], 3));
    expectClose(lumped.pdf(theta, times), kingman.pdf([1], times));
    expectClose(lumped.mean(theta), plain.mean(theta));
    expectClose(lumped.pdf(theta, times), plain.pdf(theta, times));
  });

  test.each(["sfs", "jsfs", "kingman", "rabbits", "arg", "isolation_migration", "k_of_n", "m_erlang_1"])(
    "%s: values, derivatives and rewards agree",
    (name) => {
      const pair = example(name);
      agree(pair, Array.from(pair.lumped.defaults.elements, Number));
    },
  );

  test("what is asked by state is computed by state: the same bits", () => {
    const { lumped, plain } = example("sfs", { n: 6 });
    const theta = lumped.defaults;
    const both = (f: (model: Model) => Value): void => expect(numbers(f(lumped))).toEqual(numbers(f(plain)));
    expect(lumped.trace.rowCount).toBeLessThan(plain.trace.rowCount);
    both((model) => model.stateProbabilities(theta, times));
    both((model) => model.occupancy(theta, times));
    both((model) => model.expectedVisits(theta));
    both((model) => model.expectedTimeIn(theta));
    both((model) => model.toMatrices(theta).matrix);
    both((model) => model.sample(random.key(4), theta, 50));
    expect(lumped.samplePath(random.key(4), theta)).toEqual(plain.samplePath(random.key(4), theta));
  });

  test("epochs of a lumped model agree too, and so do likelihoods of times", () => {
    const { lumped, plain } = example("sfs", { n: 7 });
    const theta = Array.from(lumped.defaults.elements, Number);
    const settings = [{ until: 0.3, theta }, { theta: theta.map((x) => 2 * x) }];
    const [one, other] = [lumped, plain].map((model) => model.epochs(settings));
    expectClose(one.moments(one.defaults, 2), other.moments(other.defaults, 2));
    expectClose(one.pdf(one.defaults, times), other.pdf(other.defaults, times));
    const data: Observations = {
      kind: "stop",
      count: 2,
      weights: null,
      covariates: null,
      sourceRows: Int32Array.of(1, 2),
      times: Float64Array.of(0.4, 1.5),
      uppers: null,
      censoring: Uint8Array.of(censoring.exact, censoring.right),
      causes: Int32Array.of(-1, -1),
      entries: null,
    };
    expectClose(lumped.logLikelihood(theta, data), plain.logLikelihood(theta, data));
  });
});

describe("the command", () => {
  test("info and trace say what was lumped, and --no-lumping lumps nothing", async () => {
    const info = await phx("phx info examples/sfs.phx --set n=10");
    expect(info.out).toMatch(/lumped to +9, classes of 41 states/);
    expect((await phx("phx trace examples/sfs.phx --set n=10")).out).toMatch(/rows +9, classes of 41 states/);
    const plain = await phx("phx info examples/sfs.phx --set n=10 --no-lumping");
    expect(plain.out).not.toContain("lumped");
    const { out } = await phx("phx trace examples/sfs.phx --set n=10 --no-lumping --json");
    expect(JSON.parse(out)).toMatchObject({ traces: [{ transientStates: 41, rows: 41 }] });
  });

  test("moments are the same with and without", async () => {
    const line = "phx moments examples/sfs.phx --set n=10 --grad";
    expect((await phx(`${line} --no-lumping`)).out).toBe((await phx(line)).out);
  });
});

/** A chain of classes, each of several states that divide the rates to another class differently among its states. */
const divided = fc
  .record({ classes: fc.integer({ min: 2, max: 5 }), copies: fc.integer({ min: 1, max: 4 }), seed: fc.nat() })
  .map(({ classes, copies, seed }) => {
    let state = seed >>> 0;
    const next = (limit: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    const count = Array.from({ length: classes }, () => 1 + next(copies));
    const moves: { from: number[]; to: number[]; parameter: number; amount: number }[] = [];
    for (let i = 0; i < classes; i++) {
      for (let j = 0; j < classes; j++) {
        for (let parameter = 0; parameter < 2; parameter++) {
          // Towards higher classes always, so that a stop is reached; whole numbers, divided at random.
          const total = i !== j && (j === i + 1 || next(2) === 0) ? 1 + next(6) : 0;
          for (let a = 0; a < count[i]; a++) {
            let left = total;
            for (let b = 0; b < count[j]; b++) {
              const amount = b + 1 === count[j] ? left : next(left + 1);
              left -= amount;
              if (amount > 0) moves.push({ from: [i, a], to: [j, b], parameter, amount });
            }
          }
        }
      }
    }
    return { classes, moves, pays: Array.from({ length: classes }, () => next(4)) };
  });

test.prop(
  [
    divided,
    fc.tuple(fc.double({ min: 0.2, max: 5, noNaN: true }), fc.double({ min: 0.2, max: 5, noNaN: true })),
  ],
  {
    numRuns: 40,
  },
)("chains that can be lumped: at most as many rows as classes, and the same numbers", (chain, theta) => {
  const build = (lumping: boolean): Model =>
    defineModel(
      {
        state: ["class", "copy"],
        parameters: { p: { lower: 0 }, q: { lower: 0 } },
        start: () => [{ to: [0, 0], probability: 1 }],
        transitions: ([i, a], { p, q }) =>
          chain.moves
            .filter(({ from }) => from[0] === i && from[1] === a)
            .map(({ to, parameter, amount }) => ({ to, rate: (parameter === 0 ? p : q).mul(amount) })),
        stop: ([i]) => i === chain.classes - 1,
        rewards: { paid: ([i]) => chain.pays[i] },
      },
      { lumping },
    );
  const pair = { lumped: build(true), plain: build(false) };
  expect(pair.lumped.trace.rowCount).toBeLessThan(chain.classes);
  agree(pair, theta);
});

test("a negative rate is found although the state that has it is represented by another", () => {
  const build = (lumping: boolean): Model =>
    defineModel(
      {
        state: ["place"],
        parameters: { p: {}, q: {} },
        start: () => [
          { to: [0], probability: 0.5 },
          { to: [1], probability: 0.5 },
        ],
        // Place 1 leads to the two ends at p − q and q: in sum like place 0, which leads to one of them at p.
        transitions: ([place], { p, q }) =>
          place === 0
            ? [{ to: [2], rate: p }]
            : place === 1
              ? [
                  { to: [2], rate: p.sub(q) },
                  { to: [3], rate: q },
                ]
              : place < 4
                ? [{ to: [4], rate: p }]
                : [],
      },
      { lumping },
    );
  const [lumped, plain] = [build(true), build(false)];
  expect(lumped.trace.rowCount).toBeLessThan(plain.trace.rowCount);
  expectClose(lumped.mean([2, 1]), plain.mean([2, 1]));
  for (const model of [lumped, plain]) {
    expect(() => model.mean([2, 3])).toThrow(/PHX702.*place = 1.*place = 2/s);
    expect(() => model.mean([2, -1])).toThrow(/PHX702/);
  }
});
