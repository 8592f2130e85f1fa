// A sweep: one command, and options of it that take several values; tasks are the combinations.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { PhxError } from "@phxlang/autodiff";
import { unreadable } from "../options/declaration.ts";

export interface Axis {
  /** `seed` for --seed VALUE, `theta.rate` for --theta rate=VALUE. */
  readonly name: string;
  readonly values: readonly string[];
}

export interface SweepPlan {
  /** Version of phx. */
  readonly phx: string;
  /** The command and its words, without what the axes add. */
  readonly command: readonly string[];
  /** The last one changes fastest. */
  readonly over: readonly Axis[];
}

const mostTasks = 1_000_000;

/** `seed=1..100`, `set.n=5,10,20`. PHX993 for anything else. */
export function readAxis(text: string): Axis {
  const match = /^(?<name>[a-z-]+(?:\.[^=]+)?)=(?<values>.+)$/s.exec(text)?.groups;
  if (match === undefined)
    throw unreadable(`"${text}" does not say what to vary`, "write OPTION=VALUES, such as seed=1..8");
  const range = /^(\d+)\.\.(\d+)$/.exec(match["values"]);
  if (range === null) return { name: match["name"], values: match["values"].split(",") };
  const [first, last] = [Number(range[1]), Number(range[2])];
  if (first > last || last - first >= mostTasks)
    throw unreadable(
      `the range ${match["values"]} is empty or too long`,
      `at most ${mostTasks} values, ascending`,
    );
  return { name: match["name"], values: Array.from({ length: last - first + 1 }, (_, i) => `${first + i}`) };
}

/** PHX995 where an axis occurs twice, PHX993 for more than a million tasks. */
export function checkPlan(plan: SweepPlan): SweepPlan {
  const names = plan.over.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new PhxError({
      code: "PHX995",
      what: `--over varies ${twice} twice`,
      fix: "give all of its values in one --over",
    });
  }
  if (taskCount(plan) > mostTasks)
    throw unreadable(`these are ${taskCount(plan)} tasks`, `give at most ${mostTasks}`);
  return plan;
}

export function taskCount({ over }: SweepPlan): number {
  return over.reduce((count, { values }) => count * values.length, 1);
}

/** The values of the axes in a task, counted from 0. */
export function valuesOfTask({ over }: SweepPlan, task: number): string[] {
  const values: string[] = [];
  let rest = task;
  for (const axis of over.toReversed()) {
    values.unshift(axis.values[rest % axis.values.length]);
    rest = Math.floor(rest / axis.values.length);
  }
  return values;
}

/** The command line of a task; results are JSON. */
export function wordsOfTask(plan: SweepPlan, task: number): string[] {
  const added = valuesOfTask(plan, task).flatMap((value, i) => {
    const [option, ...key] = plan.over[i].name.split(".");
    return [`--${option}`, key.length === 0 ? value : `${key.join(".")}=${value}`];
  });
  const json = plan.command.includes("--json") ? [] : ["--json"];
  return [...plan.command, ...added, ...json];
}

export function hashOf(...parts: readonly string[]): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts))));
}

export function hashOfBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
