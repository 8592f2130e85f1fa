// unroll: events, stops and enters of one epoch, and starts, with every loop variable put in.
import type { Place } from "@phxlang/autodiff";
import type {
  ChangeList,
  ChangeRule,
  CheckedModel,
  EventRule,
  RewardRule,
  StartRule,
} from "../check/model.ts";
import type { InstanceTable } from "../terms/instances.ts";
import { Specialiser } from "../terms/specialiser.ts";
import type { IterationBudget } from "../terms/specialiser.ts";
import type { Binding, Term } from "../terms/terms.ts";

/** Numbers are nodes of the InstanceTable. */
export interface UnrolledChange {
  readonly rule: ChangeRule;
  /** A `cell` or `cellAt`, or a trap. */
  readonly target: number;
  /** What is set, or added; a `-=` adds the negation. */
  readonly value: number;
  readonly adds: boolean;
  /** Under which it happens: the constant 1, unless `each` has a condition that reads the state. */
  readonly condition: number;
}

/** One event under one assignment of its loop variables. */
export interface UnrolledEvent {
  readonly rule: EventRule;
  readonly event: number;
  /** Values of the loop variables. */
  readonly values: readonly number[];
  /** Ranges that the state decides, and each part of the `when`: all must hold. */
  readonly conditions: readonly number[];
  /** Whether ranges that the state decides are among the conditions. */
  readonly dynamic: boolean;
  readonly rate: number | "rest";
  readonly changes: readonly UnrolledChange[];
}

export interface UnrolledEpoch {
  readonly events: readonly UnrolledEvent[];
  /** Condition of each stop. */
  readonly stops: readonly number[];
  readonly enter: readonly UnrolledChange[];
}

export interface UnrolledStart {
  readonly rule: StartRule;
  readonly changes: readonly UnrolledChange[];
  /** Reads the state that it starts in. */
  readonly weight: number;
}

/** One entry of a reward. */
export interface UnrolledReward {
  readonly rule: RewardRule;
  /** Values of the loop variables. */
  readonly values: readonly number[];
  /** The value in each epoch. */
  readonly nodes: readonly number[];
}

/** Events, starts and rewards may each be unrolled to this many assignments of their loop variables. */
export const maximumBindings = 200_000;

/** Thrown when the events, starts or rewards of a model unroll further. */
export class TooManyBindings extends Error {
  readonly place: Place;
  readonly what: "events" | "starts" | "rewards";
  constructor(place: Place, what: "events" | "starts" | "rewards") {
    super("internal: too many bindings");
    this.place = place;
    this.what = what;
  }
}

/** What a part of a `when` was found to be over all assignments. */
export type GuardReport = (part: Term, node: number) => void;

/** A model without epochs has one, number 0. Assignments under which an event can never happen are left out. */
export function unrollEpoch(
  model: CheckedModel,
  table: InstanceTable,
  budget: IterationBudget,
  epoch: number,
  reportGuard: GuardReport,
): UnrolledEpoch {
  const specialiser = new Specialiser(table, budget, epoch);
  const events: UnrolledEvent[] = [];
  for (const [event, rule] of model.events.entries()) {
    const parts = conjuncts(rule.binding.condition);
    const loops: Binding = { loops: rule.binding.loops, condition: null };
    specialiser.forEach(loops, (ranges, dynamic) => {
      const nodes = parts.map((part) => specialiser.specialise(part));
      for (const [i, part] of parts.entries()) reportGuard(part, nodes[i]);
      const conditions = [ranges, ...nodes].filter((node) => table.constantValue(node) !== 1);
      if (conditions.some((node) => table.constantValue(node) === 0)) return;
      const rate = rule.rate === "rest" ? "rest" : specialiser.specialise(rule.rate);
      if (rate !== "rest" && table.constantValue(rate) === 0) return;
      if (events.length >= maximumBindings) throw new TooManyBindings(rule.place, "events");
      const values = rule.binding.loops.map((loop) => specialiser.valueOf(loop.variable));
      const changes = unrollChanges(rule.changes, specialiser);
      events.push({ rule, event, values, conditions, dynamic, rate, changes });
    });
  }
  const stops = model.stops.map((stop) => specialiser.specialise(stop.condition));
  const enter = epoch > 0 ? model.epochs[epoch].enter : null;
  return { events, stops, enter: enter === null ? [] : unrollChanges(enter, specialiser) };
}

export function unrollStarts(
  model: CheckedModel,
  table: InstanceTable,
  budget: IterationBudget,
): readonly UnrolledStart[] {
  const specialiser = new Specialiser(table, budget);
  const starts: UnrolledStart[] = [];
  for (const rule of model.starts) {
    specialiser.forEach(rule.binding, () => {
      const weight = rule.weight === null ? table.constant(1) : specialiser.specialise(rule.weight);
      if (starts.length >= maximumBindings) throw new TooManyBindings(rule.place, "starts");
      starts.push({ rule, changes: unrollChanges(rule.changes, specialiser), weight });
    });
  }
  return starts;
}

export function unrollRewards(
  model: CheckedModel,
  table: InstanceTable,
  budget: IterationBudget,
  epochCount: number,
): readonly UnrolledReward[] {
  const specialisers = Array.from(
    { length: epochCount },
    (_, epoch) => new Specialiser(table, budget, epoch),
  );
  const rewards: UnrolledReward[] = [];
  for (const rule of model.rewards) {
    specialisers[0].forEach({ loops: rule.indices, condition: null }, () => {
      if (rewards.length >= maximumBindings) throw new TooManyBindings(rule.place, "rewards");
      const values = rule.indices.map((loop) => specialisers[0].valueOf(loop.variable));
      const nodes = specialisers.map((specialiser) => {
        for (const [i, loop] of rule.indices.entries()) specialiser.assign(loop.variable, values[i]);
        return specialiser.specialise(rule.value);
      });
      rewards.push({ rule, values, nodes });
    });
  }
  return rewards;
}

function unrollChanges(list: ChangeList, specialiser: Specialiser): readonly UnrolledChange[] {
  const { table } = specialiser;
  const changes: UnrolledChange[] = [];
  specialiser.forEach(list.each, (condition) => {
    for (const rule of list.items) {
      const target = specialiser.specialise(rule.target);
      const given = specialiser.specialise(rule.value);
      const value = rule.operator === "-=" ? table.apply("neg", given) : given;
      changes.push({ rule, target, value, adds: rule.operator !== "=", condition });
    }
  });
  return changes;
}

/** Parts of a condition that are joined by `and`, from left to right. */
export function conjuncts(condition: Term | null): readonly Term[] {
  const parts: Term[] = [];
  const stack = condition === null ? [] : [condition];
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    if (term.op === "operation" && term.operation === "and") stack.push(term.operands[1], term.operands[0]);
    else parts.push(term);
  }
  return parts;
}
