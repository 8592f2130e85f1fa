// unrollModel: a checked model with all loops put in, and what only this shows to be wrong.
import type { CheckedModel } from "../check/model.ts";
import { reportLimit } from "../check/limits.ts";
import type { Reporter } from "../check/reporter.ts";
import { InstanceTable } from "../terms/instances.ts";
import { wholeLine } from "../terms/intervals.ts";
import type { Interval } from "../terms/intervals.ts";
import { sizeOf } from "../terms/shape.ts";
import { IterationBudget, Specialiser } from "../terms/specialiser.ts";
import type { UnrolledModel } from "./callback.ts";
import { checkGuards, GuardStatistics } from "./guard-rules.ts";
import { checkUnrolled } from "./structure-rules.ts";
import { maximumBindings, TooManyBindings, unrollEpoch, unrollRewards, unrollStarts } from "./unroll.ts";

/** Null after an error. */
export function unrollModel(model: CheckedModel, report: Reporter): UnrolledModel | null {
  try {
    return unroll(model, report);
  } catch (error) {
    if (error instanceof TooManyBindings) {
      const limit = maximumBindings.toLocaleString("en-US");
      report.error("PHX414", error.place, `the loops unroll to more than ${limit} ${error.what}`, {
        hint: "tighten the ranges of the loops",
      });
    } else if (!reportLimit(error, model.place, report)) {
      throw error;
    }
    return null;
  }
}

function unroll(model: CheckedModel, report: Reporter): UnrolledModel | null {
  const table = new InstanceTable(cellIntervals(model), inputIntervals(model));
  const statistics = new GuardStatistics(table);
  const epochCount = Math.max(1, model.epochs.length);
  const budget = new IterationBudget();
  const epochs = Array.from({ length: epochCount }, (_, epoch) =>
    unrollEpoch(model, table, budget, epoch, (part, node) => statistics.add(part, node)),
  );
  const starts = unrollStarts(model, table, budget);
  const rewards = unrollRewards(model, table, budget, epochCount);
  const unrolled = { table, starts, epochs, rewards };
  checkGuards(model, unrolled, statistics, report);
  checkUnrolled(model, unrolled, report);
  return report.hasErrors ? null : unrolled;
}

/** Ranges of the cells by cell number. */
function cellIntervals(model: CheckedModel): (cell: number) => Interval {
  const intervals: Interval[] = [];
  for (const { array, lower, upper } of model.states) {
    const interval = { low: lower, high: upper };
    for (let i = 0; i < sizeOf(array.shape); i++) intervals.push(interval);
  }
  return (cell) => intervals[cell];
}

/** Ranges of the entries of z by number. Bounds that read other parameters are bounded by theirs. */
function inputIntervals(model: CheckedModel): (input: number) => Interval {
  const intervals: Interval[] = [];
  for (const parameter of model.parameters) {
    const known = new InstanceTable(
      () => wholeLine,
      (input) => intervals[input],
    );
    const specialiser = new Specialiser(known);
    const { lower, upper, simplex } = parameter;
    const interval = simplex
      ? { low: 0, high: 1 }
      : {
          low: lower === null ? -Infinity : known.interval(specialiser.specialise(lower)).low,
          high: upper === null ? Infinity : known.interval(specialiser.specialise(upper)).high,
        };
    for (let i = 0; i < sizeOf(parameter.array.shape); i++) intervals.push(interval);
  }
  return (input) => intervals[input] ?? wholeLine;
}
