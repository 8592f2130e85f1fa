// The example models of the language's page, written with defineModel.
import type { Value } from "@phxlang/autodiff";
import type { ModelDescription } from "@phxlang/graph";
import { defineModel } from "@phxlang/graph";

const choose2 = (k: number): number => (k * (k - 1)) / 2;

export const kingman = (n: number): ModelDescription =>
  defineModel({
    name: "kingman",
    state: ["k"],
    parameters: { rate: { lower: 0, default: 1 } },
    start: [{ to: [n], probability: 1 }],
    stop: ([k]) => k === 1,
    transitions: ([k], { rate }) => [{ to: [k - 1], rate: rate.mul(choose2(k)), event: "coalesce" }],
    rewards: { tree_length: ([k]) => k },
  });

export const siteFrequencies = (n: number): ModelDescription =>
  defineModel({
    name: "sfs",
    state: Array.from({ length: n }, (_, i) => `b[${i + 1}]`),
    parameters: { theta: { lower: 0, default: 2 } },
    start: [{ to: Array.from({ length: n }, (_, i) => (i === 0 ? n : 0)), probability: 1 }],
    stop: (b) => b[n - 1] === 1,
    transitions: (b) =>
      Array.from({ length: n }, (_, i) => i + 1).flatMap((i) =>
        Array.from({ length: n }, (_, j) => j + 1).flatMap((j) => {
          const pairs = i === j ? choose2(b[i - 1]) : (b[i - 1] ?? 0) * (b[j - 1] ?? 0);
          if (j < i || i + j > n || pairs === 0) return [];
          const to = [...b];
          to[i - 1] -= 1;
          to[j - 1] -= 1;
          to[i + j - 1] += 1;
          return [{ to, rate: pairs }];
        }),
      ),
    rewards: Object.fromEntries(
      Array.from({ length: n - 1 }, (_, i) => [
        `branch_${i + 1}`,
        (b: readonly number[], { theta }: { theta: Value }) => theta.mul(b[i] / 2),
      ]),
    ),
  });

export const rabbits = (n: number): ModelDescription =>
  defineModel({
    name: "rabbits",
    state: ["left", "right"],
    parameters: { flood_left: { lower: 0, default: 2 }, flood_right: { lower: 0, default: 4 } },
    start: [{ to: [n, 0], probability: 1 }],
    stop: ([left, right]) => left + right === 0,
    transitions: ([left, right], { flood_left, flood_right }) => [
      ...(left > 0
        ? [
            { to: [left - 1, right + 1], rate: 1 },
            { to: [0, right], rate: flood_left },
          ]
        : []),
      ...(right > 0
        ? [
            { to: [left + 1, right - 1], rate: 1 },
            { to: [left, 0], rate: flood_right },
          ]
        : []),
    ],
  });

export const queue = (capacity: number): ModelDescription =>
  defineModel({
    name: "mm1k",
    state: ["q"],
    parameters: { lambda: { lower: 0, default: 0.8 }, mu: { lower: 0, default: 1 } },
    start: [{ to: [0], probability: 1 }],
    stop: ([q]) => q === capacity,
    transitions: ([q], { lambda, mu }) => [
      { to: [q + 1], rate: lambda, event: "arrive" },
      ...(q > 0 ? [{ to: [q - 1], rate: mu, event: "serve" }] : []),
    ],
    rewards: { customers: ([q]) => q, served: { on: "serve", value: 1 } },
  });

export const erlangQueue = (capacity: number, stages: number): ModelDescription =>
  defineModel({
    name: "m_erlang_1",
    state: ["q", "stage"],
    parameters: { lambda: { lower: 0, default: 0.5 }, mu: { lower: 0, default: 1 } },
    start: [{ to: [1, 1], probability: 1 }],
    stop: ([q]) => q === 0,
    transitions: ([q, stage], { lambda, mu }) => [
      ...(q < capacity ? [{ to: [q + 1, stage], rate: lambda }] : []),
      stage < stages
        ? { to: [q, stage + 1], rate: mu.mul(stages) }
        : { to: [q - 1, 1], rate: mu.mul(stages) },
    ],
  });

export const hyperexponential = (): ModelDescription =>
  defineModel({
    name: "hyperexponential",
    state: [{ name: "kind", lower: 0, upper: 2, labels: ["slow_job", "fast_job", "finished"] }],
    parameters: {
      p: { lower: 0, upper: 1, default: 0.3 },
      slow: { lower: 0, default: 0.5 },
      fast: { lower: 0, default: 5 },
    },
    start: ({ p }) => [
      { to: [0], probability: p },
      { to: [1], probability: p.neg().add(1) },
    ],
    stop: ([kind]) => kind === 2,
    transitions: ([kind], { slow, fast }) => [{ to: [2], rate: kind === 0 ? slow : fast }],
  });

export const epidemic = (population: number): ModelDescription =>
  defineModel({
    name: "sir",
    state: ["S", "I"],
    parameters: { beta: { lower: 0, default: 2 }, gamma: { lower: 0, default: 1 } },
    start: [{ to: [population - 1, 1], probability: 1 }],
    stop: ([, infectious]) => infectious === 0,
    transitions: ([susceptible, infectious], { beta, gamma }) => [
      ...(susceptible > 0
        ? [
            {
              to: [susceptible - 1, infectious + 1],
              rate: beta.mul((susceptible * infectious) / population),
              event: "infect",
            },
          ]
        : []),
      { to: [susceptible, infectious - 1], rate: gamma.mul(infectious), event: "recover" },
    ],
    rewards: { infectious_days: ([, infectious]) => infectious, cases: { on: "infect", value: 1 } },
  });

export const redundancy = (n: number, k: number): ModelDescription =>
  defineModel({
    name: "k_of_n",
    state: ["up"],
    parameters: { failure: { lower: 0, default: 0.1 }, repair: { lower: 0, default: 1 } },
    start: [{ to: [n], probability: 1 }],
    stop: ([up]) => up < k,
    transitions: ([up], { failure, repair }) => [
      { to: [up - 1], rate: failure.mul(up), event: "fail" },
      ...(up < n ? [{ to: [up + 1], rate: repair, event: "fix" }] : []),
    ],
    rewards: { repairs: { on: "fix", value: 1 } },
  });

export const illnessDeath = (): ModelDescription =>
  defineModel({
    name: "illness_death",
    state: [{ name: "cav", lower: 0, upper: 3, labels: ["none", "mild", "severe", "dead"] }],
    parameters: {
      q12: { lower: 0, default: 0.1 },
      q23: { lower: 0, default: 0.3 },
      q21: { lower: 0, default: 0.2 },
      q32: { lower: 0, default: 0.1 },
      q14: { lower: 0, default: 0.05 },
      q24: { lower: 0, default: 0.05 },
      q34: { lower: 0, default: 0.3 },
    },
    start: [{ to: [0], probability: 1 }],
    stop: ([cav]) => cav === 3,
    transitions: ([cav], { q12, q23, q21, q32, q14, q24, q34 }) => [
      ...(cav === 0 ? [{ to: [1], rate: q12 }] : []),
      ...(cav === 1
        ? [
            { to: [2], rate: q23 },
            { to: [0], rate: q21 },
          ]
        : []),
      ...(cav === 2 ? [{ to: [1], rate: q32 }] : []),
      { to: [3], rate: [q14, q24, q34][cav] },
    ],
  });

export const gambler = (goal: number, stake: number): ModelDescription =>
  defineModel({
    name: "gambler",
    kind: "discrete",
    state: ["money"],
    parameters: { p: { lower: 0, upper: 1, default: 0.45 } },
    start: [{ to: [stake], probability: 1 }],
    stop: { ruined: ([money]) => money === 0, rich: ([money]) => money === goal },
    transitions: ([money], { p }) => [
      { to: [money + 1], probability: p, event: "win" },
      { to: [money - 1], probability: p.neg().add(1), event: "lose" },
    ],
    rewards: { wins: { on: "win", value: 1 } },
  });

export const pattern = (): ModelDescription =>
  defineModel({
    name: "pattern",
    kind: "discrete",
    state: [{ name: "seen", lower: 0, upper: 3, labels: ["nothing", "H", "HT", "HTH"] }],
    parameters: { p: { lower: 0, upper: 1, default: 0.5 } },
    start: [{ to: [0], probability: 1 }],
    stop: ([seen]) => seen === 3,
    transitions: ([seen], { p }) => [
      { to: [seen === 2 ? 3 : 1], probability: p },
      { to: [seen === 1 ? 2 : 0], probability: p.neg().add(1) },
    ],
  });

export const recombination = (n: number): ModelDescription => {
  const leftDone = (ab: number, a: number): boolean => ab + a === 1;
  const rightDone = (ab: number, b: number): boolean => ab + b === 1;
  return defineModel({
    name: "arg",
    state: ["ab", "a", "b"],
    parameters: { rho: { lower: 0, default: 1 } },
    start: [{ to: [n, 0, 0], probability: 1 }],
    stop: ([ab, a, b]) => leftDone(ab, a) && rightDone(ab, b),
    transitions: ([ab, a, b], { rho }) =>
      [
        { to: [ab - 1, a + 1, b + 1], count: ab, rate: rho.mul(ab / 2) },
        { to: [ab - 1, a, b], count: choose2(ab), rate: choose2(ab) },
        { to: [ab, a - 1, b], count: ab * a + choose2(a), rate: ab * a + choose2(a) },
        { to: [ab, a, b - 1], count: ab * b + choose2(b), rate: ab * b + choose2(b) },
        { to: [ab + 1, a - 1, b - 1], count: a * b, rate: a * b },
      ].flatMap(({ to, count, rate }) => (count > 0 ? [{ to, rate }] : [])),
    rewards: {
      left_age: ([ab, a]) => (leftDone(ab, a) ? 0 : 1),
      right_age: ([ab, , b]) => (rightDone(ab, b) ? 0 : 1),
    },
  });
};
