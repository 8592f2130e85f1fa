// phx fit: parameters from data, by maximum likelihood or as draws from the posterior.
import { PhxError, random } from "@phxlang/autodiff";
import { fit as fits } from "@phxlang/inference";
import type { CommandDefinition, Invocation } from "../command.ts";
import { compileFile } from "../compile-file.ts";
import { endingOf } from "../curves/write-picture.ts";
import { drawsWriter } from "../draws/write-draws.ts";
import type { DrawsWriter } from "../draws/write-draws.ts";
import * as fitting from "../fits/options.ts";
import { fitParts } from "../fits/parts.ts";
import { presentDraws, presentEstimate } from "../fits/present-fit.ts";
import { profilesOf } from "../fits/profiles.ts";
import { sample } from "../fits/sample.ts";
import { readObservations } from "../observations.ts";
import { fitTolerance, readFitTolerance } from "../options/accuracy.ts";
import * as common from "../options/common.ts";
import { flag, last } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { promptDeviceOf, deviceOptions } from "../options/device.ts";
import { present } from "../present.ts";
import { reportOfDraws } from "../report/draws-report.ts";
import { reportOfEstimate } from "../report/estimate-report.ts";
import { reproductionOf } from "../report/reproduce.ts";
import type { Session } from "../session.ts";
import { thetaFor } from "../theta-values.ts";

const drawsFile: OptionDeclaration<string | undefined> = {
  flags: "-o, --out <path>",
  description:
    "write the draws: .csv one table, .json or .nc groups of ArviZ; a directory: Stan CSV for each chain",
  read: last,
  absent: undefined,
};

const reportFile: OptionDeclaration<string | undefined> = {
  flags: "--report <file>",
  description: "write a page with estimates, pictures and diagnostics: one .html file that stands alone",
  read: last,
  absent: undefined,
};

const profiled = flag(
  "--profile",
  "mle: profile-likelihood intervals too, by some searches for each parameter",
);

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
    fitting.method,
    fitting.chains,
    fitting.warmup,
    fitting.draws,
    fitting.particles,
    fitting.iterations,
    fitting.paths,
    fitting.starts,
    profiled,
    fitting.checkpointPath,
    fitting.resumes,
    common.seed,
    fitTolerance,
    ...deviceOptions,
    drawsFile,
    reportFile,
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
    const write = checkOutput(invocation);
    const session = openFit(invocation);
    const data = await readObservations(session, invocation);
    const device = await promptDeviceOf(invocation, "a fit");
    const { model } = session;
    const key = random.key(invocation.value(common.seed));
    const method = invocation.value(fitting.method);
    const report = invocation.value(reportFile);
    const again = reproductionOf(invocation, fit.options);
    if (method === "mle") {
      const options = { data, device, key, ...readFitTolerance(invocation) };
      const randomStarts = invocation.value(fitting.starts);
      const estimate = fits.mle(model, { ...options, randomStarts, starts: [session.theta] });
      const profiles = invocation.value(profiled) ? profilesOf(model, data, estimate, device) : null;
      if (report !== undefined) {
        const none = model.parameterNames.map(() => null);
        const page = await reportOfEstimate(session, data, estimate, profiles ?? none, again);
        await keep(invocation, report, page);
      }
      await present(invocation, presentEstimate(session, estimate, profiles));
      return 0;
    }
    const result = await sample(invocation, method, model, data, key, device);
    if (result === null) return 130;
    const { parts, leaveOneOut } = await fitParts(invocation, model, result, data, device);
    for (const file of (await write?.(result, () => parts)) ?? []) {
      await keep(invocation, file.path, file.content);
    }
    if (report !== undefined) {
      await keep(invocation, report, await reportOfDraws(session, data, result, leaveOneOut, again));
    }
    await present(invocation, presentDraws(session, invocation.value(common.seed), result, leaveOneOut));
    return 0;
  },
};

async function keep(invocation: Invocation, path: string, content: string | Uint8Array): Promise<void> {
  invocation.host.writeFile(path, content);
  await invocation.note(`wrote ${path}`);
}

/** PHX998 where a path asks for what cannot be written, PHX995 where there are no draws: before any work. */
function checkOutput(invocation: Invocation): DrawsWriter | undefined {
  const report = invocation.value(reportFile);
  if (report !== undefined) endingOf(report, ["html"]);
  const path = invocation.value(drawsFile);
  if (path === undefined) return undefined;
  const write = drawsWriter(path);
  if (invocation.value(fitting.method) !== "mle") return write;
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
