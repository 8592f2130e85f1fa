// The commands pdf, pmf, cdf, survival and hazard: one shape, five functions.
import type { Device } from "@phxlang/autodiff";
import { PhxError } from "@phxlang/autodiff";
import type { Distribution, Explained, TimeOptions } from "@phxlang/runtime";
import type { CommandDefinition, Example, Invocation } from "../command.ts";
import { awaited, explainedOn, jacobianOf, rowsOf, valueOn } from "../derivatives.ts";
import type { OfTheta } from "../derivatives.ts";
import { accuracyOptions, methodsDocument, methodsLine, readAccuracy } from "../options/accuracy.ts";
import * as common from "../options/common.ts";
import { deviceOf, deviceOptions, promptDeviceOf } from "../options/device.ts";
import { flag, last } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { renderCsv } from "../output/csv.ts";
import { reportDiagnostics } from "../errors.ts";
import { readableNumber } from "../output/numbers.ts";
import { renderJson } from "../output/json.ts";
import type { Json } from "../output/json.ts";
import type { Style } from "../output/style.ts";
import { renderTable } from "../output/table.ts";
import type { Column } from "../output/table.ts";
import { heading, present } from "../present.ts";
import { describeSession, describeTheta, openSession } from "../session.ts";
import { unknownName } from "../unknown-name.ts";
import type { Session } from "../session.ts";
import { unitsOf, variableNamed } from "../variables.ts";
import { drawCurve } from "./curve-figure.ts";
import { defaultTimes } from "./grid.ts";
import { checkKind } from "./kinds.ts";
import type { CurveKind } from "./kinds.ts";
import { endingOf, writePicture } from "./write-picture.ts";

const csv = flag("--csv", "comma-separated values with exact numbers");
const plot = flag("--plot", "a picture (SVG) instead of numbers");
const observed = flag("--observed", "draw the data of the model behind the curve");
const cause: OptionDeclaration<string | undefined> = {
  flags: "--cause <name>",
  description: "only paths that stop with this cause",
  read: last,
  absent: undefined,
};

export function curveCommand(kind: CurveKind, examples: readonly Example[]): CommandDefinition {
  return {
    name: kind.name,
    words: [{ name: "<file>", description: "the model" }],
    summary: kind.summary,
    options: [
      ...common.modelOptions,
      ...common.valueOptions,
      common.times,
      common.reward,
      ...(kind.takesCause ? [cause] : []),
      ...accuracyOptions,
      common.log,
      common.gradient,
      ...deviceOptions,
      csv,
      plot,
      observed,
      common.data,
      common.out,
    ],
    examples,
    run: async (invocation) => {
      const session = openSession(invocation);
      const request = readRequest(kind, session, invocation);
      if (request.format === "picture") await drawRequest(request, session, invocation);
      else await tabulate(request, session, invocation);
      return 0;
    },
  };
}

export interface CurveRequest {
  readonly kind: CurveKind;
  readonly variable: Distribution;
  /** Name of the reward; undefined for the time. */
  readonly reward: string | undefined;
  readonly options: TimeOptions;
  /** Whether a table for people says how it was computed; documents always do. */
  readonly tellsMethods: boolean;
  readonly isLog: boolean;
  readonly times: Float64Array | undefined;
  readonly format: "text" | "csv" | "json" | "picture";
  readonly out: string | undefined;
}

function readRequest(kind: CurveKind, session: Session, invocation: Invocation): CurveRequest {
  const reward = invocation.value(common.reward);
  const variable = variableNamed(session, reward);
  checkKind(kind, variable, session.model.name);
  const wantedCause = kind.takesCause ? invocation.value(cause) : undefined;
  const { causes } = session.model;
  if (wantedCause !== undefined && !causes.includes(wantedCause)) {
    throw unknownName(
      "cause",
      wantedCause,
      causes.filter((name) => name !== ""),
      "--cause",
    );
  }
  const out = invocation.value(common.out);
  const format = chooseFormat(invocation, out);
  if (invocation.value(observed) && format !== "picture") throw needs("--observed", "--plot");
  const accuracy = readAccuracy(invocation);
  const options = { ...session.evaluation, ...accuracy };
  return {
    kind,
    variable,
    reward: reward === "time" ? undefined : reward,
    options: wantedCause === undefined ? options : { ...options, cause: wantedCause },
    tellsMethods: Object.keys(accuracy).length > 0,
    isLog: invocation.value(common.log),
    times: invocation.value(common.times),
    format,
    out,
  };
}

/** Flags decide first; then the ending of --out. Two flags that disagree are an error. */
function chooseFormat(invocation: Invocation, out: string | undefined): CurveRequest["format"] {
  const asked: { readonly format: CurveRequest["format"]; readonly by: string }[] = [];
  if (invocation.value(plot)) asked.push({ format: "picture", by: "--plot" });
  if (invocation.value(csv)) asked.push({ format: "csv", by: "--csv" });
  if (invocation.value(common.json) && invocation.origin(common.json) === "flag") {
    asked.push({ format: "json", by: "--json" });
  }
  if (out !== undefined) {
    const ending = endingOf(out, ["svg", "png", "html", "csv", "json"]);
    asked.push({ format: ending === "csv" || ending === "json" ? ending : "picture", by: `--out ${out}` });
  }
  const [first, ...others] = asked;
  const other = others.find(({ format }) => format !== first.format);
  if (other !== undefined) {
    throw new PhxError({
      code: "PHX995",
      what: `${first.by} and ${other.by} ask for different results`,
      fix: "leave one of them out",
    });
  }
  return asked.at(0)?.format ?? (invocation.value(common.json) ? "json" : "text");
}

function needs(option: string, other: string): PhxError {
  return new PhxError({
    code: "PHX995",
    what: `${option} needs ${other}`,
    fix: `add ${other}, or leave ${option} out`,
  });
}

interface Tabulated {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly found: Explained;
  /** [N][P] */
  readonly gradients: readonly (readonly number[])[] | undefined;
}

async function tabulate(request: CurveRequest, session: Session, invocation: Invocation): Promise<void> {
  const { kind, variable, options } = request;
  const times = request.times ?? defaultTimes(session, variable, 21);
  const evaluate = request.isLog ? kind.evaluateLog : kind.evaluate;
  const device = await deviceOf(invocation);
  const f: OfTheta = (at) => evaluate(variable, at, times, options);
  const found = explainedOn(f, session.theta, device);
  const values = await awaited(found.value);
  const gradients = invocation.value(common.gradient)
    ? rowsOf(await jacobianOf(f, session.theta, device), session.theta.length)
    : undefined;
  const table = { times, values, gradients, found };
  if (!request.isLog) await warnOfUnderflow(request, session, table, device, invocation);
  if (request.out !== undefined) {
    const content =
      request.format === "json"
        ? renderJson(document(request, session, table))
        : renderCsv(csvColumns(request, session, table));
    invocation.host.writeFile(request.out, content);
    await invocation.note(`wrote ${request.out}`);
  } else if (request.format === "csv") {
    await invocation.host.out.write(renderCsv(csvColumns(request, session, table)));
  } else {
    await present(invocation, {
      json: () => document(request, session, table),
      text: (style) => text(request, session, table, style),
    });
  }
}

/** PHX801 where a value is shown as 0 that is not: its logarithm is finite. */
async function warnOfUnderflow(
  { kind, variable, options }: CurveRequest,
  session: Session,
  { times, values }: Tabulated,
  device: Device,
  invocation: Invocation,
): Promise<void> {
  const zeros = times.filter((_, i) => values[i] === 0);
  if (zeros.length === 0) return;
  const logs = await awaited(
    valueOn((at) => kind.evaluateLog(variable, at, zeros, options), session.theta, device),
  );
  const first = logs.findIndex((log) => log > -Infinity);
  if (first < 0) return;
  const log = readableNumber(logs[first], 6);
  await reportDiagnostics(
    [
      {
        code: "PHX801",
        severity: "warning",
        message: `the ${kind.name} underflows at ${zeros[first]}: its logarithm is ${log}`,
        notes: ["numbers below 5e-324 are shown as 0"],
        hint: "ask for logarithms: --log",
      },
    ],
    invocation.host,
    invocation.texts,
  );
}

async function drawRequest(request: CurveRequest, session: Session, invocation: Invocation): Promise<void> {
  await promptDeviceOf(invocation, "--plot");
  if (invocation.value(common.gradient)) {
    throw new PhxError({
      code: "PHX995",
      what: "--grad and --plot do not go together",
      fix: "leave one of them out",
    });
  }
  const svg = await drawCurve(request, session, invocation.value(observed) ? invocation : undefined);
  await writePicture(svg, `${session.model.name}: ${request.kind.name}`, request.out, invocation);
}

function document(request: CurveRequest, session: Session, table: Tabulated): Json {
  return {
    ...describeSession(session),
    function: request.isLog ? `log-${request.kind.name}` : request.kind.name,
    variable: request.reward ?? "time",
    ...(request.options.cause === undefined ? {} : { cause: request.options.cause }),
    times: Array.from(table.times),
    values: Array.from(table.values),
    ...methodsDocument(table.found),
    ...(table.gradients === undefined ? {} : { gradients: table.gradients }),
  };
}

function text(request: CurveRequest, session: Session, table: Tabulated, style: Style): string {
  const units = unitsOf(session, request.reward);
  const title =
    request.kind.isPerUnit && session.model.kind === "continuous"
      ? `${request.kind.title} (${units.density})`
      : request.kind.title;
  const head = heading(style, `${session.model.name}: ${request.kind.summary}`, describeTheta(session));
  const rows = columns(request, session, table, units.value, request.isLog ? `log ${title}` : title);
  return head + renderTable(rows, style) + (request.tellsMethods ? methodsLine(table.found) : "");
}

function csvColumns(request: CurveRequest, session: Session, table: Tabulated): Column[] {
  return columns(
    request,
    session,
    table,
    request.reward ?? "time",
    `${request.isLog ? "log_" : ""}${request.kind.name}`,
  );
}

function columns(
  request: CurveRequest,
  session: Session,
  table: Tabulated,
  variableTitle: string,
  valueTitle: string,
): Column[] {
  const { gradients } = table;
  const names = gradients === undefined ? [] : session.model.parameterNames;
  const prefix = valueTitle.includes("_") || request.format === "csv" ? "d_" : "∂/∂";
  return [
    { title: variableTitle, cells: Array.from(table.times) },
    { title: valueTitle, cells: Array.from(table.values) },
    ...names.map((name, index) => ({
      title: prefix + name,
      cells: (gradients ?? []).map((row) => row[index]),
    })),
  ];
}
