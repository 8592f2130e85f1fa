// Models of well-known families, and models from matrices of numbers.
import { PhxError } from "@phxlang/autodiff";
import type { MatrixOptions, NumberRows } from "@phxlang/graph";
import { defineModel, fromMatrices as describeMatrices } from "@phxlang/graph";
import { makeModel } from "../make-model.ts";
import type { Model } from "../model.ts";

/**
 * The phase-type distribution of initial probabilities alpha [n] and sub-intensities (discrete: probabilities)
 * S [n, n]; it has no parameters. PHX980 names an entry that is wrong.
 */
export function fromMatrices(alpha: ArrayLike<number>, S: NumberRows, options?: MatrixOptions): Model {
  return makeModel(describeMatrices(alpha, S, options));
}

/** Sum of `stages` independent exponential times; parameter `rate`, of each stage, 1 by default. */
export function erlang(stages: number): Model {
  checkStages("erlang", stages);
  return makeModel(
    defineModel({
      name: "erlang",
      state: [{ name: "stage", lower: 1, upper: stages + 1 }],
      parameters: { rate: { lower: 0, default: 1 } },
      start: [{ to: [1], probability: 1 }],
      stop: ([stage]) => stage > stages,
      transitions: ([stage], { rate }) => [{ to: [stage + 1], rate }],
    }),
  );
}

/**
 * An exponential time with rate[i] with probability weight[i]; parameters `weight`, a simplex, and `rate`, both of
 * length `branches`. Defaults: equal weights, rates 1, 2, ….
 */
export function hyperexponential(branches: number): Model {
  checkStages("hyperexponential", branches);
  const numbers = Array.from({ length: branches }, (_, i) => i + 1);
  return makeModel(
    defineModel({
      name: "hyperexponential",
      state: [{ name: "branch", lower: 0, upper: branches }],
      parameters: {
        weight: { shape: branches, simplex: true, default: 1 / branches },
        rate: { shape: branches, lower: 0, default: numbers },
      },
      start: ({ weight }) => numbers.map((i) => ({ to: [i], probability: weight.slice(i - 1) })),
      stop: ([branch]) => branch === 0,
      transitions: ([branch], { rate }) => [{ to: [0], rate: rate.slice(branch - 1) }],
    }),
  );
}

/**
 * Stages in a row: stage i is left at rate[i], for the next stage with probability onward[i], else for good.
 * Parameters `rate`, of length `stages`, and `onward`, one shorter. Defaults: rates 1, probabilities 1/2.
 */
export function coxian(stages: number): Model {
  checkStages("coxian", stages);
  if (stages === 1) return erlang(1);
  return makeModel(
    defineModel({
      name: "coxian",
      state: [{ name: "stage", lower: 1, upper: stages + 1 }],
      parameters: {
        rate: { shape: stages, lower: 0, default: 1 },
        onward: { shape: stages - 1, lower: 0, upper: 1, default: 0.5 },
      },
      start: [{ to: [1], probability: 1 }],
      stop: ([stage]) => stage > stages,
      transitions([stage], { rate, onward }) {
        const own = rate.slice(stage - 1);
        if (stage === stages) return [{ to: [stages + 1], rate: own }];
        const goes = onward.slice(stage - 1);
        return [
          { to: [stage + 1], rate: own.mul(goes) },
          { to: [stages + 1], rate: own.mul(goes.neg().add(1)) },
        ];
      },
    }),
  );
}

function checkStages(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new PhxError({
    code: "PHX908",
    what: `${name} of ${count}`,
    why: "the number of stages or branches is a whole number from 1 on",
    fix: "give such a number",
  });
}
