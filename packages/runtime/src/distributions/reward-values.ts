// Rewards during one epoch: what is earned by row, and by the transitions that pay.
import type { CsrMatrix, Value } from "@phxlang/autodiff";
import { csrLinear, PhxError } from "@phxlang/autodiff";
import type { LinearForms, RewardDeclaration } from "@phxlang/graph";
import { filled, mul, take } from "../array-operations.ts";
import type { EpochStructure } from "./epoch-structure.ts";
import { rowForms } from "./epoch-structure.ts";
import type { Evaluation } from "./evaluation.ts";
import { rowsOfForms, summationMatrix } from "./forms-matrix.ts";
import type { ModelStructure } from "./model-structure.ts";

/** Transitions that pay one of several rewards, in one epoch. */
export interface Payments {
  readonly count: number;
  /** Row that each leaves. */
  readonly sources: Int32Array;
  /** Row that each enters, −1 where it stops. */
  readonly targets: Int32Array;
  /** The same, −1 − cause where it stops. */
  readonly places: Int32Array;
  /** Rates (probabilities), [count]. */
  readonly weights: Value;
  /** What each pays, by reward: [count]. */
  readonly amounts: readonly Value[];
  /** Sums over the transitions that leave each row: [count] → [rows]. */
  readonly bySource: CsrMatrix;
}

export interface RewardValues {
  /** By reward: per unit time in each row, [rows]; null where it pays at transitions only. */
  readonly rates: readonly (Value | null)[];
  /** Null where no transition pays. */
  readonly payments: Payments | null;
}

/** Declarations by name; null is the built-in reward `time`. PHX903 for an unknown name. */
export function findReward(structure: ModelStructure, name: string): RewardDeclaration | null {
  if (name === "time") return null;
  const { rewards } = structure.description;
  const reward = rewards.find((candidate) => candidate.name === name);
  if (reward !== undefined) return reward;
  throw new PhxError({
    code: "PHX903",
    what: `there is no reward ${name}`,
    why: `the model has ${["time", ...rewards.map((candidate) => candidate.name)].join(", ")}`,
    fix: "use one of these names, or declare the reward",
  });
}

export function rewardValues(
  evaluation: Evaluation,
  epoch: number,
  rewards: readonly (RewardDeclaration | null)[],
): RewardValues {
  const { structure } = evaluation;
  const { graph } = structure;
  const own = structure.epochs[epoch];
  const features = graph.features.featureCount;
  const rates = rewards.map((reward) => {
    if (reward === null) return filled(own.pattern.rowCount, 1);
    const forms = reward.stateForms(graph, own.graphEpoch);
    return forms === null ? null : evaluation.forms(epoch, rowForms(own, forms, features));
  });
  const impulses = rewards.map((reward) => reward?.impulseForms(graph, own.graphEpoch) ?? null);
  return { rates, payments: paymentsOf(evaluation, epoch, own, impulses) };
}

function paymentsOf(
  evaluation: Evaluation,
  epoch: number,
  own: EpochStructure,
  impulses: readonly (LinearForms | null)[],
): Payments | null {
  if (impulses.every((forms) => forms === null)) return null;
  const { graph } = evaluation.structure;
  const { transitions } = graph;
  const weights = transitions.weights[own.graphEpoch];
  const pays = (t: number): boolean =>
    impulses.some((forms) => forms !== null && forms.offsets[t] < forms.offsets[t + 1]);
  const paying: number[] = [];
  for (let t = 0; t < transitions.count; t++) {
    const row = own.rowOfState[transitions.sources[t]];
    if (row < 0 || own.stateOfRow[row] !== transitions.sources[t]) continue;
    if (weights.offsets[t] < weights.offsets[t + 1] && pays(t)) paying.push(t);
  }
  if (paying.length === 0) return null;
  const features = graph.features.featureCount;
  const sources = Int32Array.from(paying, (t) => own.rowOfState[transitions.sources[t]]);
  const places = Int32Array.from(paying, (t) => own.rowOfState[graph.targets[transitions.edges[t]]]);
  return {
    count: paying.length,
    sources,
    targets: places.map((place) => Math.max(-1, place)),
    places,
    weights: evaluation.forms(epoch, rowsOfForms(weights, paying, features)),
    amounts: impulses.map((forms) =>
      forms === null
        ? filled(paying.length, 0)
        : evaluation.forms(epoch, rowsOfForms(forms, paying, features)),
    ),
    bySource: summationMatrix(sources, own.pattern.rowCount),
  };
}

/** Σ over the paying transitions of a row of coefficient · x[target]; x null stands for ones, stops included. */
export function overPayments(payments: Payments, coefficients: Value, x: Value | null): Value {
  const terms = x === null ? coefficients : mul(coefficients, take(x, payments.targets));
  return csrLinear(payments.bySource, terms);
}
