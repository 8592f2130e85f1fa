// phx fit: parameters from data, by maximum likelihood or as draws from the posterior.
import type { Device } from "@phxlang/autodiff";
import { PhxError, random } from "@phxlang/autodiff";
import { fit as fits, follow, startFit } from "@phxlang/inference";
import type { Checkpoint, Fit, FitProgress, FitRun, MaximumLikelihood } from "@phxlang/inference";
import { checkpointFile } from "../checkpoint-file.ts";
import type { Observations } from "@phxlang/graph";
import type { CommandDefinition, Invocation } from "../command.ts";
import { compileFile } from "../compile-file.ts";
import * as common from "../options/common.ts";
import { deviceOf, deviceOptions } from "../options/device.ts";
import { flag, last } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { readWholeNumber } from "../options/numbers.ts";
import { drawsWriter } from "../output/draws.ts";
import type { Json } from "../output/json.ts";
import { readableNumber } from "../output/numbers.ts";
import type { Style } from "../output/style.ts";
import { renderTable } from "../output/table.ts";
import { readObservations } from "../observations.ts";
import { heading, present } from "../present.ts";
import type { Session } from "../session.ts";
import { thetaFor } from "../theta-values.ts";

const method: OptionDeclaration<string> = {
  flags: "-m, --method <name>",
  description: "how to fit (default: mle)",
  choices: ["mle", "laplace", "pathfinder", "nuts", "svgd"],
  setting: "method",
  read: last,
  absent: "mle",
};

function count(flags: string, description: string, fallback: number): OptionDeclaration<number> {
  return {
    flags,
    description: `${description} (default: ${fallback})`,
    read: readWholeNumber(1, 10_000_000),
    absent: fallback,
  };
}

const chains = count("--chains <number>", "nuts: independent chains", 4);
const warmup = count("--warmup <number>", "nuts: iterations of each chain before its draws", 1000);
const draws = count("--draws <number>", "nuts: draws of each chain; laplace and pathfinder: draws", 1000);
const paths = count("--paths <number>", "pathfinder: paths of the optimizer", 4);
const starts: OptionDeclaration<number> = {
  flags: "--starts <number>",
  description: "mle: random starts besides the values of the file (default: 8)",
  read: readWholeNumber(0, 10_000_000),
  absent: 8,
};
const particles = count("--particles <number>", "svgd: particles", 100);
const iterations = count("--iterations <number>", "svgd: iterations", 300);

const checkpointPath: OptionDeclaration<string | undefined> = {
  flags: "--checkpoint <file>",
  description: "nuts, svgd: write the state of the work to this file every minute, and when interrupted",
  read: last,
  absent: undefined,
};

const resumes: OptionDeclaration<boolean> = flag(
  "--resume",
  "go on from the file of --checkpoint, to the same numbers as without the interruption",
);

const drawsFile: OptionDeclaration<string | undefined> = {
  flags: "-o, --out <path>",
  description: "write the draws: .csv one table, .json groups of ArviZ; a directory: Stan CSV for each chain",
  read: last,
  absent: undefined,
};

export const fit: CommandDefinition = {
  name: "fit",
  words: [{ name: "<file>", description: "the model, with its data and priors" }],
  summary: "parameters from data: maximum likelihood, or draws from the posterior",
  description:
    "Maximum likelihood starts from the values of the file, and from --theta if it is given. Priors are those of the file; maximum likelihood ignores " +
    "them. The same seed gives the same draws on every machine.",
  options: [
    ...common.modelOptions,
    common.theta,
    common.data,
    method,
    chains,
    warmup,
    draws,
    particles,
    iterations,
    paths,
    starts,
    checkpointPath,
    resumes,
    common.seed,
    ...deviceOptions,
    drawsFile,
  ],
  examples: [
    { line: "phx fit examples/aircondit.phx --set m=1", says: "estimates with standard errors" },
    { line: "phx fit examples/leukemia.phx --method pathfinder --draws 400", says: "draws within a second" },
    {
      line: "phx fit examples/aircondit.phx --method laplace --draws 200 --seed 1",
      says: "a quick look at the posterior",
    },
    {
      line: "phx fit examples/aircondit.phx --method svgd --particles 32 --iterations 20 --device workers --threads 2 --quiet",
      says: "particles spread over two threads",
    },
  ],
  run: async (invocation) => {
    checkOutput(invocation);
    const session = openFit(invocation);
    const data = await readObservations(session, invocation);
    const device = await deviceOf(invocation);
    if (invocation.value(method) === "mle") {
      const key = random.key(invocation.value(common.seed));
      const options = { data, device, key, randomStarts: invocation.value(starts) };
      await showEstimate(
        invocation,
        session,
        fits.mle(session.model, { ...options, starts: [session.theta] }),
      );
      return 0;
    }
    const result = await sample(invocation, session, data, device);
    if (result === null) return 130;
    await showDraws(invocation, session, result);
    return 0;
  },
};

/** PHX998 where the path asks for what cannot be written, PHX995 where there are no draws: before any work. */
function checkOutput(invocation: Invocation): void {
  const path = invocation.value(drawsFile);
  if (path === undefined) return;
  drawsWriter(path);
  if (invocation.value(method) !== "mle") return;
  throw new PhxError({
    code: "PHX995",
    what: "--out and maximum likelihood do not go together",
    why: "maximum likelihood has no draws to write",
    fix: "leave --out away, or choose a --method that draws",
  });
}

/** Covariates come from the data, row by row, so there is nothing to give here. */
function openFit(invocation: Invocation): Session {
  const [file] = invocation.words;
  const model = compileFile(invocation, file);
  return {
    file,
    model,
    theta: thetaFor(model, invocation.value(common.theta)),
    covariates: new Map(),
    evaluation: {},
    constants: invocation.value(common.set),
  };
}

/** Null where the work was interrupted. */
async function sample(
  invocation: Invocation,
  { model }: Session,
  data: readonly Observations[],
  device: Device,
): Promise<Fit | null> {
  const options = { data, device, key: random.key(invocation.value(common.seed)) };
  switch (invocation.value(method)) {
    case "nuts":
      return await carryOut(invocation, (resume) =>
        startFit.nuts(model, {
          ...options,
          ...resume,
          chains: invocation.value(chains),
          warmup: invocation.value(warmup),
          draws: invocation.value(draws),
        }),
      );
    case "svgd":
      return await carryOut(invocation, (resume) =>
        startFit.svgd(model, {
          ...options,
          ...resume,
          particles: invocation.value(particles),
          iterations: invocation.value(iterations),
        }),
      );
    case "pathfinder":
      return fits.pathfinder(model, {
        ...options,
        paths: invocation.value(paths),
        draws: invocation.value(draws),
      });
    default:
      return fits.laplace(model, { ...options, draws: invocation.value(draws) });
  }
}

/** Runs to the end with checkpoints, or to an interruption, after which it says how to go on. */
async function carryOut(
  invocation: Invocation,
  start: (resume: { readonly resume?: Checkpoint }) => FitRun<Fit>,
): Promise<Fit | null> {
  const { host } = invocation;
  const path = invocation.value(checkpointPath);
  const file = path === undefined ? null : checkpointFile(host, path);
  if (file === null && invocation.value(resumes)) {
    throw new PhxError({
      code: "PHX993",
      what: "--resume without --checkpoint",
      fix: "name the file: --checkpoint out/fit.checkpoint --resume",
    });
  }
  const kept = file !== null && invocation.value(resumes) ? file.read() : null;
  if (kept?.isEarlier === true)
    await invocation.note(`${path} cannot be read: going on from the generation before`);
  const run = start(kept === null ? {} : { resume: kept.checkpoint });
  const signal = host.interruption();
  const show = progressOf(invocation);
  const save = file === null ? {} : { save: file.write };
  for await (const progress of follow(run, { signal, ...save })) show(progress);
  if (!signal.aborted) return run.result();
  await invocation.note(
    path === undefined
      ? "interrupted; with --checkpoint FILE the work would have been kept"
      : `interrupted; the same command with --resume goes on from ${path}`,
  );
  return null;
}

/** A line on standard error at every tenth of the work. */
function progressOf(invocation: Invocation): (progress: FitProgress) => void {
  let shown = 0;
  const start = performance.now();
  return ({ done, total, stage, facts }) => {
    const tenth = Math.floor((10 * done) / total);
    if (tenth === shown) return;
    shown = tenth;
    const spent = (performance.now() - start) / 1000;
    const left = (spent * (total - done)) / done;
    const told = Object.entries(facts).map(([name, value]) => `, ${name} ${readableNumber(value, 3)}`);
    void invocation.note(`${10 * tenth} % (${stage}${told.join("")}), about ${left.toFixed(0)} s left`);
  };
}

async function showEstimate(
  invocation: Invocation,
  session: Session,
  result: MaximumLikelihood,
): Promise<void> {
  const { estimate, standardErrors, parameterNames, warnings } = result;
  const deviation = (i: number): number => 1.959963984540054 * standardErrors[i];
  await present(invocation, {
    json: () => ({
      model: session.model.name,
      file: session.file,
      method: result.method,
      rows: result.observationCount,
      logLikelihood: result.logLikelihood,
      aic: result.aic,
      bic: result.bic,
      parameters: parameterNames.map((name, i) => ({
        name,
        estimate: estimate[i],
        standardError: finite(standardErrors[i]),
      })),
      warnings: warnings.map((warning) => ({ ...warning })),
    }),
    text: (style) =>
      heading(style, `${session.model.name}: maximum likelihood`, `${result.observationCount} observations`) +
      renderTable(
        [
          { title: "", cells: parameterNames },
          { title: "estimate", cells: Array.from(estimate) },
          { title: "std. error", cells: Array.from(standardErrors) },
          { title: "2.5 %", cells: Array.from(estimate, (x, i) => x - deviation(i)) },
          { title: "97.5 %", cells: Array.from(estimate, (x, i) => x + deviation(i)) },
        ],
        style,
      ) +
      `\nlog-likelihood ${readableNumber(result.logLikelihood, 10)}   AIC ${readableNumber(result.aic)}   BIC ${readableNumber(result.bic)}\n` +
      shownWarnings(warnings, style),
  });
}

async function showDraws(invocation: Invocation, session: Session, result: Fit): Promise<void> {
  const path = invocation.value(drawsFile);
  if (path !== undefined) {
    for (const file of drawsWriter(path)(result)) {
      invocation.host.writeFile(file.path, file.text);
      await invocation.note(`wrote ${file.path}`);
    }
  }
  const { summary, warnings } = result;
  await present(invocation, {
    json: (): Json => ({
      model: session.model.name,
      file: session.file,
      method: result.method,
      seed: invocation.value(common.seed),
      isPosterior: result.isPosterior,
      parameters: summary.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === "number" ? finite(value) : value,
          ]),
        ),
      ),
      warnings: warnings.map((warning) => ({ ...warning })),
    }),
    text: (style) =>
      heading(
        style,
        `${session.model.name}: ${result.isPosterior ? "posterior" : "draws"} by ${result.method}`,
        `${result.draws[0]?.reduce((sum, chain) => sum + chain.length, 0) ?? 0} draws`,
      ) +
      renderTable(
        [
          { title: "", cells: summary.map((row) => row.name) },
          { title: "mean", cells: summary.map((row) => row.mean) },
          { title: "sd", cells: summary.map((row) => row.sd) },
          { title: "5 %", cells: summary.map((row) => row.quantile5) },
          { title: "median", cells: summary.map((row) => row.median) },
          { title: "95 %", cells: summary.map((row) => row.quantile95) },
          ...(result.method === "nuts"
            ? [
                { title: "R-hat", cells: summary.map((row) => row.rhat ?? Number.NaN) },
                { title: "ESS bulk", cells: summary.map((row) => Math.round(row.essBulk ?? Number.NaN)) },
                { title: "ESS tail", cells: summary.map((row) => Math.round(row.essTail ?? Number.NaN)) },
              ]
            : []),
        ],
        style,
      ) +
      shownWarnings(warnings, style),
  });
}

/** JSON has no NaN: what does not exist is null. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function shownWarnings(
  warnings: readonly { readonly code: string; readonly message: string }[],
  style: Style,
): string {
  return warnings
    .map(({ code, message }) => `\n${style("yellow", `warning[${code}]`)}: ${message}\n`)
    .join("");
}
