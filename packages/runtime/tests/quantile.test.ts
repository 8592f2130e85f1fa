// Quantiles: the distribution function takes them back, from far below the median to far above it.
import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { makeModel } from "../src/index.ts";
import { elementsOf, expectNear } from "./support/expectations.ts";
import { linearModel } from "./support/linear-model.ts";
import { randomChains } from "./support/random-chains.ts";

const shares = [1e-6, 0.01, 0.3, 0.49, 0.5, 0.7, 0.99, 0.999999];

describe("quantiles of random chains", () => {
  test.prop([randomChains(4, true)], { numRuns: 25 })(
    "P(T ≤ quantile(p)) = p, or more where there is an atom",
    (chain) => {
      const model = makeModel(linearModel(chain));
      const theta = [...chain.theta];
      const quantiles = elementsOf(model.quantile(theta, shares));
      const below = elementsOf(model.cdf(theta, Array.from(quantiles)));
      for (const [index, p] of shares.entries()) {
        if (quantiles[index] === 0) expect(below[index]).toBeGreaterThanOrEqual(p * (1 - 1e-12));
        else expect(Math.abs(below[index] - p)).toBeLessThanOrEqual(1e-10 * p);
        if (index > 0) expect(quantiles[index]).toBeGreaterThanOrEqual(quantiles[index - 1]);
      }
    },
  );
});

test("a first step that overshoots is not taken for the answer", () => {
  // Twelve equal stages: where the search begins, the density is nearly 0 and Newton's step far too long.
  const stageCount = 12;
  const edges = Array.from({ length: stageCount }, (_, from) => ({
    from,
    to: from + 1 < stageCount ? from + 1 : -1,
    base: 0,
    coefficients: [1],
  }));
  const alpha = edges.map((_, state) => (state === 0 ? 1 : 0));
  const model = makeModel(linearModel({ stateCount: stageCount, parameterCount: 1, edges, alpha }));
  // Half of the χ² quantiles with 24 degrees of freedom: the median and the upper 5 %.
  expectNear(model.quantile([1], 0.5), 23.336726306089535 / 2, 1e-9);
  expectNear(model.quantile([1], 0.95), 36.41502850180731 / 2, 1e-9);
});
