// phx sweep: one command with many values of its options, as tasks that any machine can do in any order.
import { PhxError } from "@phxlang/autodiff";
import type { CommandDefinition, ExitStatus, Invocation } from "../command.ts";
import type { Json } from "../output/json.ts";
import { present } from "../present.ts";
import { over, planOf, results, task, taskWanted } from "../sweep/options.ts";
import type { SweepPlan } from "../sweep/plan.ts";
import { taskCount, valuesOfTask, wordsOfTask } from "../sweep/plan.ts";
import {
  hashOfFile,
  isCurrent,
  keepPlan,
  readResult,
  resultPath,
  writeResult,
} from "../sweep/result-files.ts";
import { watch } from "../sweep/watching-host.ts";

export const sweep: CommandDefinition = {
  name: "sweep",
  words: [{ name: "<command...>", description: "after --: the command to repeat, as it is typed after phx" }],
  summary: "repeat a command over values of its options, as tasks of array jobs",
  description:
    "Tasks are the combinations of all --over, counted from 0, the last one changing fastest. Each leaves one file, named by\n" +
    "what it was made from; finished tasks are not done again, unless a file that they read has changed. Without --task, the\n" +
    "index that a scheduler gives is taken (Slurm, Kubernetes, PBS, AWS Batch, GNU parallel), else all tasks are done in turn.",
  options: [over, results, task],
  examples: [
    {
      line: "phx sweep --over set.n=5,10,20 --results out/sizes -- moments examples/kingman.phx",
      says: "moments for three sizes",
    },
    {
      line: "phx sweep --over seed=1..4 --results out/chains --task 2 -- fit examples/leukemia.phx -m nuts --chains 1 --warmup 30 --draws 20 --quiet",
      says: "the third of four chains",
    },
  ],
  run: async (invocation) => {
    const plan = planOf(invocation);
    const directory = invocation.value(results);
    const count = taskCount(plan);
    const wanted = taskWanted(invocation);
    if (wanted !== undefined && wanted >= count) {
      throw new PhxError({
        code: "PHX993",
        what: `there is no task ${wanted}`,
        why: `the sweep has ${count} tasks, counted from 0`,
        fix: `give an index up to ${count - 1}`,
      });
    }
    keepPlan(invocation.host, directory, plan);
    const tasks = wanted === undefined ? Array.from({ length: count }, (_, i) => i) : [wanted];
    const done: { readonly task: number; readonly file: string; readonly outcome: string }[] = [];
    for (const index of tasks) {
      const outcome = await doTask(invocation, plan, directory, index);
      if (typeof outcome === "number") return outcome;
      done.push({ task: index, file: resultPath(directory, plan, index), outcome });
    }
    await present(invocation, {
      json: () => ({ tasks: count, done }),
      text: () =>
        done
          .map(({ task: index, file, outcome }) => {
            const values = valuesOfTask(plan, index).map((value, i) => `${plan.over[i].name}=${value}`);
            return `task ${index} of ${count}  ${values.join(" ")}  ${outcome}: ${file}\n`;
          })
          .join(""),
    });
    return 0;
  },
};

/** "done", "was done before", or the exit status of a command that failed. */
async function doTask(
  invocation: Invocation,
  plan: SweepPlan,
  directory: string,
  index: number,
): Promise<"done" | "was done before" | ExitStatus> {
  const { host } = invocation;
  const known = readResult(host, directory, plan, index);
  if (known !== null && isCurrent(host, known)) return "was done before";
  const words = wordsOfTask(plan, index);
  const watched = watch(host);
  const status = await invocation.call(words, watched.host);
  if (status !== 0) {
    // Errors were printed by the command, or are the document that it printed.
    await host.err.write(watched.printed());
    await invocation.note(`task ${index} failed: phx ${words.join(" ")}`);
    return status;
  }
  const inputs = watched.readFiles().map((path) => [path, hashOfFile(host, path) ?? ""] as const);
  writeResult(host, directory, plan, {
    task: index,
    inputs: Object.fromEntries(inputs),
    result: documentOf(watched.printed(), words),
  });
  return "done";
}

/** PHX995 for a command that has no JSON document. */
function documentOf(text: string, words: readonly string[]): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new PhxError({
      code: "PHX995",
      what: `\`phx ${words[0]}\` prints no JSON document with these options`,
      why: error instanceof Error ? error.message : String(error),
      fix: "sweep a command whose result is a document, and write nothing else to standard output",
    });
  }
}
