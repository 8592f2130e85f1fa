// Expected products of accumulated rewards, from any start, over all epochs.
import type { Value } from "@phxlang/autodiff";
import { csrLinear } from "@phxlang/autodiff";
import type { RewardDeclaration } from "@phxlang/graph";
import {
  add,
  concatenate,
  dot,
  filled,
  firstEntries,
  less,
  mul,
  reshape,
  stack,
  sub,
  take,
  where,
} from "../array-operations.ts";
import { solveLeft, solveRight } from "../primitives/solve.ts";
import { allAtEpochs } from "./chain.ts";
import type { Evaluation } from "./evaluation.ts";
import { momentsBefore } from "./lifted-moments.ts";
import { formsOf } from "./model-structure.ts";
import { allRows, momentsAtRows } from "./moment-source.ts";
import { rightSide } from "./moment-terms.ts";
import type { MultiIndex } from "./multi-index.ts";
import { indicesUpTo, keyOf } from "./multi-index.ts";
import { rewardValues } from "./reward-values.ts";

type Reward = RewardDeclaration | null;

/** E[Π Y_j^{a_j}] for all a ≠ 0 up to `orders`, as scalars by key. */
export function expectedProducts(
  evaluation: Evaluation,
  rewards: readonly Reward[],
  orders: MultiIndex,
): Map<string, Value> {
  const start = evaluation.startRows();
  let moments = momentsAtRows(
    evaluation,
    rewards,
    orders,
    evaluation.epochCount === 1 ? start.rows : allRows(evaluation.structure),
  );
  for (let e = evaluation.epochCount - 2; e >= 0; e--) {
    moments = momentsBefore(evaluation.chain(), e, rewardValues(evaluation, e, rewards), orders, moments);
  }
  const isInfinite = infiniteWhere(evaluation, rewards);
  return new Map(
    indicesUpTo(orders).map((a) => {
      const key = keyOf(a);
      const vector = valueOf(moments, key);
      const finite = dot(start.weights, evaluation.epochCount === 1 ? vector : take(vector, start.rows));
      return [key, isInfinite === null ? finite : where(isInfinite, Infinity, finite)];
    }),
  );
}

/** Initial distribution over the rows of the first epoch. */
export function startRows(evaluation: Evaluation): Value {
  const { pattern } = evaluation.structure.epochs[0];
  return firstEntries(evaluation.start(), pattern.rowCount);
}

/** Covariances [R, R], for one epoch by R + 1 solves: x_j = U r_j and λ = Uᵀ start. */
export function covarianceMatrix(evaluation: Evaluation, rewards: readonly Reward[]): Value {
  const count = rewards.length;
  if (count === 0) return reshape(concatenate([]), [0, 0]);
  const entries: Value[] = Array.from({ length: count * count }, () => filled(1, 0));
  const isInfinite = infiniteWhere(evaluation, rewards);
  const put = (i: number, j: number, covariance: Value): void => {
    const value = isInfinite === null ? covariance : where(isInfinite, Infinity, covariance);
    entries[i * count + j] = reshape(value, [1]);
    entries[j * count + i] = entries[i * count + j];
  };
  if (evaluation.epochCount > 1) {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) put(i, j, epochCovariance(evaluation, rewards[i], rewards[j], i === j));
    }
    return reshape(concatenate(entries), [count, count]);
  }
  const { rowCount } = evaluation.last.pattern;
  const generator = evaluation.generator();
  const rights = rewards.map((reward) => rightSide(evaluation, [reward], [1], new Map()));
  const solutions = reshape(solveRight(generator, stack(rights)), [count * rowCount]);
  const first = rewards.map((_, j) => ({
    right: rights[j],
    moment: take(
      solutions,
      Int32Array.from({ length: rowCount }, (_row, i) => j * rowCount + i),
    ),
  }));
  const start = startRows(evaluation);
  const times = reshape(solveLeft(generator, reshape(start, [1, rowCount])), [rowCount]);
  const means = first.map(({ moment }) => dot(start, moment));
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const right =
        i === j
          ? rightSide(evaluation, [rewards[i]], [2], new Map([["1", first[i]]]))
          : rightSide(
              evaluation,
              [rewards[i], rewards[j]],
              [1, 1],
              new Map([
                ["1,0", first[i]],
                ["0,1", first[j]],
              ]),
            );
      put(i, j, sub(dot(times, right), mul(means[i], means[j])));
    }
  }
  return reshape(concatenate(entries), [count, count]);
}

function epochCovariance(evaluation: Evaluation, one: Reward, other: Reward, isSquare: boolean): Value {
  if (isSquare) {
    const products = expectedProducts(evaluation, [one], [2]);
    const mean = valueOf(products, "1");
    return sub(valueOf(products, "2"), mul(mean, mean));
  }
  const products = expectedProducts(evaluation, [one, other], [1, 1]);
  return sub(valueOf(products, "1,1"), mul(valueOf(products, "1,0"), valueOf(products, "0,1")));
}

export function valueOf(products: ReadonlyMap<string, Value>, key: string): Value {
  const found = products.get(key);
  if (found === undefined) throw new RangeError(`internal: no moment ${key}`);
  return found;
}

/** Whether a state from which nothing stops, and in which some reward goes on, is reached; null where there is none. */
function infiniteWhere(evaluation: Evaluation, rewards: readonly Reward[]): Value | null {
  const { structure, last } = evaluation;
  const { neverCause, rowCount } = last.pattern;
  if (neverCause < 0) return null;
  const { graph } = structure;
  const goesOn = rewards.some((reward) => {
    if (reward === null) return true;
    const { state: forms, impulse: paid } = formsOf(structure, reward, last.graphEpoch);
    const isNever = (state: number): boolean => last.rowOfState[state] === -1 - neverCause;
    const earns =
      forms !== null && last.rowOfState.some((_, i) => isNever(i) && forms.offsets[i] < forms.offsets[i + 1]);
    const pays =
      paid !== null &&
      graph.transitions.sources.some((state, t) => isNever(state) && paid.offsets[t] < paid.offsets[t + 1]);
    return earns || pays;
  });
  return goesOn ? less(0, neverProbability(evaluation, rowCount, neverCause)) : null;
}

/** P(T = ∞) */
export function neverProbability(evaluation: Evaluation, rowCount: number, neverCause: number): Value {
  const { pattern } = evaluation.last;
  const all = allAtEpochs(evaluation.chain());
  const start = all[all.length - 1];
  const rows = firstEntries(start, rowCount);
  const exits = csrLinear(pattern.exits(neverCause), evaluation.slots(evaluation.epochCount - 1));
  const reach = reshape(solveRight(evaluation.generator(), reshape(exits, [1, rowCount])), [rowCount]);
  const already = reshape(take(start, [rowCount + neverCause]), []);
  return add(already, dot(rows, reach));
}
