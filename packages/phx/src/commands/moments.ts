// phx moments: moments, variances and covariances of the time and of the rewards, with gradients.
import type { Device } from "@phxlang/autodiff";
import type { Distribution } from "@phxlang/runtime";
import type { CommandDefinition, Invocation } from "../command.ts";
import { awaited, jacobianOf, rowsOf, valueOn } from "../derivatives.ts";
import type { OfTheta } from "../derivatives.ts";
import * as common from "../options/common.ts";
import { deviceOf, deviceOptions } from "../options/device.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { readWholeNumber } from "../options/numbers.ts";
import type { Json } from "../output/json.ts";
import type { Style } from "../output/style.ts";
import { renderTable } from "../output/table.ts";
import type { Column } from "../output/table.ts";
import { heading, present } from "../present.ts";
import { describeSession, describeTheta, openSession } from "../session.ts";
import type { Session } from "../session.ts";
import { variableNamed } from "../variables.ts";

const order: OptionDeclaration<number> = {
  flags: "-k, --order <count>",
  description: "how many moments E[X], E[X²], …; at least 2",
  setting: "order",
  read: readWholeNumber(1, 100),
  absent: 2,
};

export const moments: CommandDefinition = {
  name: "moments",
  words: [{ name: "<file>", description: "the model" }],
  summary: "moments, variances and covariances, with gradients",
  description: "Exact: by linear algebra, without sampling or discretisation.",
  options: [
    ...common.modelOptions,
    ...common.valueOptions,
    order,
    common.reward,
    common.gradient,
    ...deviceOptions,
  ],
  examples: [
    { line: "phx moments examples/kingman.phx", says: "of the time and of every reward" },
    {
      line: "phx moments examples/kingman.phx --set n=20 --theta rate=0.5 --order 4",
      says: "with another constant and another parameter",
    },
    { line: "phx moments examples/sfs.phx --grad", says: "with derivatives in the parameters" },
    { line: "phx moments examples/mm1k.phx --reward customers --json", says: "of one reward, for a program" },
  ],
  run: async (invocation) => {
    const session = openSession(invocation);
    const results = await computeAll(session, invocation);
    await present(invocation, {
      json: () => document(session, results),
      text: (style) => text(session, results, style),
    });
    return 0;
  },
};

/** Wider tables of covariances are for programs: --json has them all. */
const mostPrinted = 12;

interface VariableMoments {
  readonly name: string;
  readonly moments: readonly number[];
  readonly variance: number;
  /** Rows: each moment; columns: parameters. */
  readonly momentGradients: readonly (readonly number[])[] | undefined;
  readonly varianceGradient: readonly number[] | undefined;
}

interface Results {
  readonly variables: readonly VariableMoments[];
  /** Over the names of `variables`; absent for a single one. */
  readonly covariance: readonly (readonly number[])[] | undefined;
}

async function computeAll(session: Session, invocation: Invocation): Promise<Results> {
  const { model, theta, evaluation } = session;
  const wanted = invocation.value(common.reward);
  const names =
    wanted === undefined ? ["time", ...model.rewards.filter((name) => name !== "time")] : [wanted];
  const count = invocation.value(order);
  const device = await deviceOf(invocation);
  const withSlopes = invocation.value(common.gradient);
  const variables: VariableMoments[] = [];
  for (const name of names) {
    variables.push(await compute(session, name, variableNamed(session, name), count, device, withSlopes));
  }
  const together: OfTheta = (at) => model.covariance(at, names, evaluation);
  const covariance =
    names.length < 2 ? undefined : rowsOf(await awaited(valueOn(together, theta, device)), names.length);
  return { variables, covariance };
}

async function compute(
  session: Session,
  name: string,
  variable: Distribution,
  count: number,
  device: Device,
  withSlopes: boolean,
): Promise<VariableMoments> {
  const { theta, evaluation } = session;
  const atLeast = Math.max(1, count);
  const moments: OfTheta = (at) => variable.moments(at, atLeast, evaluation);
  const variance: OfTheta = (at) => variable.variance(at, evaluation);
  return {
    name,
    moments: Array.from(await awaited(valueOn(moments, theta, device))),
    variance: (await awaited(valueOn(variance, theta, device)))[0],
    momentGradients: withSlopes ? rowsOf(await jacobianOf(moments, theta, device), theta.length) : undefined,
    varianceGradient: withSlopes ? Array.from(await jacobianOf(variance, theta, device)) : undefined,
  };
}

function document(session: Session, { variables, covariance }: Results): Json {
  return {
    ...describeSession(session),
    variables: variables.map((variable) => ({
      name: variable.name,
      mean: variable.moments[0],
      variance: variable.variance,
      std: Math.sqrt(variable.variance),
      moments: variable.moments,
      ...(variable.momentGradients === undefined || variable.varianceGradient === undefined
        ? {}
        : { gradient: { moments: variable.momentGradients, variance: variable.varianceGradient } }),
    })),
    ...(covariance === undefined ? {} : { covariance }),
  };
}

function text(session: Session, { variables, covariance }: Results, style: Style): string {
  const parts = [
    heading(style, session.model.name, describeTheta(session)),
    renderTable(momentColumns(session, variables), style),
  ];
  if (variables.some((variable) => variable.momentGradients !== undefined)) {
    parts.push(`\n${style("bold", "Gradients")}\n`, renderTable(gradientColumns(session, variables), style));
  }
  if (covariance !== undefined && variables.length <= mostPrinted) {
    parts.push(
      `\n${style("bold", "Covariances")}\n`,
      renderTable(covarianceColumns(variables, covariance), style),
    );
  }
  return parts.join("");
}

function momentColumns(session: Session, variables: readonly VariableMoments[]): Column[] {
  const higher = variables[0].moments.slice(1);
  return [
    { title: "", cells: variables.map((variable) => called(session, variable.name)) },
    { title: "mean", cells: variables.map((variable) => variable.moments[0]) },
    { title: "variance", cells: variables.map((variable) => variable.variance) },
    { title: "std", cells: variables.map((variable) => Math.sqrt(variable.variance)) },
    ...higher.map((_, index) => ({
      title: `E[X${superscript(index + 2)}]`,
      cells: variables.map((variable) => variable.moments[index + 1]),
    })),
  ];
}

function gradientColumns(session: Session, variables: readonly VariableMoments[]): Column[] {
  const rows = variables.flatMap((variable) => [
    ...(variable.momentGradients ?? []).map((gradient, index) => ({
      name: called(session, variable.name),
      quantity: index === 0 ? "mean" : `E[X${superscript(index + 1)}]`,
      gradient,
    })),
    { name: called(session, variable.name), quantity: "variance", gradient: variable.varianceGradient ?? [] },
  ]);
  return [
    { title: "", cells: rows.map((row) => row.name) },
    { title: "of", cells: rows.map((row) => row.quantity) },
    ...session.model.parameterNames.map((parameter, index) => ({
      title: `∂/∂${parameter}`,
      cells: rows.map((row) => row.gradient[index]),
    })),
  ];
}

function covarianceColumns(
  variables: readonly VariableMoments[],
  covariance: readonly (readonly number[])[],
): Column[] {
  const names = variables.map((variable) => variable.name);
  return [
    { title: "", cells: names },
    ...names.map((name, column) => ({ title: name, cells: covariance.map((row) => row[column]) })),
  ];
}

function called(session: Session, name: string): string {
  return name === "time" && session.model.kind === "discrete" ? "time (steps)" : name;
}

function superscript(power: number): string {
  return String(power).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]);
}
