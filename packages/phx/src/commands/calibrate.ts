// phx calibrate: whether a method draws from the posteriors of this model, tried where the parameters are known.
import type { Device, Value } from "@phxlang/autodiff";
import { random } from "@phxlang/autodiff";
import { fit as fits, startCalibration } from "@phxlang/inference";
import type { Calibration, CalibrationOptions, Data, Fit } from "@phxlang/inference";
import type { Model } from "@phxlang/runtime";
import type { CommandDefinition, Invocation } from "../command.ts";
import { compileFile } from "../compile-file.ts";
import { endingOf, writePicture } from "../curves/write-picture.ts";
import { carryOut } from "../fits/carry-out.ts";
import * as fitting from "../fits/options.ts";
import { shownWarnings } from "../fits/present-fit.ts";
import { readObservations } from "../observations.ts";
import * as common from "../options/common.ts";
import { deviceOf, deviceOptions } from "../options/device.ts";
import type { Style } from "../output/style.ts";
import { renderTable } from "../output/table.ts";
import { calibrationPanel } from "../plots/calibration-panel.ts";
import { paper } from "../plots/palette.ts";
import { joinPanels } from "../plots/sheet.ts";
import { heading, present } from "../present.ts";
import { sessionAtDefaults } from "../session.ts";

const replications = fitting.count("--replications <number>", "simulated data sets, each fitted anew", 200);
const ranked = fitting.count("--ranked <number>", "draws of a fit that the true value is ranked among", 99);
const bins = fitting.count("--bins <number>", "bars of the histograms; they divide --ranked + 1", 10, 2);
const warmup = fitting.count("--warmup <number>", "nuts: iterations of its one chain before its draws", 300);
const draws = fitting.count("--draws <number>", "nuts, pathfinder, laplace: draws, thinned to --ranked", 396);
const particles = fitting.count("--particles <number>", "svgd: particles", 100);
const iterations = fitting.count("--iterations <number>", "svgd: iterations", 300);

const pictureFile = {
  ...common.out,
  description: "write the histograms to a .svg, .png or .html file",
};

export const calibrate: CommandDefinition = {
  name: "calibrate",
  words: [{ name: "<file>", description: "the model, with its data and priors" }],
  summary: "simulation-based calibration: does a method find the posteriors of this model?",
  description:
    "Draws parameters from the priors, data at them under the design of the model's data, and a fit of each. The ranks of the true values among the " +
    "draws are uniform where the method is right. The exit status is 1 where they are not.",
  options: [
    ...common.modelOptions,
    common.data,
    fitting.drawingMethod,
    replications,
    ranked,
    bins,
    warmup,
    draws,
    fitting.paths,
    particles,
    iterations,
    fitting.checkpointPath,
    fitting.resumes,
    common.seed,
    ...deviceOptions,
    pictureFile,
  ],
  examples: [
    {
      line: "phx calibrate examples/aircondit.phx --set m=1 --method laplace --draws 99 --replications 10 --bins 2 --quiet",
      says: "a first look; 200 replications and ten bins are the defaults",
    },
    {
      line: "phx calibrate examples/aircondit.phx --set m=1 --method laplace --draws 19 --ranked 19 --replications 10 --bins 2 --seed 1 --quiet --json",
      says: "other draws, for a program",
    },
  ],
  run: async (invocation) => {
    const out = invocation.value(pictureFile);
    if (out !== undefined) endingOf(out, ["svg", "png", "html"]);
    const [file] = invocation.words;
    const session = sessionAtDefaults(invocation, file, compileFile(invocation, file));
    const { model } = session;
    const data = await readObservations(session, invocation);
    const method = invocation.value(fitting.drawingMethod);
    const { fit, fitName } = methodOf(invocation, method, await deviceOf(invocation));
    const result = await carryOut(invocation, `${model.name}-calibration.checkpoint`, (resume) =>
      startCalibration(model, {
        data,
        key: random.key(invocation.value(common.seed)),
        fit,
        fitName,
        replications: invocation.value(replications),
        rankedDraws: invocation.value(ranked),
        bins: invocation.value(bins),
        ...resume,
      }),
    );
    if (result === null) return 130;
    if (out !== undefined) {
      const panels = await Promise.all(
        result.parameterNames.map((name, p) =>
          calibrationPanel(paper, name, result.histograms[p], invocation.value(ranked), result.pValues[p]),
        ),
      );
      const title = `${model.name}: calibration of ${method}`;
      await writePicture(joinPanels(title, panels, [], paper), title, out, invocation);
    }
    const size = invocation.value(replications);
    await present(invocation, {
      json: () => ({
        model: model.name,
        file,
        method,
        seed: invocation.value(common.seed),
        replications: size,
        rankedDraws: invocation.value(ranked),
        isCalibrated: result.warnings.length === 0,
        denied: result.denied,
        parameters: result.parameterNames.map((name, p) => ({
          name,
          histogram: Array.from(result.histograms[p]),
          pValue: result.pValues[p],
        })),
        warnings: result.warnings.map((warning) => ({ ...warning })),
      }),
      text: (style) =>
        heading(style, `${model.name}: calibration of ${method}`, `${size} simulated data sets`) +
        textOf(result, size, style),
    });
    return result.warnings.length === 0 ? 0 : 1;
  },
};

/** A fit by the method, and the words that tell it from others. */
function methodOf(
  invocation: Invocation,
  method: string,
  device: Device,
): Required<Pick<CalibrationOptions, "fit" | "fitName">> {
  const settings = {
    warmup: invocation.value(warmup),
    draws: invocation.value(draws),
    paths: invocation.value(fitting.paths),
    particles: invocation.value(particles),
    iterations: invocation.value(iterations),
  };
  const fit = (model: Model, data: Data, key: Value): Fit => {
    const options = { data, key, device };
    switch (method) {
      case "nuts":
        return fits.nuts(model, { ...options, chains: 1, warmup: settings.warmup, draws: settings.draws });
      case "svgd":
        return fits.svgd(model, {
          ...options,
          particles: settings.particles,
          iterations: settings.iterations,
        });
      case "laplace":
        return fits.laplace(model, { ...options, draws: settings.draws });
      default:
        return fits.pathfinder(model, { ...options, draws: settings.draws, paths: settings.paths });
    }
  };
  return { fit, fitName: JSON.stringify({ method, ...settings }) };
}

const blocks = " ▁▂▃▄▅▆▇█";

/** `▃▅▄▆`: heights relative to twice the height that all bars should have. */
function sparkline(histogram: Int32Array): string {
  const expected = histogram.reduce((a, b) => a + b, 0) / histogram.length;
  return Array.from(histogram, (count) => blocks[Math.min(8, Math.round((4 * count) / expected))]).join("");
}

function textOf(
  { parameterNames, histograms, pValues, denied, warnings }: Calibration,
  size: number,
  style: Style,
): string {
  const verdict =
    warnings.length === 0
      ? `${style("green", "calibrated")}: no parameter's ranks are uneven beyond chance (a false alarm once in a thousand times)`
      : `${style("red", "not calibrated")}: these draws are not those of the posteriors`;
  return (
    renderTable(
      [
        { title: "", cells: parameterNames },
        { title: "ranks", cells: histograms.map(sparkline) },
        { title: "p-value", cells: Array.from(pValues, (p) => Number(p.toPrecision(3))) },
      ],
      style,
    ) +
    `\n${verdict}\n` +
    (denied === 0 ? "" : `${denied} of ${size} fits denied by themselves that they are the posterior\n`) +
    shownWarnings(warnings, style)
  );
}
