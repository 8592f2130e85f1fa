// phx states: the states, how often and how long they are visited, and where the process is at given times.
import type { CommandDefinition } from "../command.ts";
import * as common from "../options/common.ts";
import { flag } from "../options/declaration.ts";
import { renderCsv } from "../output/csv.ts";
import { renderTable } from "../output/table.ts";
import type { Column } from "../output/table.ts";
import { heading, present } from "../present.ts";
import { numbersOf } from "../numbers-of.ts";
import { describeSession, describeTheta, openSession } from "../session.ts";
import type { Session } from "../session.ts";

const csv = flag("--csv", "comma-separated values with exact numbers");

export const states: CommandDefinition = {
  name: "states",
  words: [{ name: "<file>", description: "the model" }],
  summary: "the states: expected visits, expected time, probabilities at given times",
  options: [...common.modelOptions, ...common.valueOptions, common.times, csv],
  examples: [
    { line: "phx states examples/kingman.phx", says: "how often and how long each state is visited" },
    {
      line: "phx states examples/illness_death.phx --times 1,5,10",
      says: "where a patient is after 1, 5 and 10 years",
    },
  ],
  run: async (invocation) => {
    const session = openSession(invocation);
    const times = invocation.value(common.times);
    const found = times === undefined ? expectations(session) : probabilities(session, times);
    if (invocation.value(csv) && !invocation.value(common.json)) {
      await invocation.host.out.write(renderCsv(columns(session, found)));
      return 0;
    }
    await present(invocation, {
      json: () => ({
        ...describeSession(session),
        ...(times === undefined ? {} : { times: Array.from(times) }),
        states: session.model.states.map((description, state) => ({
          number: state,
          state: description,
          stops: causeOf(session, state) ?? null,
          ...(times === undefined
            ? { visits: found[0].cells[state], time: found[1].cells[state] }
            : { probabilities: found.map((column) => column.cells[state]) }),
        })),
      }),
      text: (style) =>
        heading(
          style,
          `${session.model.name}: ${session.model.states.length} states`,
          describeTheta(session),
        ) + renderTable(columns(session, found), style),
    });
    return 0;
  },
};

function columns(session: Session, found: readonly Column[]): Column[] {
  const { states: descriptions } = session.model;
  return [
    { title: "number", cells: descriptions.map((_, state) => state) },
    { title: "state", cells: descriptions },
    { title: "stops", cells: descriptions.map((_, state) => causeOf(session, state) ?? "") },
    ...found,
  ];
}

function expectations(session: Session): Column[] {
  const { model, theta, evaluation } = session;
  const unit = model.kind === "discrete" ? "expected steps" : "expected time";
  return [
    { title: "expected visits", cells: Array.from(numbersOf(model.expectedVisits(theta, evaluation))) },
    { title: unit, cells: Array.from(numbersOf(model.expectedTimeIn(theta, evaluation))) },
  ];
}

function probabilities(session: Session, times: Float64Array): Column[] {
  const { model, theta, evaluation } = session;
  const stateCount = model.states.length;
  const values = numbersOf(model.stateProbabilities(theta, times, evaluation));
  return Array.from(times, (time, row) => ({
    title: `P at ${time}`,
    cells: Array.from(values.subarray(row * stateCount, (row + 1) * stateCount)),
  }));
}

/** Name of the cause with which a state stops in the last epoch (`stop` where causes have no names), or undefined. */
function causeOf(session: Session, state: number): string | undefined {
  const { graph, causes } = session.model;
  const cause = graph.epochs[graph.epochs.length - 1].stop[state];
  return cause < 0 ? undefined : causes[cause] === "" ? "stop" : causes[cause];
}
