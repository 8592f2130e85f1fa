// Every misuse of a model has its own code.
import { NdArray, PhxError } from "@phxlang/autodiff";
import type { StopObservations } from "@phxlang/graph";
import { censoring, defineModel } from "@phxlang/graph";
import { expect, test } from "vitest";
import { makeModel, runtimeCodes } from "../src/index.ts";
import { gambler, hyperexponential, kingman, queue } from "./support/example-models.ts";

const coalescent = makeModel(kingman(4));
const game = makeModel(gambler(6, 2));

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(PhxError);
    return (error as PhxError).code;
  }
  return "no error";
}

const stops = (fields: Partial<StopObservations>): StopObservations => ({
  kind: "stop",
  count: 1,
  weights: null,
  covariates: null,
  sourceRows: Int32Array.of(17),
  times: Float64Array.of(1),
  uppers: null,
  censoring: Uint8Array.of(censoring.exact),
  causes: Int32Array.of(-1),
  entries: null,
  ...fields,
});

const closed = defineModel({
  state: ["k"],
  parameters: { in: { lower: 0 }, out: {} },
  start: [{ to: [0], probability: 1 }],
  stop: ([k]) => k === 2,
  transitions: ([k], { in: enter, out }) => [
    { to: [1 - k], rate: enter },
    { to: [2], rate: out },
  ],
});

const table: [string, string, () => unknown][] = [
  ["theta too long", "PHX900", () => coalescent.mean([1, 2])],
  ["theta of two axes", "PHX900", () => coalescent.mean([[1]])],
  ["theta not a number", "PHX901", () => coalescent.mean([Number.NaN])],
  ["theta infinite", "PHX901", () => coalescent.mean([Infinity])],
  ["theta below its bound", "PHX902", () => coalescent.mean([-1])],
  ["theta above its bound", "PHX902", () => makeModel(hyperexponential()).mean([1.5, 1, 1])],
  ["an unknown parameter", "PHX903", () => coalescent.mean({ rat: 1 })],
  ["an unknown reward", "PHX903", () => coalescent.reward("length")],
  ["a parameter without value", "PHX904", () => makeModel(closed).mean({ in: 1 })],
  ["an unknown covariate", "PHX905", () => coalescent.mean([1], { with: { age: 3 } })],
  ["an unknown cause", "PHX906", () => game.cdf([0.4], 3, { cause: "lost" })],
  ["a negative time", "PHX907", () => coalescent.pdf([1], [0.5, -1])],
  ["a time that is not a number", "PHX907", () => coalescent.pdf([1], Number.NaN)],
  ["an infinite time", "PHX907", () => coalescent.cdf([1], Infinity)],
  ["a negative transform argument", "PHX907", () => coalescent.laplace([1], -0.1)],
  ["half a step", "PHX908", () => game.pmf([0.4], 1.5)],
  ["a probability above 1", "PHX908", () => coalescent.quantile([1], 1.01)],
  ["a method that is not there", "PHX908", () => coalescent.pdf([1], 1, { method: "talbot" as "auto" })],
  ["a tolerance of 0", "PHX908", () => coalescent.pdf([1], 1, { tolerance: 0 })],
  ["half a moment", "PHX908", () => coalescent.moment([1], 0.5)],
  ["a density of a count", "PHX909", () => game.pdf([0.4], 1)],
  ["a probability of a time", "PHX909", () => coalescent.logPmf([1], 1)],
  ["a negative rate at this theta", "PHX702", () => makeModel(closed).mean([1, -0.5])],
  ["no default", "PHX511", () => makeModel(closed).defaults],
  ["no observations", "PHX985", () => coalescent.logLikelihood([1], [])],
  ["no rows", "PHX985", () => coalescent.logLikelihood([1], stops({ count: 0 }))],
  [
    "a negative time in the data",
    "PHX604",
    () => coalescent.logLikelihood([1], stops({ times: Float64Array.of(-3) })),
  ],
  [
    "an unknown cause in the data",
    "PHX605",
    () => game.logLikelihood([0.4], stops({ causes: Int32Array.of(2) })),
  ],
  [
    "an impossible row",
    "PHX606",
    () => game.logLikelihood([0.4], stops({ times: Float64Array.of(3), causes: Int32Array.of(1) })),
  ],
  [
    "half a step in the data",
    "PHX608",
    () => game.logLikelihood([0.4], stops({ times: Float64Array.of(2.5) })),
  ],
  [
    "an empty interval",
    "PHX604",
    () =>
      coalescent.logLikelihood(
        [1],
        stops({ censoring: Uint8Array.of(censoring.interval), uppers: Float64Array.of(1) }),
      ),
  ],
  [
    "epochs that do not increase",
    "PHX908",
    () => coalescent.epochs([{ until: 2, theta: [1] }, { until: 1, theta: [1] }, { theta: [1] }]),
  ],
  [
    "a reward far beyond the rates, by uniformization",
    "PHX805",
    () => coalescent.reward("tree_length").pdf([1e9], 1e9, { method: "uniformization" }),
  ],
  [
    "a key of three words",
    "PHX908",
    () => coalescent.sample(new NdArray(new Uint32Array(3), [3], "u32"), [1], 5),
  ],
];

test.each(table)("%s: %s", (_what, code, run) => {
  expect(codeOf(run)).toBe(code);
});

test("a reward of half units has moments, and says why it has no density", () => {
  const model = makeModel(
    defineModel({
      state: ["q"],
      parameters: { mu: { lower: 0 } },
      start: [{ to: [2], probability: 1 }],
      stop: ([q]) => q === 0,
      transitions: ([q], { mu }) => [{ to: [q - 1], rate: mu, event: "serve" }],
      rewards: { half: { on: "serve", value: 0.5 } },
    }),
  );
  expect(model.reward("half").mean([2]).item()).toBeCloseTo(1, 12);
  expect(codeOf(() => model.reward("half").pmf([2], 1))).toBe("PHX983");
  expect(codeOf(() => model.reward("half").pdf([2], 1))).toBe("PHX983");
});

test("messages name the state, the parameter, the row", () => {
  const message = (run: () => unknown): string => {
    try {
      run();
      return "";
    } catch (error) {
      return (error as PhxError).message;
    }
  };
  expect(message(() => makeModel(closed).mean([1, -0.5]))).toContain("from (k = 0) to (k = 2) is -0.5");
  expect(message(() => makeModel(queue(3)).mean([1, -1]))).toContain("mu");
  expect(message(() => coalescent.logLikelihood([1], stops({ times: Float64Array.of(-3) })))).toContain(
    "row 17",
  );
});

test("every code of this package that models throw is explained", () => {
  const explained = new Set(runtimeCodes.map(({ code }) => code));
  for (const [, code] of table) if (code.startsWith("PHX9")) expect(explained).toContain(code);
  for (const { title, explanation, repair } of runtimeCodes) {
    expect(title.length * explanation.length * repair.length).toBeGreaterThan(0);
  }
});
