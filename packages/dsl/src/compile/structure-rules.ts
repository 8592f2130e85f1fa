// Rules that only unrolled events show: indices outside, changes that conflict, rates below zero.
import type { Place } from "@phxlang/autodiff";
import { reportTrap } from "../check/evaluate.ts";
import type { CheckedModel } from "../check/model.ts";
import type { Reporter } from "../check/reporter.ts";
import type { InstanceTable } from "../terms/instances.ts";
import { reachable, refine, refinedInterval } from "../terms/refine.ts";
import { entryName, sizeOf } from "../terms/shape.ts";
import type { UnrolledModel } from "./callback.ts";
import { conflictIn } from "./change-code.ts";
import { describeEvent } from "./faults.ts";
import type { UnrolledChange, UnrolledEvent } from "./unroll.ts";

export function checkUnrolled(model: CheckedModel, unrolled: UnrolledModel, report: Reporter): void {
  const { table, epochs, starts, rewards } = unrolled;
  const traps = new TrapFinder(table, report);
  for (const { events, stops, enter } of epochs) {
    for (const event of events) {
      // A range that the state decides is unrolled over all it could be: only running it tells.
      if (!event.dynamic) traps.find([...event.conditions, ...rateOf(event), ...nodesOf(event.changes)]);
      reportConflict(table, event.changes, describeEvent(event), report);
      checkSign(model, table, event, report);
    }
    traps.find([...stops, ...nodesOf(enter)]);
    reportConflict(table, enter, "`enter`", report);
  }
  for (const start of starts) {
    traps.find([...nodesOf(start.changes), start.weight]);
    reportConflict(table, start.changes, "a start", report);
    checkStartRange(table, start.changes, report);
  }
  for (const reward of rewards) traps.find(reward.nodes);
}

function rateOf(event: UnrolledEvent): readonly number[] {
  return event.rate === "rest" ? [] : [event.rate];
}

function nodesOf(changes: readonly UnrolledChange[]): readonly number[] {
  return changes.flatMap(({ target, value, condition }) => [target, value, condition]);
}

/** PHX210 for indices that constants decide, and for those that no state can put right. */
class TrapFinder {
  readonly #table: InstanceTable;
  readonly #report: Reporter;
  readonly #seen = new Set<number>();

  constructor(table: InstanceTable, report: Reporter) {
    this.#table = table;
    this.#report = report;
  }

  find(roots: readonly number[]): void {
    const table = this.#table;
    const stack = [...roots];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (this.#seen.has(node)) continue;
      this.#seen.add(node);
      const operation = table.operation(node);
      if (operation === "trap") {
        reportTrap(this.#report, table.trap(table.a(node)));
      } else if (operation === "check") {
        this.#neverInside(node);
      }
      const operands = [table.a(node), table.b(node), table.c(node)];
      for (let k = 0; k < table.operandCount(node); k++) stack.push(operands[k]);
    }
  }

  #neverInside(node: number): void {
    const check = this.#table.check(this.#table.b(node));
    const { low, high } = this.#table.interval(this.#table.a(node));
    if (low <= check.high && high >= check.low) return;
    const range = low === high ? `is ${low}` : `lies in ${low}..${high}`;
    this.#report.error("PHX210", check.place, `the index ${range}: outside \`${check.declared}\``, {
      hint: "correct the index",
    });
  }
}

/** PHX403 for array cells. */
function reportConflict(
  table: InstanceTable,
  changes: readonly UnrolledChange[],
  what: string,
  report: Reporter,
): void {
  const conflict = conflictIn(table, changes);
  if (conflict === null) return;
  const [first, second] = conflict;
  const { array } = second.rule.state;
  const position = table.operation(second.target) === "cell" ? table.a(second.target) - array.offset : -1;
  const cell = position < 0 ? array.name : entryName(array.name, array.shape, position);
  const twice = first.adds === second.adds ? "set twice" : "both set and changed";
  const same = first.rule === second.rule;
  report.error("PHX403", second.rule.place, `\`${cell}\` is ${twice} in ${what}`, {
    related: same ? undefined : [{ ...first.rule.place, label: "the other change is here" }],
    hint: "changes happen at once: keep one of the two, or guard the event",
  });
}

/** PHX413 where a rate is never positive, PHX509 where a parameter without a bound makes it negative. */
function checkSign(model: CheckedModel, table: InstanceTable, event: UnrolledEvent, report: Reporter): void {
  const { rate, rule } = event;
  if (rate === "rest" || table.interval(rate).low >= 0) return;
  const refinement = refine(table, event.conditions);
  const { low, high } = refinedInterval(table, rate, refinement);
  if (low >= 0) return;
  const text = report.text(rule.ratePlace);
  if (high <= 0) {
    report.error(
      "PHX413",
      rule.ratePlace,
      `the rate of ${describeEvent(event)} is never positive: \`${text}\``,
      {
        label: `it lies between ${inWords(low)} and ${inWords(high)}`,
        hint: "correct the sign, or guard the event with `when`",
      },
    );
    return;
  }
  const unbounded = new Map<number, { readonly name: string; readonly place: Place }>();
  for (const { name, place, array, lower, simplex } of model.parameters) {
    if (lower !== null || simplex) continue;
    for (let i = 0; i < sizeOf(array.shape); i++) unbounded.set(array.offset + i, { name, place });
  }
  const blamed = new Map<string, Place>();
  const bounded = refinedInterval(table, rate, refinement, (node) => {
    const interval = table.interval(node);
    return unbounded.has(table.a(node)) ? { low: 0, high: interval.high } : interval;
  });
  if (bounded.low < 0) return;
  for (const node of reachable(table, rate)) {
    const parameter = table.operation(node) === "input" ? unbounded.get(table.a(node)) : undefined;
    if (parameter !== undefined) blamed.set(parameter.name, parameter.place);
  }
  for (const [name, place] of blamed) {
    report.warning(
      "PHX509",
      place,
      `the rate of event \`${rule.name}\` becomes negative where \`${name}\` is negative`,
      {
        label: "this parameter has no bound",
        related: [{ ...rule.ratePlace, label: "the rate is here" }],
        hint: `\`param ${name} > 0\``,
      },
    );
  }
}

function inWords(value: number): string {
  return Number.isFinite(value) ? String(value) : value > 0 ? "infinity" : "−infinity";
}

/** PHX701 for starts outside the ranges of the cells. */
function checkStartRange(table: InstanceTable, changes: readonly UnrolledChange[], report: Reporter): void {
  const values = new Map<number, { readonly change: UnrolledChange; readonly value: number }>();
  for (const change of changes) {
    const constant = table.constantValue(change.value);
    if (constant === undefined || table.operation(change.target) !== "cell") continue;
    const before = values.get(change.target)?.value ?? change.rule.state.lower;
    values.set(change.target, { change, value: change.adds ? before + constant : constant });
  }
  for (const { change, value } of values.values()) {
    const { rule, target } = change;
    const { name, lower, upper, array, place } = rule.state;
    if (value >= lower && value <= upper) continue;
    const cell = entryName(name, array.shape, table.a(target) - array.offset);
    report.error("PHX701", rule.place, `a start takes ${cell} to ${value}, outside ${lower}..${upper}`, {
      related: [{ ...place, label: "its range is declared here" }],
      hint: "start inside the range, or widen it",
    });
  }
}
