// phx predict: what the model says that data could be, from the prior or from the posterior.
import type { Device } from "@phxlang/autodiff";
import { PhxError, random } from "@phxlang/autodiff";
import { censoring } from "@phxlang/graph";
import type { Observations } from "@phxlang/graph";
import { inferenceData, posteriorPredictive, priorData, priorPredictive } from "@phxlang/inference";
import type { InferenceData, NamedDraws, PredictiveDraws } from "@phxlang/inference";
import type { CommandDefinition, Invocation } from "../command.ts";
import { compileFile } from "../compile-file.ts";
import { endingOf } from "../curves/write-picture.ts";
import { drawsFor } from "../draws/draws-for.ts";
import { readDraws } from "../draws/read-draws.ts";
import { groupsFile } from "../draws/write-draws.ts";
import * as fitting from "../fits/options.ts";
import { shownWarnings } from "../fits/present-fit.ts";
import { sample } from "../fits/sample.ts";
import { readObservations } from "../observations.ts";
import * as common from "../options/common.ts";
import { flag } from "../options/declaration.ts";
import { fitTolerance } from "../options/accuracy.ts";
import { deviceOf, deviceOptions } from "../options/device.ts";
import { renderCsv } from "../output/csv.ts";
import type { Style } from "../output/style.ts";
import { renderTable } from "../output/table.ts";
import { quantileOfDraws } from "../plots/density-estimate.ts";
import { heading, present } from "../present.ts";
import { sessionAtDefaults } from "../session.ts";
import type { Session } from "../session.ts";

const prior = flag("--prior", "from the prior: before any data are seen");
const count = fitting.count("-n, --count <number>", "new data sets", 200);

const outFile = {
  ...common.out,
  description: "write the draws: .csv one table, .json or .nc groups of ArviZ",
};

/** Rows that the table shows; --out and --json have all of them. */
const shownRows = 20;

export const predict: CommandDefinition = {
  name: "predict",
  words: [
    { name: "<file>", description: "the model, with its data and priors" },
    { name: "[draws...]", description: "saved draws of its posterior; without them it is fitted now" },
  ],
  summary: "what the model says that data could be: prior and posterior predictive draws",
  description:
    "Every row of the data is drawn anew, without censoring, at draws of the parameters. The table compares the new values with what was observed.",
  options: [
    ...common.modelOptions,
    common.data,
    prior,
    count,
    fitting.drawingMethod,
    fitting.chains,
    fitting.warmup,
    fitting.draws,
    fitting.particles,
    fitting.iterations,
    fitting.paths,
    fitting.checkpointPath,
    fitting.resumes,
    fitTolerance,
    common.seed,
    ...deviceOptions,
    outFile,
  ],
  examples: [
    { line: "phx predict examples/leukemia.phx data/leukemia-draws", says: "from draws that were kept" },
    {
      line: "phx predict examples/aircondit.phx --set m=1 --prior --count 100 --seed 1",
      says: "do the priors make sense?",
    },
    {
      line: "phx predict examples/leukemia.phx --prior --count 50 --seed 2 --json",
      says: "the same for a program",
    },
  ],
  run: async (invocation) => {
    const out = invocation.value(outFile);
    const ending = out === undefined ? undefined : endingOf(out, ["csv", "json", "nc"]);
    const [file, ...paths] = invocation.words;
    if (invocation.value(prior) && paths.length > 0) {
      throw new PhxError({
        code: "PHX995",
        what: "--prior and saved draws do not go together",
        why: "saved draws are of the posterior",
        fix: "leave one of them out",
      });
    }
    const session = sessionAtDefaults(invocation, file, compileFile(invocation, file));
    const data = await readObservations(session, invocation);
    const found = await drawPredictive(invocation, session, paths, data, await deviceOf(invocation));
    if (found === null) return 130;
    if (out !== undefined) {
      const content = ending === "csv" ? tableOf(found.predictive) : await groupsFile(out, found.groups());
      invocation.host.writeFile(out, content);
      await invocation.note(`wrote ${out}`);
    }
    await show(invocation, session, data, found);
    return 0;
  },
};

interface Predicted {
  readonly source: string;
  readonly predictive: PredictiveDraws;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly groups: () => InferenceData;
}

/** Null where the fit was interrupted. */
async function drawPredictive(
  invocation: Invocation,
  { model }: Session,
  paths: readonly string[],
  data: readonly Observations[],
  device: Device,
): Promise<Predicted | null> {
  const [fitKey, dataKey] = random.splitList(random.key(invocation.value(common.seed)));
  const size = invocation.value(count);
  if (invocation.value(prior)) {
    const predictive = priorPredictive(model, data, dataKey, size);
    return { source: "prior", predictive, warnings: [], groups: () => priorData(model, predictive, data) };
  }
  const from = (draws: NamedDraws, source: string, warnings: Predicted["warnings"]): Predicted => {
    const predictive = posteriorPredictive(model, draws, data, dataKey, size);
    return { source, predictive, warnings, groups: () => inferenceData(draws, { data, predictive }) };
  };
  if (paths.length > 0) {
    return from(drawsFor(model, await readDraws(invocation, paths)), "saved draws", []);
  }
  const method = invocation.value(fitting.drawingMethod);
  const fit = await sample(invocation, method, model, data, fitKey, device);
  return fit === null ? null : from(fit, method, fit.warnings);
}

/** One line for each draw of each row. */
function tableOf({ rows, values }: PredictiveDraws): string {
  return renderCsv([
    { title: "draw", cells: values.flatMap((own, d) => Array.from(own, () => d + 1)) },
    { title: "row", cells: values.flatMap(() => Array.from(rows)) },
    { title: "value", cells: values.flatMap((own) => Array.from(own)) },
  ]);
}

interface PredictedRow {
  readonly row: number;
  readonly observed: number;
  /** exact, right, left or interval. */
  readonly known: string;
  readonly mean: number;
  readonly sd: number;
  readonly quantile5: number;
  readonly median: number;
  readonly quantile95: number;
}

const kinds = Object.keys(censoring);

function predictedRows(data: readonly Observations[], { rows, values }: PredictiveDraws): PredictedRow[] {
  const observed = data.flatMap((set) =>
    set.kind === "path" ? [] : Array.from(set.kind === "reward" ? set.values : set.times),
  );
  const known = data.flatMap((set) =>
    set.kind === "path"
      ? []
      : set.kind === "reward"
        ? Array.from(set.values, () => "exact")
        : Array.from(set.censoring, (how) => kinds[how]),
  );
  return Array.from(rows, (row, i): PredictedRow => {
    const sorted = Float64Array.from(values, (own) => own[i]).sort();
    const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
    const squares = sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    return {
      row,
      observed: observed[i],
      known: known[i],
      mean,
      sd: Math.sqrt(squares / Math.max(1, sorted.length - 1)),
      quantile5: quantileOfDraws(sorted, 0.05),
      median: quantileOfDraws(sorted, 0.5),
      quantile95: quantileOfDraws(sorted, 0.95),
    };
  });
}

async function show(
  invocation: Invocation,
  { model, file }: Session,
  data: readonly Observations[],
  { source, predictive, warnings }: Predicted,
): Promise<void> {
  const rows = predictedRows(data, predictive);
  const exact = rows.filter(({ known }) => known === "exact");
  const inside = exact.filter((row) => row.observed >= row.quantile5 && row.observed <= row.quantile95);
  await present(invocation, {
    json: () => ({
      model: model.name,
      file,
      source,
      seed: invocation.value(common.seed),
      dataSets: predictive.values.length,
      rows: rows.map((row) => ({ ...row })),
      exactRows: exact.length,
      insideRows: inside.length,
      warnings: warnings.map((warning) => ({ ...warning })),
    }),
    text: (style) =>
      heading(
        style,
        `${model.name}: ${source === "prior" ? "prior" : "posterior"} predictive`,
        `${predictive.values.length} new data sets${source === "prior" ? "" : `, parameters from ${source}`}`,
      ) +
      table(rows.slice(0, shownRows), style) +
      (rows.length > shownRows ? `… and ${rows.length - shownRows} more rows\n` : "") +
      (exact.length === 0
        ? ""
        : `\n${inside.length} of ${exact.length} values that were seen exactly lie between their 5 % and 95 % quantiles\n`) +
      shownWarnings(warnings, style),
  });
}

function table(rows: readonly PredictedRow[], style: Style): string {
  const hasCensored = rows.some(({ known }) => known !== "exact");
  const words: Readonly<Record<string, string>> = {
    exact: "",
    right: "or more",
    left: "or less",
    interval: "or more",
  };
  return renderTable(
    [
      { title: "row", cells: rows.map(({ row }) => row) },
      { title: "observed", cells: rows.map(({ observed }) => observed) },
      ...(hasCensored ? [{ title: "", cells: rows.map(({ known }) => words[known]) }] : []),
      { title: "mean", cells: rows.map(({ mean }) => mean) },
      { title: "5 %", cells: rows.map(({ quantile5 }) => quantile5) },
      { title: "median", cells: rows.map(({ median }) => median) },
      { title: "95 %", cells: rows.map(({ quantile95 }) => quantile95) },
    ],
    style,
  );
}
