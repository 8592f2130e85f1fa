// The coalescent written in code instead of a file: moments, their gradient, and a density far into its tail.
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { defineModel, grad, np } from "phxlang";
import type { Model, Value } from "phxlang";

/** k lineages become k − 1 at rate `rate` · k (k − 1) / 2. Transitions are asked for once per state. */
export function coalescent(sampleSize: number): Model {
  return defineModel({
    name: "coalescent",
    state: ["lineages"],
    parameters: { rate: { lower: 0, default: 1 } },
    start: () => [{ to: [sampleSize], probability: 1 }],
    transitions: ([k], { rate }) => (k > 1 ? [{ to: [k - 1], rate: rate.mul((k * (k - 1)) / 2) }] : []),
    rewards: { length: ([k]) => k },
  });
}

export interface Facts {
  readonly mean: number;
  readonly meanSlope: number;
  readonly treeLength: number;
  readonly logDensityAt1000: number;
}

export function facts(sampleSize: number, rate: number): Facts {
  const model = coalescent(sampleSize);
  return {
    mean: model.mean([rate]).item(),
    meanSlope: grad((theta: Value) => model.mean(theta))(np.array([rate])).item(),
    treeLength: model.reward("length").mean([rate]).item(),
    logDensityAt1000: model.logPdf([rate], 1000).item(),
  };
}

if (argv[1] === fileURLToPath(import.meta.url)) console.log(facts(20, 1));
