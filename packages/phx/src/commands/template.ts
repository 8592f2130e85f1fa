// phx template: job files that run the tasks of a sweep on a cluster.
import { PhxError } from "@phxlang/autodiff";
import type { CommandDefinition } from "../command.ts";
import { last } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { present } from "../present.ts";
import { over, planOf, results } from "../sweep/options.ts";
import { checkPlan, taskCount } from "../sweep/plan.ts";
import { renderTemplate, schedulers } from "../sweep/templates.ts";

const image: OptionDeclaration<string> = {
  flags: "--image <name>",
  description: "container image with phx, for kubernetes (default: phx)",
  read: last,
  absent: "phx",
};

export const template: CommandDefinition = {
  name: "template",
  words: [
    { name: "<scheduler>", description: schedulers.join(", ") },
    { name: "<command...>", description: "after --: the command to repeat, as for `phx sweep`" },
  ],
  summary: "print a job file that runs a sweep",
  description: "The file is a beginning: times, memory and partitions are yours to set.",
  options: [over, results, image],
  examples: [
    {
      line: "phx template slurm --over seed=1..8 --results out/chains -- fit examples/leukemia.phx -m nuts --chains 1",
      says: "eight chains as an array job",
    },
  ],
  run: async (invocation) => {
    const [name, ...command] = invocation.words;
    const scheduler = schedulers.find((known) => known === name);
    if (scheduler === undefined) {
      throw new PhxError({
        code: "PHX993",
        what: `there is no template for "${name}"`,
        fix: `the schedulers are ${schedulers.join(", ")}`,
      });
    }
    const plan = checkPlan({ ...planOf(invocation), command });
    const text = renderTemplate(scheduler, {
      plan,
      count: taskCount(plan),
      results: invocation.value(results),
      image: invocation.value(image),
    });
    await present(invocation, {
      json: () => ({ scheduler, tasks: taskCount(plan), text }),
      text: () => text,
    });
    return 0;
  },
};
