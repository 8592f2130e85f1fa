// phx quantile: times by which given shares of the paths have stopped.
import type { CommandDefinition } from "../command.ts";
import { awaited, jacobianOf, rowsOf, valueOn } from "../derivatives.ts";
import type { OfTheta } from "../derivatives.ts";
import * as common from "../options/common.ts";
import { deviceOf, deviceOptions } from "../options/device.ts";
import { last, unreadable } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { readNumberList } from "../options/numbers.ts";
import { renderTable } from "../output/table.ts";
import { heading, present } from "../present.ts";
import { describeSession, describeTheta, openSession } from "../session.ts";
import { unitsOf, variableNamed } from "../variables.ts";

const probabilities: OptionDeclaration<readonly number[]> = {
  flags: "-p, --probabilities <list>",
  description: "shares between 0 and 1, separated by commas (default: 0.025,0.25,0.5,0.75,0.975)",
  read: (texts) => {
    const values = readNumberList(last(texts));
    const outside = values.find((value) => value < 0 || value > 1);
    if (outside !== undefined)
      throw unreadable(`${outside} is not a probability`, "give numbers between 0 and 1");
    return values;
  },
  absent: [0.025, 0.25, 0.5, 0.75, 0.975],
};

export const quantile: CommandDefinition = {
  name: "quantile",
  words: [{ name: "<file>", description: "the model" }],
  summary: "quantiles of the time or of a reward",
  description: "The smallest x with P(X ≤ x) ≥ p.",
  options: [
    ...common.modelOptions,
    ...common.valueOptions,
    probabilities,
    common.reward,
    common.gradient,
    ...deviceOptions,
  ],
  examples: [
    { line: "phx quantile examples/kingman.phx", says: "the middle 95 % and the quartiles" },
    {
      line: "phx quantile examples/k_of_n.phx -p 0.01,0.05",
      says: "by when 1 % and 5 % of the systems have failed",
    },
  ],
  run: async (invocation) => {
    const session = openSession(invocation);
    const { model, theta, evaluation } = session;
    const reward = invocation.value(common.reward);
    const variable = variableNamed(session, reward);
    const device = await deviceOf(invocation);
    const shares = Float64Array.from(invocation.value(probabilities));
    const f: OfTheta = (at) => variable.quantile(at, shares, evaluation);
    const values = Array.from(await awaited(valueOn(f, theta, device)));
    const gradients = invocation.value(common.gradient)
      ? rowsOf(await jacobianOf(f, theta, device), theta.length)
      : undefined;
    await present(invocation, {
      json: () => ({
        ...describeSession(session),
        variable: reward ?? "time",
        probabilities: Array.from(shares),
        quantiles: values,
        ...(gradients === undefined ? {} : { gradients }),
      }),
      text: (style) =>
        heading(style, `${model.name}: quantiles`, describeTheta(session)) +
        renderTable(
          [
            { title: "p", cells: Array.from(shares) },
            { title: unitsOf(session, reward).value, cells: values },
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
