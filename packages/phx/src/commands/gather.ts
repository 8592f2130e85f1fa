// phx gather: the results of a sweep as one table or one document.
import { PhxError } from "@phxlang/autodiff";
import type { CommandDefinition } from "../command.ts";
import { endingOf } from "../curves/write-picture.ts";
import { flag, last } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { renderCsv } from "../output/csv.ts";
import { renderJson } from "../output/json.ts";
import type { Json } from "../output/json.ts";
import { renderTable } from "../output/table.ts";
import type { Column } from "../output/table.ts";
import { heading, present } from "../present.ts";
import { leavesOf } from "../sweep/leaves.ts";
import type { SweepPlan } from "../sweep/plan.ts";
import { taskCount, valuesOfTask } from "../sweep/plan.ts";
import { readPlan, readResult } from "../sweep/result-files.ts";
import type { TaskResult } from "../sweep/result-files.ts";

const columns: OptionDeclaration<readonly string[] | undefined> = {
  flags: "--columns <names>",
  description:
    "entries of the results to show, separated by commas (default: all that are one number or word)",
  read: (texts) => last(texts).split(","),
  absent: undefined,
};

const out: OptionDeclaration<string | undefined> = {
  flags: "--out <file>",
  description: "write to a .csv or .json file instead",
  read: last,
  absent: undefined,
};

const partial = flag("--partial", "gather what is there, although tasks are missing");

/** More columns than this do not fit on a terminal. */
const mostColumns = 10;

export const gather: CommandDefinition = {
  name: "gather",
  words: [{ name: "<directory>", description: "where `phx sweep` kept its results" }],
  summary: "join the results of a sweep",
  options: [columns, out, partial],
  examples: [
    {
      line: "phx gather out/sizes --columns variables.time.mean,variables.time.std",
      says: "mean and standard deviation for each size",
    },
  ],
  run: async (invocation) => {
    const [directory] = invocation.words;
    const { host } = invocation;
    const plan = readPlan(host, directory);
    const found: TaskResult[] = [];
    const missing: number[] = [];
    for (let index = 0; index < taskCount(plan); index++) {
      const result = readResult(host, directory, plan, index);
      if (result === null) missing.push(index);
      else found.push(result);
    }
    if (missing.length > 0 && !invocation.value(partial)) throw unfinished(missing, taskCount(plan));
    checkInputs(found);
    const wanted = invocation.value(columns);
    const table = tableOf(plan, found, wanted);
    const document = (): Json => documentOf(plan, found, missing);
    const path = invocation.value(out);
    if (path !== undefined) {
      host.writeFile(
        path,
        endingOf(path, ["csv", "json"]) === "csv" ? renderCsv(table) : renderJson(document()),
      );
      await invocation.note(`wrote ${path}`);
      return 0;
    }
    await present(invocation, {
      json: document,
      text: (style) =>
        heading(style, `phx ${plan.command.join(" ")}`, `${found.length} of ${taskCount(plan)} tasks`) +
        renderTable(wanted === undefined ? table.slice(0, mostColumns) : table, style),
    });
    if (wanted === undefined && table.length > mostColumns) {
      const more = table.slice(mostColumns).map(({ title }) => title);
      await invocation.note(`${more.length} more columns (--columns, --out FILE.csv): ${more.join(", ")}`);
    }
    return 0;
  },
};

function documentOf(plan: SweepPlan, found: readonly TaskResult[], missing: readonly number[]): Json {
  return {
    phx: plan.phx,
    command: [...plan.command],
    missing: [...missing],
    tasks: found.map(({ task, inputs, result }) => ({
      task,
      axes: Object.fromEntries(valuesOfTask(plan, task).map((value, i) => [plan.over[i].name, value])),
      inputs: { ...inputs },
      result,
    })),
  };
}

/** PHX994 for a column that no result has. */
function tableOf(
  plan: SweepPlan,
  found: readonly TaskResult[],
  wanted: readonly string[] | undefined,
): readonly Column[] {
  const leaves = found.map(({ result }) => leavesOf(result));
  const known = [...new Set(leaves.flatMap((own) => [...own.keys()]))];
  const unknown = wanted?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new PhxError({
      code: "PHX994",
      what: `no result has an entry ${unknown}`,
      fix: `the entries are ${known.slice(0, 40).join(", ")}`,
    });
  }
  const axes = plan.over.map(({ name }, i) => ({
    title: name,
    cells: found.map(({ task }) => valuesOfTask(plan, task)[i]),
  }));
  return [
    { title: "task", cells: found.map(({ task }) => task) },
    ...axes,
    ...(wanted ?? known.filter((name) => !isAxis(name, plan) && !isCommon(name, leaves))).map((title) => ({
      title,
      cells: leaves.map((own) => own.get(title) ?? ""),
    })),
  ];
}

function unfinished(missing: readonly number[], count: number): PhxError {
  const shown = missing.slice(0, 20).join(", ") + (missing.length > 20 ? ", …" : "");
  return new PhxError({
    code: "PHX988",
    what: `${missing.length} of ${count} tasks have no whole result: ${shown}`,
    why: "they have not ended yet, have failed, or their files are damaged",
    fix: "run them again with `phx sweep … --task INDEX`, or gather what is there with --partial",
  });
}

/** PHX978 where two tasks read different contents of one file. */
function checkInputs(found: readonly TaskResult[]): void {
  const seen = new Map<string, { readonly hash: string; readonly task: number }>();
  for (const { task, inputs } of found) {
    for (const [path, hash] of Object.entries(inputs)) {
      const first = seen.get(path);
      if (first === undefined) seen.set(path, { hash, task });
      else if (first.hash !== hash) {
        throw new PhxError({
          code: "PHX978",
          what: `tasks ${first.task} and ${task} read different contents of "${path}"`,
          why: "results of different models or data are not joined",
          fix: "run the sweep again: tasks whose files have changed are done anew",
        });
      }
    }
  }
}

/** What the document says of its own options stands in the table already. */
function isAxis(name: string, { over }: SweepPlan): boolean {
  return over.some((axis) => axis.name === name);
}

/** Words that are the same in all results (the name of the model) say nothing in a table. */
function isCommon(name: string, leaves: readonly Map<string, string | number>[]): boolean {
  const first = leaves[0].get(name);
  return typeof first === "string" && leaves.every((own) => own.get(name) === first);
}
