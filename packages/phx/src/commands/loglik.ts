// phx loglik: the log-likelihood of data, its gradient and its Hessian.
import type { CommandDefinition } from "../command.ts";
import { awaited, explainedOn, hessianOf, jacobianOf, rowsOf } from "../derivatives.ts";
import { readObservations } from "../observations.ts";
import { accuracyOptions, methodsDocument, readAccuracy } from "../options/accuracy.ts";
import * as common from "../options/common.ts";
import { deviceOf, deviceOptions } from "../options/device.ts";
import { flag } from "../options/declaration.ts";
import { renderTable } from "../output/table.ts";
import { readableNumber } from "../output/numbers.ts";
import { heading, present } from "../present.ts";
import { describeSession, describeTheta, openSession } from "../session.ts";

const hessian = flag("--hessian", "with the exact matrix of second derivatives");

export const loglik: CommandDefinition = {
  name: "loglik",
  words: [{ name: "<file>", description: "the model" }],
  summary: "log-likelihood of data, with gradient and Hessian",
  description:
    "The model says with `data` and `observe` what a row of the table means; censored rows count as what they are.",
  options: [
    ...common.modelOptions,
    ...common.valueOptions,
    common.data,
    ...accuracyOptions,
    common.gradient,
    hessian,
    ...deviceOptions,
  ],
  examples: [
    { line: "phx loglik examples/remission.phx", says: "of the data that the model names" },
    {
      line: "phx loglik examples/remission.phx --hessian --device workers --threads 2",
      says: "second derivatives on two threads",
    },
    {
      line: "phx loglik examples/remission.phx --theta effect=1.5 --grad --hessian",
      says: "with first and second derivatives",
    },
    {
      line: "phx loglik examples/aircondit.phx --data failures=data/aircondit7.csv --json",
      says: "of another file, for a program",
    },
  ],
  run: async (invocation) => {
    const session = openSession(invocation);
    const { model, theta } = session;
    const evaluation = { ...session.evaluation, ...readAccuracy(invocation) };
    const observations = await readObservations(session, invocation);
    const rowCount = observations.reduce((sum, rows) => sum + rows.count, 0);
    const f = (at: Parameters<typeof model.logLikelihood>[0]): ReturnType<typeof model.logLikelihood> =>
      model.logLikelihood(at, observations, evaluation);
    const device = await deviceOf(invocation);
    const found = explainedOn(f, theta, device);
    const [value] = await awaited(found.value);
    const gradient = invocation.value(common.gradient)
      ? Array.from(await jacobianOf(f, theta, device))
      : undefined;
    const second = invocation.value(hessian)
      ? rowsOf(await hessianOf(f, theta, device), theta.length)
      : undefined;
    await present(invocation, {
      json: () => ({
        ...describeSession(session),
        rows: rowCount,
        logLikelihood: value,
        ...methodsDocument(found),
        ...(gradient === undefined ? {} : { gradient }),
        ...(second === undefined ? {} : { hessian: second }),
      }),
      text: (style) => {
        const columns = [
          { title: "", cells: model.parameterNames },
          { title: "value", cells: Array.from(theta) },
          ...(gradient === undefined ? [] : [{ title: "gradient", cells: gradient }]),
          ...(second === undefined
            ? []
            : model.parameterNames.map((name, index) => ({
                title: `∂²/∂${name}`,
                cells: second.map((row) => row[index]),
              }))),
        ];
        return (
          heading(style, `${model.name}: log-likelihood`, describeTheta(session)) +
          `log-likelihood ${style("bold", readableNumber(value, 12))} of ${rowCount} rows\n` +
          (columns.length > 2 ? `\n${renderTable(columns, style)}` : "")
        );
      },
    });
    return 0;
  },
};
