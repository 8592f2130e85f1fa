// Log-likelihoods of stops, rewards and panels, against the laws they are made of.
import type { Value } from "@phxlang/autodiff";
import { grad, jacrev, NdArray } from "@phxlang/autodiff";
import type { Observations, PathObservations, StopObservations } from "@phxlang/graph";
import { censoring, defineModel } from "@phxlang/graph";
import { expect, test } from "vitest";
import { jit, makeModel } from "../src/index.ts";
import { elementsOf, expectNear } from "./support/expectations.ts";
import { epidemic, gambler, illnessDeath, queue } from "./support/example-models.ts";

type Row = {
  time: number;
  kind?: number;
  upper?: number;
  cause?: number;
  entry?: number;
  limit?: number;
  weight?: number;
  covariates?: number[];
};

function stops(rows: readonly Row[]): StopObservations {
  const distinct = [...new Set(rows.map(({ covariates }) => JSON.stringify(covariates ?? null)))];
  const hasCovariates = rows.some(({ covariates }) => covariates !== undefined);
  return {
    kind: "stop",
    count: rows.length,
    weights: rows.some(({ weight }) => weight !== undefined)
      ? Float64Array.from(rows, ({ weight }) => weight ?? 1)
      : null,
    covariates: hasCovariates
      ? {
          values: distinct.map((text) => Float64Array.from(JSON.parse(text) as number[])),
          rows: Int32Array.from(rows, ({ covariates }) =>
            distinct.indexOf(JSON.stringify(covariates ?? null)),
          ),
        }
      : null,
    sourceRows: Int32Array.from(rows, (_, i) => i + 1),
    times: Float64Array.from(rows, ({ time }) => time),
    uppers: Float64Array.from(rows, ({ upper }) => upper ?? 0),
    censoring: Uint8Array.from(rows, ({ kind }) => kind ?? censoring.exact),
    causes: Int32Array.from(rows, ({ cause }) => cause ?? -1),
    entries: Float64Array.from(rows, ({ entry }) => entry ?? 0),
    limits: Float64Array.from(rows, ({ limit }) => limit ?? Infinity),
  };
}

const service = makeModel(queue(4));
const theta = [0.8, 1];

test("exact, censored, truncated and weighted rows", () => {
  const rows: Row[] = [
    { time: 3 },
    { time: 3 },
    { time: 10, kind: censoring.right },
    { time: 7, kind: censoring.left },
    { time: 2, kind: censoring.interval, upper: 2.5 },
    { time: 90, kind: censoring.interval, upper: 90.001 },
    { time: 9, kind: censoring.interval, upper: Infinity },
    { time: 12, entry: 4, weight: 2.5 },
  ];
  const at = (name: "logPdf" | "logSurvival" | "cdf" | "survival", t: number): number =>
    service[name](theta, t).item();
  const expected =
    2 * at("logPdf", 3) +
    at("logSurvival", 10) +
    Math.log(at("cdf", 7)) +
    Math.log(at("cdf", 2.5) - at("cdf", 2)) +
    Math.log(at("survival", 90) - at("survival", 90.001)) +
    at("logSurvival", 9) +
    2.5 * (at("logPdf", 12) - at("logSurvival", 4));
  expectNear(service.logLikelihood(theta, stops(rows)), expected, 1e-10);
});

test("rows of several tables add up, and derivatives are those of the sum", () => {
  const first = stops([{ time: 3 }, { time: 5, kind: censoring.right }]);
  const second = stops([{ time: 4 }]);
  const both = service.logLikelihood(theta, [first, second]).item();
  expectNear(service.logLikelihood(theta, first), both - service.logLikelihood(theta, second).item(), 1e-14);
  const at = new NdArray(Float64Array.from(theta), [2], "f64");
  const loss = (x: Value): Value => service.logLikelihood(x, [first, second]);
  const parts = (x: Value): Value => service.logPdf(x, [3, 4]).sum().add(service.logSurvival(x, 5));
  expectNear(grad(loss)(at), elementsOf(grad(parts)(at)), 1e-12);
  expectNear(jit(grad(loss))(at), elementsOf(grad(parts)(at)), 1e-12);
  expectNear(jacrev(grad(loss))(at), elementsOf(jacrev(grad(parts))(at)), 1e-10);
});

test("competing causes, in discrete time", () => {
  const game = makeModel(gambler(5, 2));
  const rows: Row[] = [
    { time: 2, cause: 0 },
    { time: 3, cause: 1 },
    { time: 6, kind: censoring.right },
    { time: 4, kind: censoring.left, cause: 0 },
    { time: 1, kind: censoring.interval, upper: 6, cause: 1 },
  ];
  const by = (cause: string, t: number): number => game.cdf([0.4], t, { cause }).item();
  const expected =
    game.logPmf([0.4], 2, { cause: "ruined" }).item() +
    game.logPmf([0.4], 3, { cause: "rich" }).item() +
    game.logSurvival([0.4], 6).item() +
    Math.log(by("ruined", 4)) +
    Math.log(by("rich", 6) - by("rich", 1));
  expectNear(game.logLikelihood([0.4], stops(rows)), expected, 1e-13);
});

test("covariates: rows with equal values share one evaluation", () => {
  const model = makeModel(
    defineModel({
      state: ["k"],
      parameters: { rate: { lower: 0 }, effect: {} },
      covariates: { treated: 0 },
      start: [{ to: [1], probability: 1 }],
      transitions: ([k], { rate, effect, treated }) =>
        k === 1 ? [{ to: [0], rate: rate.mul(effect.mul(treated).neg().exp()) }] : [],
    }),
  );
  const rows: Row[] = [
    { time: 1, covariates: [0] },
    { time: 2, covariates: [1] },
    { time: 3, kind: censoring.right, covariates: [1] },
  ];
  const [rate, effect] = [0.5, 0.7];
  const slow = rate * Math.exp(-effect);
  const expected = Math.log(rate) - rate + Math.log(slow) - slow * 2 - slow * 3;
  expectNear(model.logLikelihood([rate, effect], stops(rows)), expected, 1e-13);
  expectNear(model.mean([rate, effect]), 1 / rate, 1e-14);
  expectNear(model.mean([rate, effect], { with: { treated: 1 } }), 1 / slow, 1e-14);
  const inCovariate = grad((x: Value) => model.mean([rate, effect], { with: { treated: x } }));
  expectNear(inCovariate(new NdArray(Float64Array.of(1), [], "f64")), effect / slow, 1e-12);
});

test("accumulated rewards", () => {
  const model = makeModel(epidemic(6));
  const data: Observations = {
    kind: "reward",
    reward: "infectious_days",
    count: 2,
    weights: null,
    covariates: null,
    sourceRows: Int32Array.of(1, 2),
    values: Float64Array.of(1.5, 4),
  };
  const days = model.reward("infectious_days");
  const expected = elementsOf(days.logPdf([2, 1], [1.5, 4])).reduce((sum, x) => sum + x, 0);
  expectNear(model.logLikelihood([2, 1], data), expected, 1e-14);
  const counted: Observations = { ...data, reward: "cases", values: Float64Array.of(0, 3) };
  const cases = elementsOf(model.reward("cases").logPmf([2, 1], [0, 3])).reduce((sum, x) => sum + x, 0);
  expectNear(model.logLikelihood([2, 1], counted), cases, 1e-14);
});

function panel(
  rows: { subject: number; time: number; values: number[]; exact?: boolean }[],
  cells: number[],
): PathObservations {
  const offsets = [0];
  for (const [i, { subject }] of rows.entries())
    if (i > 0 && subject !== rows[i - 1].subject) offsets.push(i);
  return {
    kind: "path",
    count: rows.length,
    weights: null,
    covariates: null,
    sourceRows: Int32Array.from(rows, (_, i) => i + 1),
    subjectOffsets: Int32Array.from([...offsets, rows.length]),
    times: Float64Array.from(rows, ({ time }) => time),
    cells,
    cellValues: Int32Array.from(rows.flatMap(({ values }) => values)),
    exact: Uint8Array.from(rows, ({ exact }) => (exact === true ? 1 : 0)),
  };
}

test("panels: transition probabilities between visits, exact entries into death", () => {
  const model = makeModel(illnessDeath());
  const at = elementsOf(model.defaults);
  const [q12, q23, q21, q32, q14, q24, q34] = at;
  const data = panel(
    [
      { subject: 1, time: 0, values: [0] },
      { subject: 1, time: 2, values: [1] },
      { subject: 1, time: 3.5, values: [3], exact: true },
      { subject: 2, time: 1, values: [0] },
      { subject: 2, time: 4, values: [2] },
    ],
    [0],
  );
  // P(t) of the four states by the law of the model started elsewhere.
  const from = (state: number, t: number): number[] => {
    const moved = makeModel(
      defineModel({
        state: [{ name: "cav", lower: 0, upper: 3 }],
        start: [{ to: [state], probability: 1 }],
        stop: ([cav]) => cav === 3,
        transitions: ([cav]) =>
          [
            [
              { to: [1], rate: q12 },
              { to: [3], rate: q14 },
            ],
            [
              { to: [2], rate: q23 },
              { to: [0], rate: q21 },
              { to: [3], rate: q24 },
            ],
            [
              { to: [1], rate: q32 },
              { to: [3], rate: q34 },
            ],
          ][cav],
      }),
    );
    return elementsOf(moved.stateProbabilities([], t));
  };
  const death = from(1, 1.5);
  const expected =
    Math.log(from(0, 2)[1]) +
    Math.log(death[0] * q14 + death[1] * q24 + death[2] * q34) +
    Math.log(from(0, 1)[0]) +
    Math.log(from(0, 3)[2]);
  expectNear(model.logLikelihood(at, data), expected, 1e-13);
  const point = new NdArray(Float64Array.from(at), [7], "f64");
  const gradient = elementsOf(grad((x: Value) => model.logLikelihood(x, data))(point));
  for (const [p, found] of gradient.entries()) {
    const shifted = (step: number): number =>
      model
        .logLikelihood(
          at.map((x, i) => (i === p ? x + step : x)),
          data,
        )
        .item();
    const difference = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
    expect(Math.abs(found - difference)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(difference)));
  }
});

test("panels with latent cells: what is not seen is summed out", () => {
  const model = makeModel(epidemic(3));
  // Only the number of infectious people is seen.
  const data = panel(
    [
      { subject: 1, time: 0.5, values: [1] },
      { subject: 1, time: 1, values: [2] },
    ],
    [1],
  );
  const infectious = model.states.map((_, i) => model.graph.states.read(i)[1]);
  const half = elementsOf(model.stateProbabilities([2, 1], 0.5));
  const one = half.reduce((sum, p, i) => sum + (infectious[i] === 1 ? p : 0), 0);
  // Joint probability: the paths from each state with one infectious at 0.5.
  let joint = 0;
  for (const [i, p] of half.entries()) {
    if (infectious[i] !== 1) continue;
    const [susceptible] = model.graph.states.read(i);
    const later = makeModel(
      defineModel({
        state: ["S", "I"],
        start: [{ to: [susceptible, 1], probability: 1 }],
        stop: ([, people]) => people === 0,
        transitions: ([s, people]) => [
          ...(s > 0 ? [{ to: [s - 1, people + 1], rate: (2 * s * people) / 3 }] : []),
          { to: [s, people - 1], rate: people },
        ],
      }),
    );
    const after = elementsOf(later.stateProbabilities([], 0.5));
    joint += p * after.reduce((sum, q, j) => sum + (later.graph.states.read(j)[1] === 2 ? q : 0), 0);
  }
  expectNear(model.logLikelihood([2, 1], data), Math.log(one) + Math.log(joint / one), 1e-13);
});

test("rows that are seen only because they stopped by a limit", () => {
  const rows: Row[] = [
    { time: 3, limit: 8 },
    { time: 5, entry: 2, limit: 9, weight: 2 },
    { time: 1, kind: censoring.interval, upper: 4, limit: 8 },
  ];
  const cdf = (t: number): number => service.cdf(theta, t).item();
  const expected =
    service.logPdf(theta, 3).item() -
    Math.log(cdf(8)) +
    2 * (service.logPdf(theta, 5).item() - Math.log(cdf(9) - cdf(2))) +
    Math.log(cdf(4) - cdf(1)) -
    Math.log(cdf(8));
  expectNear(service.logLikelihood(theta, stops(rows)), expected, 1e-10);
});

test("each observation by itself, in order, whatever terms and groups it shares", () => {
  const rows: Row[] = [
    { time: 3 },
    { time: 10, kind: censoring.right, weight: 3 },
    { time: 3, weight: 0.5 },
    { time: 2, kind: censoring.interval, upper: 2.5 },
    { time: 12, entry: 4 },
    { time: 3, limit: 8 },
  ];
  const alone = rows.map((row) => service.logLikelihood(theta, stops([row])).item());
  expectNear(service.logLikelihoods(theta, stops(rows)), alone, 1e-13);
  const both = [stops(rows), stops(rows.slice(2, 4))];
  expectNear(service.logLikelihoods(theta, both), [...alone, alone[2], alone[3]], 1e-13);
  const at = new NdArray(Float64Array.from(theta), [2], "f64");
  const summed = grad((x: Value) => service.logLikelihoods(x, both).sum())(at);
  expectNear(grad((x: Value) => service.logLikelihood(x, both))(at), elementsOf(summed), 1e-11);
});

test("each subject of a panel by itself, the shorter ones too", () => {
  const model = makeModel(illnessDeath());
  const at = elementsOf(model.defaults);
  const rows = [
    { subject: 1, time: 1, values: [0] },
    { subject: 2, time: 0, values: [0] },
    { subject: 2, time: 2, values: [1] },
    { subject: 2, time: 3.5, values: [3], exact: true },
    { subject: 3, time: 1, values: [0] },
    { subject: 3, time: 4, values: [2] },
  ];
  const alone = [1, 2, 3].map((subject) => {
    const own = rows.filter((row) => row.subject === subject);
    return model.logLikelihood(at, panel(own, [0])).item();
  });
  expectNear(model.logLikelihoods(at, panel(rows, [0])), alone, 1e-13);
});

test.each([
  ["times", { time: Number.NaN }],
  ["uppers", { time: 1, kind: censoring.interval, upper: Number.NaN }],
  ["entries", { time: 1, entry: Number.NaN }],
  ["limits", { time: 1, limit: Number.NaN }],
  ["weights", { time: 1, weight: Number.NaN }],
] as const)("a missing number in %s is refused with its row and column", (column, row) => {
  const data = stops([{ time: 1, weight: 1 }, row]);
  expect(() => service.logLikelihood(theta, data)).toThrow(
    `row 2: NaN in \`${column}\` is not a finite number`,
  );
});
