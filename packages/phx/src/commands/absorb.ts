// phx absorb: with which cause the process stops.
import type { CommandDefinition } from "../command.ts";
import { awaited, jacobianOf, rowsOf, valueOn } from "../derivatives.ts";
import type { OfTheta } from "../derivatives.ts";
import * as common from "../options/common.ts";
import { deviceOf, deviceOptions } from "../options/device.ts";
import { renderTable } from "../output/table.ts";
import { heading, present } from "../present.ts";
import { describeSession, describeTheta, openSession } from "../session.ts";

export const absorb: CommandDefinition = {
  name: "absorb",
  words: [{ name: "<file>", description: "the model" }],
  summary: "probability of each way to stop",
  description: "Exact: by linear algebra, without sampling.",
  options: [...common.modelOptions, ...common.valueOptions, common.gradient, ...deviceOptions],
  examples: [
    { line: "phx absorb examples/gambler.phx", says: "ruined or rich?" },
    {
      line: "phx absorb examples/gambler.phx --theta p=0.5 --grad",
      says: "a fair game, and how much its fairness matters",
    },
  ],
  run: async (invocation) => {
    const session = openSession(invocation);
    const { model, theta, evaluation } = session;
    const device = await deviceOf(invocation);
    const f: OfTheta = (at) => model.absorption(at, evaluation);
    const values = Array.from(await awaited(valueOn(f, theta, device)));
    const gradients = invocation.value(common.gradient)
      ? rowsOf(await jacobianOf(f, theta, device), theta.length)
      : undefined;
    await present(invocation, {
      json: () => ({
        ...describeSession(session),
        causes: model.causes.map((name, index) => ({
          name,
          probability: values[index],
          ...(gradients === undefined ? {} : { gradient: gradients[index] }),
        })),
      }),
      text: (style) =>
        heading(style, `${model.name}: how it ends`, describeTheta(session)) +
        renderTable(
          [
            { title: "cause", cells: model.causes.map((name) => (name === "" ? "stops" : name)) },
            { title: "probability", cells: values },
            ...(gradients === undefined ? [] : model.parameterNames).map((name, index) => ({
              title: `∂/∂${name}`,
              cells: (gradients ?? []).map((row) => row[index]),
            })),
          ],
          style,
        ),
    });
    return 0;
  },
};
