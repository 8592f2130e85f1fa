// Models on worker threads: every kind of structure travels, and errors are those of the calling thread.
import { describe, expect, test } from "vitest";
import type { Device, Value } from "@phxlang/autodiff";
import {
  grad,
  hessian,
  makeJit,
  makePmap,
  NdArray,
  np,
  PhxError,
  random,
  valueAndGrad,
  vmap,
} from "@phxlang/autodiff";
import { defineModel } from "@phxlang/graph";
import type { Model } from "../../src/index.node.ts";
import { cpuDevice, makeModel, openWorkers } from "../../src/index.node.ts";

const crews: readonly Device[] = [1, 2, 3].map((threads) => openWorkers({ threads }));
const [, two] = crews;

function bits(value: Value): Uint8Array {
  if (!(value instanceof NdArray)) throw new Error("a traced value");
  return new Uint8Array(value.dataSync().buffer);
}

function coalescent(kind: "continuous" | "discrete"): Model {
  return makeModel(
    defineModel({
      kind,
      state: ["lineages"],
      parameters: { rate: { lower: 0 } },
      start: () => [{ to: [6], probability: 1 }],
      transitions: ([k], { rate }) => {
        if (k === 1) return [];
        const out = rate.mul((k * (k - 1)) / 2);
        const down = { to: [k - 1], rate: out };
        return kind === "continuous" ? [down] : [down, { to: [k], rate: out.neg().add(1) }];
      },
      rewards: { length: ([k]) => k, double: ([k]) => (k === 2 ? 0 : k) },
    }),
  );
}

const [continuous, discrete] = [coalescent("continuous"), coalescent("discrete")];
const times = np.array([0.5, 1, 2.5]);
const steps = np.array([1, 7, 30]);
const rates = np.array(Float64Array.from({ length: 18 }, (_, i) => 0.01 + 0.002 * i)).reshape([18, 1]);

const cases: Readonly<Record<string, (theta: Value) => Value>> = {
  moments: (theta) => continuous.moments(theta, 3),
  "gradient of a density": grad((theta: Value) => continuous.logPdf(theta, times).sum()),
  "hessian of a density": hessian((theta: Value) => continuous.logPdf(theta, times).sum()),
  "distribution in discrete time": (theta) => discrete.cdf(theta, steps),
  "gradient in discrete time": grad((theta: Value) => discrete.logPmf(theta, steps).sum()),
  quantiles: (theta) => continuous.quantile(theta, np.array([0.1, 0.9])),
  samples: (theta) => continuous.sample(random.key(4), theta, 5),
  "samples of a reward": (theta) => continuous.reward("length").sample(random.key(4), theta, 5),
  "moments of a reward": (theta) => continuous.reward("length").moments(theta, 2),
  "density of a reward": (theta) => continuous.reward("double").logPdf(theta, times),
  "probabilities of states": (theta) => continuous.stateProbabilities(theta, 1.5),
  "expected visits": (theta) => discrete.expectedVisits(theta),
};

describe("values have the same bits on every number of threads", () => {
  test.each(Object.entries(cases))("%s", (_name, f) => {
    const expected = bits(makeJit(cpuDevice)(vmap(f))(rates));
    for (const device of crews) expect(bits(makeJit(device)(vmap(f))(rates))).toEqual(expected);
  });
});

describe("errors", () => {
  const bad = np.array(Float64Array.from({ length: 40 }, (_, i) => (i >= 23 ? -i : 1))).reshape([40, 1]);
  const messageOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof PhxError) return error.message;
      throw error;
    }
    return "nothing was thrown";
  };

  test("the first failing member's error comes out, with its witness, for every number of threads", () => {
    const f = (theta: Value): Value => continuous.mean(theta);
    const expected = messageOf(() => makeJit(cpuDevice)(vmap(f))(bad));
    expect(expected).toMatch(/^PHX702: the rate from \(lineages = \d\) to .* is -\d+ at these parameters/);
    for (const device of crews) {
      for (let i = 0; i < 5; i++) expect(messageOf(() => makePmap(device)(f)(bad))).toBe(expected);
    }
  });

  test("after an error the threads go on", () => {
    const f = valueAndGrad((theta: Value) => continuous.mean(theta).sum());
    expect(messageOf(() => makePmap(two)(f)(bad))).toContain("PHX702");
    const [value] = makePmap(two)(f)(rates);
    expect(bits(value)).toEqual(bits(vmap(f)(rates)[0]));
  });
});
