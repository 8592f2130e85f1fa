// Options of `phx sweep`, `phx gather` and `phx template`.
import type { Invocation } from "../command.ts";
import { last, unreadable } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { readWholeNumber } from "../options/numbers.ts";
import { version } from "../version.ts";
import type { Axis, SweepPlan } from "./plan.ts";
import { checkPlan, readAxis } from "./plan.ts";

export const over: OptionDeclaration<readonly Axis[]> = {
  flags: "--over <option=values>",
  description: "an option of the command and its values: seed=1..8, set.n=5,10, theta.rate=0.5,1,2",
  repeatable: true,
  read: (texts) => texts.map(readAxis),
  absent: [],
};

export const results: OptionDeclaration<string> = {
  flags: "--results <directory>",
  description: "where results are kept (default: sweep)",
  setting: "results",
  read: last,
  absent: "sweep",
};

export const task: OptionDeclaration<number | undefined> = {
  flags: "--task <index>",
  description: "do this task only, counted from 0 (default: the index that a scheduler gives, else all)",
  read: readWholeNumber(0, 1_000_000),
  absent: undefined,
};

/** What schedulers call the index of a task; GNU parallel counts from 1. */
const schedulerVariables: readonly (readonly [string, number])[] = [
  ["SLURM_ARRAY_TASK_ID", 0],
  ["JOB_COMPLETION_INDEX", 0],
  ["PBS_ARRAY_INDEX", 0],
  ["AWS_BATCH_JOB_ARRAY_INDEX", 0],
  ["PARALLEL_SEQ", 1],
];

/** The task that is asked for, or that a scheduler asks for; undefined for all. PHX993 where it is no number. */
export function taskWanted(invocation: Invocation): number | undefined {
  const own = invocation.value(task);
  if (own !== undefined) return own;
  for (const [name, first] of schedulerVariables) {
    const text = invocation.host.environment[name];
    if (text === undefined || text === "") continue;
    if (!/^\d+$/.test(text) || Number(text) < first)
      throw unreadable(`${name} is "${text}", not the index of a task`, "give --task INDEX, or unset it");
    return Number(text) - first;
  }
  return undefined;
}

/** The plan that the words and options of a call describe. */
export function planOf(invocation: Invocation): SweepPlan {
  return checkPlan({ phx: version, command: invocation.words, over: invocation.value(over) });
}
