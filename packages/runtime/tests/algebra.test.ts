// Families of distributions, and sums, extremes and mixtures of models.
import type { PhxError, Value } from "@phxlang/autodiff";
import { grad, NdArray } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import type { Model } from "../src/index.ts";
import {
  convolve,
  coxian,
  erlang,
  fromMatrices,
  hyperexponential,
  makeModel,
  maximum,
  minimum,
  mixture,
} from "../src/index.ts";
import { elementsOf, expectNear } from "./support/expectations.ts";
import { gambler, illnessDeath, kingman, pattern } from "./support/example-models.ts";
import { linearModel } from "./support/linear-model.ts";

const vectorOf = (...numbers: number[]): NdArray =>
  new NdArray(Float64Array.from(numbers), [numbers.length], "f64");
const times = [0.2, 1, 3.5];

test("families have their densities and moments", () => {
  expectNear(
    erlang(3).pdf([2], times),
    times.map((t) => 4 * t * t * Math.exp(-2 * t)),
    1e-13,
  );
  expectNear(
    hyperexponential(2).survival({ weight: [0.3, 0.7], rate: [0.5, 5] }, times),
    times.map((t) => 0.3 * Math.exp(-0.5 * t) + 0.7 * Math.exp(-5 * t)),
    1e-13,
  );
  expectNear(coxian(3).mean([1, 2, 4, 0.5, 0.25]), 1 + 0.5 / 2 + (0.5 * 0.25) / 4, 1e-14);
  expectNear(coxian(1).mean([4]), 0.25, 1e-15);
  // The example of the language's page.
  const general = fromMatrices(
    [0.1, 0.9, 0],
    [
      [-6.2, 2, 0],
      [2, -9, 1],
      [1, 0, -3],
    ],
  );
  expectNear(general.mean([]), 0.209387222946545, 1e-14);
  expectNear(
    fromMatrices(
      [0.5, 0.5],
      [
        [0.5, 0],
        [0.1, 0.4],
      ],
      { kind: "discrete" },
    ).mean([]),
    0.5 * 2 + 0.5 * ((1 + 0.2) / 0.6),
    1e-13,
  );
});

test("sums: moments add up, densities convolve, parameters stay apart", () => {
  const sum = convolve(erlang(2), makeModel(kingman(3)), erlang(1));
  expect(sum.parameterNames).toEqual(["erlang_1.rate", "kingman.rate", "erlang_3.rate"]);
  const theta = [2, 1.5, 0.7];
  const parts: [Model, number][] = [
    [erlang(2), 2],
    [makeModel(kingman(3)), 1.5],
    [erlang(1), 0.7],
  ];
  const total = (name: "mean" | "variance"): number =>
    parts.reduce((value, [model, rate]) => value + model[name]([rate]).item(), 0);
  expectNear(sum.mean(theta), total("mean"), 1e-14);
  expectNear(sum.variance(theta), total("variance"), 1e-13);
  const product = parts.reduce((value, [model, rate]) => value * model.laplace([rate], 0.8).item(), 1);
  expectNear(sum.laplace(theta, 0.8), product, 1e-14);
  expectNear(convolve(erlang(1), erlang(2)).pdf([3, 3], times), elementsOf(erlang(3).pdf([3], times)), 1e-13);
  const gradient = grad((x: Value) => sum.mean(x))(vectorOf(...theta));
  expectNear(gradient, [-2 / 4, -(1 / 3 + 1) / 1.5 ** 2, -1 / 0.49], 1e-13);
});

test("an atom at 0 of one summand lets the sum go on at once", () => {
  const lazy = makeModel(
    linearModel({
      stateCount: 1,
      parameterCount: 1,
      alpha: [0.6],
      edges: [{ from: 0, to: -1, base: 0, coefficients: [1] }],
    }),
  );
  const sum = convolve(lazy, lazy);
  expectNear(sum.atoms([1, 2]).probabilities, 0.16, 1e-14);
  expectNear(sum.mean([1, 2]), 0.6 + 0.3, 1e-14);
});

test("extremes of independent times, continuous and discrete", () => {
  const [a, b] = [makeModel(illnessDeath()), erlang(2)];
  const [first, last] = [minimum(a, b), maximum(a, b)];
  const theta = [...elementsOf(a.defaults), 0.4];
  const own = elementsOf(a.survival(a.defaults, times));
  const other = elementsOf(b.survival([0.4], times));
  expectNear(
    first.survival(theta, times),
    own.map((s, i) => s * other[i]),
    1e-13,
  );
  expectNear(
    last.cdf(theta, times),
    own.map((s, i) => (1 - s) * (1 - other[i])),
    1e-12,
  );
  expectNear(
    first.mean(theta).add(last.mean(theta)),
    a.mean(a.defaults).item() + b.mean([0.4]).item(),
    1e-13,
  );
  const [toss, game] = [makeModel(pattern()), makeModel(gambler(5, 2))];
  const steps = [0, 1, 2, 5, 20];
  const both = elementsOf(toss.survival([0.5], steps)).map(
    (s, i) => s * game.survival([0.4], steps[i]).item(),
  );
  expectNear(minimum(toss, game).survival([0.5, 0.4], steps), both, 1e-13);
  const neither = elementsOf(toss.cdf([0.5], steps)).map((f, i) => f * game.cdf([0.4], steps[i]).item());
  expectNear(maximum(toss, game).cdf([0.5, 0.4], steps), neither, 1e-12);
});

test("mixtures have weights as parameters", () => {
  const mixed = mixture([erlang(1), erlang(3)], [0.25, 0.75]);
  expect(mixed.parameterNames).toEqual(["weight[1]", "weight[2]", "erlang_1.rate", "erlang_2.rate"]);
  const theta = [0.25, 0.75, 1, 2];
  const parts = [erlang(1).pdf([1], times), erlang(3).pdf([2], times)].map(elementsOf);
  expectNear(
    mixed.pdf(theta, times),
    times.map((_, i) => 0.25 * parts[0][i] + 0.75 * parts[1][i]),
    1e-13,
  );
  expectNear(
    grad((x: Value) => mixed.pdf(x, 1))(vectorOf(...theta)).slice([0, 2]),
    [parts[0][1], parts[1][1]],
    1e-12,
  );
});

test("what does not fit is refused", () => {
  const codeOf = (run: () => unknown): string => {
    try {
      run();
      return "no error";
    } catch (error) {
      return (error as PhxError).code;
    }
  };
  expect(codeOf(() => convolve(erlang(1), makeModel(pattern())))).toBe("PHX981");
  expect(codeOf(() => minimum())).toBe("PHX981");
  expect(codeOf(() => mixture([erlang(1), erlang(2)], [0.5, 0.6]))).toBe("PHX981");
  const changing = erlang(1).epochs([{ until: 1, theta: [1] }, { theta: [2] }]);
  expect(codeOf(() => convolve(changing, erlang(1)))).toBe("PHX981");
  expect(codeOf(() => erlang(0))).toBe("PHX908");
  expect(codeOf(() => fromMatrices([1], [[1]]))).toBe("PHX980");
});
