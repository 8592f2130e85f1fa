// Rewards during one epoch: what is earned by row, and by the transitions that pay.
import type { CsrMatrix, Value } from "@phxlang/autodiff";
import { csrLinear, PhxError } from "@phxlang/autodiff";
import type { LinearForms, ModelDescription, RewardDeclaration } from "@phxlang/graph";
import { filled, mul, take } from "../array-operations.ts";
import { Memo } from "../memo.ts";
import type { EpochStructure } from "./epoch-structure.ts";
import { rowForms } from "./epoch-structure.ts";
import type { Evaluation } from "./evaluation.ts";
import { rowsOfForms, summationMatrix } from "./forms-matrix.ts";
import type { ModelStructure } from "./model-structure.ts";
import { formsOf } from "./model-structure.ts";

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
  /** Whether any of them may pay anything, by reward. */
  readonly pays: readonly boolean[];
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
export function findReward({ rewards }: ModelDescription, name: string): RewardDeclaration | null {
  if (name === "time") return null;
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
  const own = structure.epochs[epoch];
  const features = structure.graph.features.featureCount;
  const forms = rewards.map((reward) =>
    reward === null ? null : formsOf(structure, reward, own.graphEpoch),
  );
  const rates = forms.map((reward) => {
    if (reward === null) return filled(own.pattern.rowCount, 1);
    return reward.state === null ? null : evaluation.forms(epoch, rowForms(own, reward.state, features));
  });
  const impulses = forms.map((reward) => reward?.impulse ?? null);
  if (impulses.every((impulse) => impulse === null)) return { rates, payments: null };
  const paying = payingTransitions(structure, own, impulses);
  if (paying.transitions.length === 0) return { rates, payments: null };
  const count = paying.transitions.length;
  const weights = structure.graph.transitions.weights[own.graphEpoch];
  const payments = {
    ...paying,
    count,
    pays: impulses.map((impulse) => impulse !== null),
    weights: evaluation.forms(epoch, rowsOfForms(weights, paying.transitions, features)),
    amounts: impulses.map((impulse) =>
      impulse === null
        ? filled(count, 0)
        : evaluation.forms(epoch, rowsOfForms(impulse, paying.transitions, features)),
    ),
  };
  return { rates, payments };
}

type PayingTransitions = Pick<Payments, "sources" | "targets" | "places" | "bySource"> & {
  readonly transitions: Int32Array;
};

const known = new Memo<EpochStructure, string, PayingTransitions>();

/** Transitions of an epoch that pay any of the rewards, and where they lead. */
function payingTransitions(
  structure: ModelStructure,
  own: EpochStructure,
  impulses: readonly (LinearForms | null)[],
): PayingTransitions {
  const key = impulses.map((impulse) => (impulse === null ? "" : identityOf(impulse))).join();
  return known.get(own, key, () => {
    const { graph } = structure;
    const { transitions } = graph;
    const weights = transitions.weights[own.graphEpoch];
    const pays = (t: number): boolean =>
      impulses.some((impulse) => impulse !== null && impulse.offsets[t] < impulse.offsets[t + 1]);
    const paying: number[] = [];
    for (let t = 0; t < transitions.count; t++) {
      const row = own.rowOfState[transitions.sources[t]];
      if (row < 0 || own.stateOfRow[row] !== transitions.sources[t]) continue;
      if (weights.offsets[t] < weights.offsets[t + 1] && pays(t)) paying.push(t);
    }
    const sources = Int32Array.from(paying, (t) => own.rowOfState[transitions.sources[t]]);
    const places = Int32Array.from(paying, (t) => own.rowOfState[graph.targets[transitions.edges[t]]]);
    return {
      transitions: Int32Array.from(paying),
      sources,
      places,
      targets: places.map((place) => Math.max(-1, place)),
      bySource: summationMatrix(sources, own.pattern.rowCount),
    };
  });
}

let formsSeen = 0;
const identities = new WeakMap<LinearForms, string>();

function identityOf(forms: LinearForms): string {
  const identity = identities.get(forms) ?? String(formsSeen++);
  identities.set(forms, identity);
  return identity;
}

/** Σ over the paying transitions of a row of coefficient · x[target]; x null stands for ones, stops included. */
export function overPayments(payments: Payments, coefficients: Value, x: Value | null): Value {
  const terms = x === null ? coefficients : mul(coefficients, take(x, payments.targets));
  return csrLinear(payments.bySource, terms);
}
