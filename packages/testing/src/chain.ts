// Chain: a small Markov chain as plain data, with the text and the model that it means.
import type { Value } from "@phxlang/autodiff";
import { defineModel } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import { makeModel } from "@phxlang/runtime";
import { numberText } from "./number-text.ts";

export interface ChainEdge {
  /** A transient state, 0 … stateCount − 1. */
  readonly from: number;
  /** A transient state, or stateCount, where the chain stops. */
  readonly to: number;
  /** The rate is coefficient · θ[parameter]. */
  readonly coefficient: number;
  readonly parameter: number;
}

/** Transient states 0 … stateCount − 1 and one stop state, in continuous time. */
export interface Chain {
  readonly stateCount: number;
  readonly edges: readonly ChainEdge[];
  /** Initial probabilities of the transient states are weight / sum of weights. */
  readonly startWeights: readonly number[];
  /** Values of the parameters; all are positive. */
  readonly theta: readonly number[];
  /** Reward per unit time of each transient state. */
  readonly rewards: readonly number[];
  /** True where some state cannot reach the stop state. */
  readonly defective: boolean;
}

const parameterName = (index: number): string => `rate_${index + 1}`;

/** The chain as a `.phx` file, with θ as the defaults of its parameters. */
export function chainSource(chain: Chain): string {
  const { stateCount, edges, startWeights, theta, rewards } = chain;
  const total = startWeights.reduce((sum, weight) => sum + weight, 0);
  const starts = startWeights.flatMap((weight, i) => {
    if (weight === 0) return [];
    return [weight === total ? `start: place = ${i}` : `start: place = ${i} @ ${weight} / ${total}`];
  });
  const used = new Set(edges.map(({ parameter }) => parameter));
  const events = edges.map(({ from, to, coefficient, parameter }, e) => {
    const factor = coefficient === 1 ? "" : `${numberText(coefficient)} * `;
    return `event move_${e + 1} when place == ${from}: place = ${to} @ ${factor}${parameterName(parameter)}`;
  });
  const cost = rewards.flatMap((reward, i) =>
    reward === 0 ? [] : [`if place == ${i} then ${numberText(reward)} else `],
  );
  return [
    "model chain",
    "",
    ...theta.flatMap((value, p) =>
      used.has(p) ? [`param ${parameterName(p)} > 0 = ${numberText(value)}`] : [],
    ),
    "",
    `state place in 0..${stateCount}`,
    ...starts,
    `stop when place == ${stateCount}`,
    "",
    ...events,
    "",
    `reward cost = ${cost.join("")}0`,
    "",
  ].join("\n");
}

/** The same chain without its text, written with `defineModel`; its parameters are those that edges use, in order. */
export function chainModel(chain: Chain): Model {
  const { stateCount, edges, startWeights, theta, rewards, defective } = chain;
  const total = startWeights.reduce((sum, weight) => sum + weight, 0);
  const used = usedParameters(chain);
  const description = defineModel({
    name: "chain",
    state: [{ name: "place", lower: 0, upper: stateCount }],
    parameters: Object.fromEntries(used.map((p) => [parameterName(p), { lower: 0, default: theta[p] }])),
    start: startWeights.flatMap((weight, i) =>
      weight === 0 ? [] : [{ to: [i], probability: weight / total }],
    ),
    stop: ([place]) => place === stateCount,
    transitions: ([place], symbols: Readonly<Record<string, Value>>) =>
      edges
        .filter(({ from }) => from === place)
        .map(({ to, coefficient, parameter }) => ({
          to: [to],
          rate: symbols[parameterName(parameter)].mul(coefficient),
        })),
    rewards: { cost: ([place]) => rewards[place] ?? 0 },
  });
  return makeModel(description, { allowDefective: defective });
}

/** θ of `chainModel`: the values of the parameters that edges use. */
export function chainTheta(chain: Chain): readonly number[] {
  return usedParameters(chain).map((p) => chain.theta[p]);
}

function usedParameters({ edges, theta }: Chain): number[] {
  const used = new Set(edges.map(({ parameter }) => parameter));
  return theta.flatMap((_, p) => (used.has(p) ? [p] : []));
}
