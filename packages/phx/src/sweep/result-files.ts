// The directory of a sweep: its plan, and one file for each finished task, named by what it was made from.
import { PhxError } from "@phxlang/autodiff";
import type { Host } from "../host.ts";
import { renderJson } from "../output/json.ts";
import type { Json } from "../output/json.ts";
import { hashOf, hashOfBytes, valuesOfTask, wordsOfTask } from "./plan.ts";
import type { SweepPlan } from "./plan.ts";

export interface TaskResult {
  readonly task: number;
  /** SHA-256 of every file that was read, by path. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What the command printed with --json. */
  readonly result: Json;
}

type Files = Pick<Host, "readText" | "readBytes" | "writeFile">;

const planFile = (directory: string): string => `${directory}/sweep.json`;

/** By the version of phx and the words of the task: the same on every machine. */
export function resultPath(directory: string, plan: SweepPlan, task: number): string {
  return `${directory}/${hashOf(plan.phx, ...wordsOfTask(plan, task)).slice(0, 32)}.json`;
}

/** Writes the plan, or finds the same one there. PHX986 where the directory holds another sweep. */
export function keepPlan(host: Files, directory: string, plan: SweepPlan): void {
  const known = textOf(host, planFile(directory));
  const own = renderJson(planDocument(plan));
  if (known === own) return;
  if (known !== null) {
    throw new PhxError({
      code: "PHX986",
      what: `"${directory}" holds the results of another sweep`,
      why: "its sweep.json names another command, other values or another version of phx",
      fix: "give another directory with --results, or remove this one",
    });
  }
  host.writeFile(planFile(directory), own);
}

/** PHX996 where there is none, PHX987 where it cannot be understood. */
export function readPlan(host: Files, directory: string): SweepPlan {
  const path = planFile(directory);
  const document = parsed(host.readText(path));
  if (isRecord(document)) {
    const { phx, command, over } = document;
    if (typeof phx === "string" && isTexts(command) && Array.isArray(over)) {
      const axes = over.map((axis) => {
        const { name, values } = isRecord(axis) ? axis : {};
        return typeof name === "string" && isTexts(values) ? { name, values } : null;
      });
      if (axes.every((axis) => axis !== null)) return { phx, command, over: axes };
    }
  }
  throw new PhxError({
    code: "PHX987",
    what: `"${path}" is not the plan of a sweep`,
    fix: "run the sweep again",
  });
}

function planDocument({ phx, command, over }: SweepPlan): Json {
  return {
    phx,
    command: [...command],
    over: over.map(({ name, values }) => ({ name, values: [...values] })),
  };
}

export function writeResult(host: Files, directory: string, plan: SweepPlan, found: TaskResult): void {
  const { task, inputs, result } = found;
  const values = valuesOfTask(plan, task);
  const axes = Object.fromEntries(plan.over.map(({ name }, i) => [name, values[i]]));
  const words = wordsOfTask(plan, task);
  const body: Json = { phx: plan.phx, task, axes, command: words, inputs: { ...inputs }, result };
  const text = renderJson({ checksum: hashOf(JSON.stringify(body)), body });
  host.writeFile(resultPath(directory, plan, task), text);
}

/** The result of a task; null where there is none that is whole. */
export function readResult(host: Files, directory: string, plan: SweepPlan, task: number): TaskResult | null {
  const document = parsed(textOf(host, resultPath(directory, plan, task)) ?? "");
  if (!isRecord(document) || !isRecord(document["body"])) return null;
  const { checksum, body } = document;
  if (checksum !== hashOf(JSON.stringify(body))) return null;
  const { inputs, result } = body;
  if (!isRecord(inputs) || result === undefined) return null;
  const hashes = Object.entries(inputs).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return { task, inputs: Object.fromEntries(hashes), result };
}

/** Whether the files that a result was made from are still the same. */
export function isCurrent(host: Files, { inputs }: TaskResult): boolean {
  return Object.entries(inputs).every(([path, hash]) => hashOfFile(host, path) === hash);
}

/** null where the file cannot be read. */
export function hashOfFile(host: Files, path: string): string | null {
  try {
    return hashOfBytes(host.readBytes(path));
  } catch (error) {
    if (error instanceof PhxError && error.code === "PHX996") return null;
    throw error;
  }
}

function textOf(host: Files, path: string): string | null {
  try {
    return host.readText(path);
  } catch (error) {
    if (error instanceof PhxError && error.code === "PHX996") return null;
    throw error;
  }
}

/** undefined for what is not JSON: such a file counts as absent. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
