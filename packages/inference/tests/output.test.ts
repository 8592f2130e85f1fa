// What leaves a fit for other programs: no warm-up, every draw in its place, the same bits back.
import { expect, test } from "vitest";
import { makeFit } from "../src/fit/fit.ts";
import { toArviz, toStanCsv } from "../src/index.ts";
import { erlang } from "./support/models.ts";

const model = erlang(1, { law: "gamma", args: [3, 2] });

/** Two chains of two warm-up iterations and four draws. */
const fit = makeFit(
  "nuts",
  model,
  [0, 10].map((offset) => ({
    warmup: 2,
    parameters: [Float64Array.from([1, 2, 1 / 3, 4, 5e-324, 6], (x) => x + offset)],
    statistics: {
      lp: Float64Array.of(0, 0, -1.5, -Infinity, -2, -3),
      diverging: Float64Array.of(1, 1, 0, 1, 0, 0),
      other: Float64Array.of(9, 9, 9, 9, 9, 9),
    },
  })),
  new Map(),
);

test("groups of ArviZ: chain by draw, divergences as booleans", () => {
  const [name] = model.parameterNames;
  const { posterior, sample_stats } = toArviz(fit);
  expect(posterior).toEqual({
    [name]: [
      [1 / 3, 4, 5e-324, 6],
      [1 / 3 + 10, 14, 10, 16],
    ],
  });
  expect(sample_stats["lp"]).toEqual([
    [-1.5, -Infinity, -2, -3],
    [-1.5, -Infinity, -2, -3],
  ]);
  const flags = [false, true, false, false];
  expect(sample_stats["diverging"]).toEqual([flags, flags]);
});

test("Stan CSV: a header, the draws without warm-up, exact numbers", () => {
  const texts = toStanCsv(fit);
  expect(texts).toHaveLength(2);
  const lines = texts[0].trimEnd().split("\n");
  expect(lines).toContain("#     num_samples = 4");
  expect(lines).toContain("#     num_warmup = 2");
  expect(lines.filter((line) => !line.startsWith("#"))).toEqual([
    `lp__,divergent__,${model.parameterNames[0]}`,
    "-1.5,0,0.3333333333333333",
    "-inf,1,4",
    "-2,0,5e-324",
    "-3,0,6",
  ]);
  expect(texts[1].trimEnd().split("\n").at(-1)).toBe("-3,0,16");
});
