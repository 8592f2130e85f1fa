// phx sample: random draws of the time, of a reward, or of whole paths.
import { random } from "@phxlang/autodiff";
import { PhxError } from "@phxlang/autodiff";
import type { CommandDefinition, Invocation } from "../command.ts";
import * as common from "../options/common.ts";
import { flag } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { readWholeNumber } from "../options/numbers.ts";
import { renderCsv } from "../output/csv.ts";
import { present } from "../present.ts";
import { numbersOf } from "../numbers-of.ts";
import { describeSession, openSession } from "../session.ts";
import type { Session } from "../session.ts";
import { variableNamed } from "../variables.ts";

const count: OptionDeclaration<number> = {
  flags: "-n, --count <number>",
  description: "how many independent draws (default: 10)",
  setting: "count",
  read: readWholeNumber(1, 100_000_000),
  absent: 10,
};

const paths = flag("--paths", "whole paths: the states and when they were entered");

export const sample: CommandDefinition = {
  name: "sample",
  words: [{ name: "<file>", description: "the model" }],
  summary: "random draws of the time, of a reward, or of whole paths",
  description: "Draws are CSV, one a line. The same seed gives the same draws on every machine.",
  options: [...common.modelOptions, ...common.valueOptions, common.reward, count, common.seed, paths],
  examples: [
    { line: "phx sample examples/kingman.phx --count 5 --seed 1", says: "five times to the common ancestor" },
    { line: "phx sample examples/mm1k.phx --count 1 --seed 7 --paths", says: "one path through the states" },
  ],
  run: async (invocation) => {
    const session = openSession(invocation);
    await (invocation.value(paths) ? samplePaths(session, invocation) : sampleTimes(session, invocation));
    return 0;
  },
};

async function sampleTimes(session: Session, invocation: Invocation): Promise<void> {
  const name = invocation.value(common.reward);
  const variable = variableNamed(session, name);
  const key = random.key(invocation.value(common.seed));
  const draws = Array.from(
    numbersOf(variable.sample(key, session.theta, invocation.value(count), session.evaluation)),
  );
  await present(invocation, {
    json: () => ({
      ...describeSession(session),
      seed: invocation.value(common.seed),
      variable: name ?? "time",
      draws,
    }),
    text: () => renderCsv([{ title: name ?? "time", cells: draws }]),
  });
}

async function samplePaths(session: Session, invocation: Invocation): Promise<void> {
  if (invocation.value(common.reward) !== undefined) {
    throw new PhxError({
      code: "PHX995",
      what: "--reward and --paths do not go together",
      fix: "leave one of them out",
    });
  }
  const { model, theta, evaluation } = session;
  const key = random.key(invocation.value(common.seed));
  const found = Array.from({ length: invocation.value(count) }, (_, index) =>
    model.samplePath(random.fold(key, index), theta, evaluation),
  );
  const rows = found.flatMap((path, index) =>
    Array.from(path.times, (time, step) => ({
      path: index + 1,
      time,
      state: model.states[path.states[step]],
      event: step === 0 ? "start" : model.graph.events[path.events[step - 1]],
    })),
  );
  await present(invocation, {
    json: () => ({
      ...describeSession(session),
      seed: invocation.value(common.seed),
      paths: found.map((path) => ({
        cause: model.causes[path.cause],
        times: Array.from(path.times),
        states: Array.from(path.states, (state) => model.states[state]),
        events: Array.from(path.events, (event) => model.graph.events[event]),
      })),
    }),
    text: () =>
      renderCsv([
        { title: "path", cells: rows.map((row) => row.path) },
        { title: "time", cells: rows.map((row) => row.time) },
        { title: "event", cells: rows.map((row) => row.event) },
        { title: "state", cells: rows.map((row) => row.state) },
      ]),
  });
}
