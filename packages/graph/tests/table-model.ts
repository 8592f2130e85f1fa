// Models given by tables, with an enumerator on sets of strings: what exploration is tested against.
import * as fc from "fast-check";
import type { Cell, GraphCallback, TimeKind } from "../src/index.ts";
import { createFeatureTable } from "../src/index.ts";

/** A change of the state where a linear guard holds, at rate Σ coefficients · θ. */
export interface Rule {
  readonly event: number;
  readonly guard: readonly number[];
  readonly atLeast: number;
  readonly change: readonly number[];
  readonly terms: readonly (readonly [parameter: number, coefficient: number])[];
}

export interface TableModel {
  readonly kind: TimeKind;
  readonly bounds: readonly (readonly [number, number])[];
  readonly start: readonly (readonly number[])[];
  readonly rules: readonly Rule[];
  /** Epoch e uses the rules for which ruleEpochs[rule] has bit e. */
  readonly ruleEpochs: readonly number[];
  readonly epochCount: number;
  /** What the state becomes at the beginning of each later epoch: rotated by one cell where true. */
  readonly rotates: boolean;
  readonly stopSum: number;
}

export const parameterCount = 3;

/** States wrap around their bounds, so no rule leads out of them. */
export const tableModels: fc.Arbitrary<TableModel> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }))
  .chain(([cellCount, epochCount]) => {
    const rule = fc.record({
      event: fc.integer({ min: 0, max: 2 }),
      guard: fc.array(fc.integer({ min: -1, max: 1 }), { minLength: cellCount, maxLength: cellCount }),
      atLeast: fc.integer({ min: -3, max: 3 }),
      change: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: cellCount, maxLength: cellCount }),
      terms: fc.array(
        fc.tuple(fc.integer({ min: -1, max: parameterCount - 1 }), fc.constantFrom(1, 2, 0.5, 3)),
        { minLength: 0, maxLength: 3 },
      ),
    });
    return fc.record({
      kind: fc.constant<TimeKind>("continuous"),
      bounds: fc.array(fc.tuple(fc.integer({ min: -3, max: 0 }), fc.integer({ min: 1, max: 3 })), {
        minLength: cellCount,
        maxLength: cellCount,
      }),
      start: fc.array(
        fc.array(fc.integer({ min: 0, max: 0 }), { minLength: cellCount, maxLength: cellCount }),
        {
          minLength: 1,
          maxLength: 2,
        },
      ),
      rules: fc.array(rule, { minLength: 1, maxLength: 6 }),
      ruleEpochs: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 6, maxLength: 6 }),
      epochCount: fc.constant(epochCount),
      rotates: fc.boolean(),
      stopSum: fc.integer({ min: -2, max: 4 }),
    });
  });

function wrap(model: TableModel, state: readonly number[]): number[] {
  return state.map((value, c) => {
    const [lower, upper] = model.bounds[c];
    const size = upper - lower + 1;
    return lower + ((((value - lower) % size) + size) % size);
  });
}

function stops(model: TableModel, state: readonly number[]): boolean {
  return state.reduce((sum, value) => sum + value, 0) === model.stopSum;
}

function successors(
  model: TableModel,
  state: readonly number[],
  epoch: number,
): { rule: Rule; target: number[] }[] {
  return model.rules.flatMap((rule, index) => {
    const active = (model.ruleEpochs[index] >> epoch) & 1;
    const guard = rule.guard.reduce((sum, factor, c) => sum + factor * state[c], 0);
    const changes = rule.change.some((change) => change !== 0);
    if (active === 0 || guard < rule.atLeast || !changes || rule.terms.length === 0) return [];
    const target = wrap(
      model,
      state.map((value, c) => value + rule.change[c]),
    );
    return [{ rule, target }];
  });
}

function entered(model: TableModel, state: readonly number[]): number[] {
  return model.rotates ? wrap(model, [...state.slice(1), state[0]]) : [...state];
}

/** The model as exploration sees it; `order` permutes the rules, which must not matter. */
export function callbackOf(
  model: TableModel,
  order: readonly number[] = model.rules.map((_, i) => i),
): GraphCallback {
  const features = createFeatureTable(parameterCount);
  const numbers = Array.from({ length: parameterCount }, (_, p) => features.feature(features.input(p)));
  const cells = model.bounds.map(([lower, upper], c): Cell => ({ name: `c${c}`, lower, upper }));
  return {
    kind: model.kind,
    cells,
    features,
    events: ["a", "b", "c"],
    causes: [""],
    declaresStop: true,
    epochs: Array.from({ length: model.epochCount }, (_, e) => ({ name: `e${e}`, start: e })),
    start(sink) {
      for (const state of model.start) {
        sink.start(Int32Array.from(state), 1, Int32Array.of(0), Float64Array.of(1 / model.start.length));
      }
    },
    transitions(state, epoch, sink) {
      const found = successors(model, Array.from(state), epoch);
      const ranked = found.map((one) => ({ ...one, rank: order.indexOf(model.rules.indexOf(one.rule)) }));
      for (const { rule, target } of ranked.sort((a, b) => a.rank - b.rank)) {
        const terms = rule.terms.map(([p, coefficient]) => [p < 0 ? 0 : numbers[p], coefficient] as const);
        sink.edge(
          rule.event,
          Int32Array.from(target),
          terms.length,
          Int32Array.from(terms, ([feature]) => feature),
          Float64Array.from(terms, ([, coefficient]) => coefficient),
        );
      }
    },
    stopCause: (state) => (stops(model, Array.from(state)) ? 0 : -1),
    enter(state) {
      state.set(entered(model, Array.from(state)));
    },
  };
}

export interface Enumerated {
  /** Keys of all states met, and per epoch those that are met in it. */
  readonly states: ReadonlySet<string>;
  readonly reached: readonly ReadonlySet<string>[];
  /** Per epoch: `source→target` to parameter to coefficient, summed over rules; and the same by event. */
  readonly edges: readonly ReadonlyMap<string, readonly number[]>[];
  readonly byEvent: readonly ReadonlyMap<string, readonly number[]>[];
}

export function enumerate(model: TableModel): Enumerated {
  const states = new Set<string>();
  const reachedByEpoch: Set<string>[] = [];
  const edges: Map<string, number[]>[] = [];
  const byEvent: Map<string, number[]>[] = [];
  let frontier = model.start.map((state) => [...state]);
  for (let epoch = 0; epoch < model.epochCount; epoch++) {
    if (epoch > 0) {
      frontier = [...reachedByEpoch[epoch - 1]]
        .map((key) => key.split(",").map(Number))
        .filter((state) => !stops(model, state))
        .map((state) => entered(model, state));
    }
    const reached = new Set<string>();
    const edge = new Map<string, number[]>();
    const event = new Map<string, number[]>();
    const queue = [...frontier];
    for (const state of queue) {
      const key = state.join(",");
      if (reached.has(key)) continue;
      reached.add(key);
      states.add(key);
      if (stops(model, state)) continue;
      for (const { rule, target } of successors(model, state, epoch)) {
        const pair = `${key}→${target.join(",")}`;
        const named = `${pair}@${rule.event}`;
        const total = edge.get(pair) ?? Array.from({ length: parameterCount + 1 }, () => 0);
        const alone = event.get(named) ?? Array.from({ length: parameterCount + 1 }, () => 0);
        for (const [p, coefficient] of rule.terms) {
          total[p + 1] += coefficient;
          alone[p + 1] += coefficient;
        }
        edge.set(pair, total);
        event.set(named, alone);
        queue.push(target);
      }
    }
    reachedByEpoch.push(reached);
    edges.push(edge);
    byEvent.push(event);
  }
  return { states, reached: reachedByEpoch, edges, byEvent };
}
