// phx plot: pictures of saved draws.
import { PhxError } from "@phxlang/autodiff";
import type { SavedDraws } from "@phxlang/inference";
import { isMarkov, thetaOfDraw } from "@phxlang/inference";
import type { CommandDefinition, Invocation } from "../command.ts";
import { compileFile } from "../compile-file.ts";
import { endingOf, writePicture } from "../curves/write-picture.ts";
import { drawsFor } from "../draws/draws-for.ts";
import { drawsWord, readDraws } from "../draws/read-draws.ts";
import { readObservations } from "../observations.ts";
import * as common from "../options/common.ts";
import { last } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { paper } from "../plots/palette.ts";
import type { Panel } from "../plots/panel.ts";
import { densityPanel, pairPanel, rankPanel, tracePanel } from "../plots/posterior-panels.ts";
import { joinPanels } from "../plots/sheet.ts";
import { dataPanels } from "../report/data-panels.ts";
import { sessionAtDefaults } from "../session.ts";
import { unknownName } from "../unknown-name.ts";

const kinds = ["density", "trace", "rank", "pair", "data"] as const;

const kind: OptionDeclaration<string> = {
  flags: "-k, --kind <name>",
  description:
    "density, trace, rank or pair of the parameters, or the model over its data (default: density)",
  choices: kinds,
  read: last,
  absent: "density",
};

const parameters: OptionDeclaration<readonly string[] | undefined> = {
  flags: "-p, --parameters <names>",
  description: "only these parameters, separated by commas: a,w[1]",
  read: (texts) => last(texts).split(/,(?![^[]*\])/),
  absent: undefined,
};

const modelFile: OptionDeclaration<string | undefined> = {
  flags: "--model <file>",
  description: "data: the model that the draws belong to",
  read: last,
  absent: undefined,
};

/** More panels than this are no picture any more. */
const mostPanels = 30;

export const plot: CommandDefinition = {
  name: "plot",
  words: [drawsWord],
  summary: "pictures of saved draws: densities, traces, ranks, pairs, the model over its data",
  description: "SVG on standard output, or a .svg, .png or .html file with --out.",
  options: [kind, parameters, modelFile, ...common.modelOptions, common.data, common.out],
  examples: [
    {
      line: "phx plot data/leukemia-draws --kind rank --out out/ranks.svg",
      says: "do the chains agree?",
    },
    {
      line: "phx plot data/leukemia-draws --kind data --model examples/leukemia.phx --out out/fit.svg",
      says: "the model over the data, with 90 % of the draws",
    },
  ],
  run: async (invocation) => {
    const out = invocation.value(common.out);
    if (out !== undefined) endingOf(out, ["svg", "png", "html"]);
    checkOptions(invocation);
    const saved = await readDraws(invocation, invocation.words);
    const panels = await panelsOf(invocation, saved);
    const title = `${saved.model ?? "draws"}: ${invocation.value(kind)}`;
    await writePicture(joinPanels(title, panels.panels, panels.groups, paper), title, out, invocation);
    return 0;
  },
};

/** PHX995 for options that contradict each other, before any work. */
function checkOptions(invocation: Invocation): void {
  if (invocation.value(common.json)) {
    throw new PhxError({
      code: "PHX995",
      what: "--json and pictures do not go together",
      fix: "leave --json away; `phx diagnose --json` gives the numbers",
    });
  }
  const isData = invocation.value(kind) === "data";
  if (isData === (invocation.value(modelFile) !== undefined)) return;
  throw new PhxError({
    code: "PHX995",
    what: isData ? "--kind data without --model" : "--model without --kind data",
    why: "only the picture of the model over its data needs a model",
    fix: isData ? "name the model: --model FILE.phx" : "leave --model away, or ask for --kind data",
  });
}

interface Panels {
  readonly panels: readonly Panel[];
  readonly groups: readonly string[];
}

async function panelsOf(invocation: Invocation, saved: SavedDraws): Promise<Panels> {
  const chosen = chosenIndices(saved, invocation.value(parameters));
  const { parameterNames, draws, chains } = saved;
  const each = async (draw: (name: string, p: number) => Promise<Panel>): Promise<Panel[]> => {
    limit(chosen.length);
    return Promise.all(chosen.map((p) => draw(parameterNames[p], p)));
  };
  const chainNames = chains.length > 1 ? chains.map((_, c) => `chain ${c + 1}`) : [];
  switch (invocation.value(kind)) {
    case "trace":
      requireChains(saved);
      return { panels: await each((name, p) => tracePanel(paper, name, draws[p])), groups: chainNames };
    case "rank":
      requireChains(saved);
      return { panels: await each((name, p) => rankPanel(paper, name, draws[p])), groups: [] };
    case "pair": {
      const pairs = chosen.flatMap((j, b) => chosen.slice(0, b).map((i) => [i, j] as const));
      limit(pairs.length);
      if (pairs.length === 0) throw nothingToDraw("a pair needs two parameters", "choose another --kind");
      const diverging = chains.flatMap(({ statistics }) => statistics["diverging"] ?? []);
      const panels = pairs.map(([i, j]) =>
        pairPanel(paper, [parameterNames[i], parameterNames[j]], [draws[i], draws[j]], diverging),
      );
      return { panels: await Promise.all(panels), groups: [] };
    }
    case "data":
      return overData(invocation, saved);
    default:
      return { panels: await each((name, p) => densityPanel(paper, name, draws[p])), groups: [] };
  }
}

async function overData(invocation: Invocation, saved: SavedDraws): Promise<Panels> {
  const file = invocation.value(modelFile) ?? "";
  const model = compileFile(invocation, file);
  const { draws } = drawsFor(model, saved);
  const session = sessionAtDefaults(invocation, file, model);
  const data = await readObservations(session, invocation);
  const thetas = saved.chains.flatMap((_, c) =>
    Array.from(draws[0][c], (__, i) => thetaOfDraw({ draws }, c, i)),
  );
  const { panels, groups, omissions } = await dataPanels(paper, model, data, thetas);
  if (panels.length === 0) {
    throw nothingToDraw(`the data hold only ${omissions.join("; ")}`, "choose another --kind");
  }
  return { panels, groups };
}

function chosenIndices(
  { parameterNames }: SavedDraws,
  names: readonly string[] | undefined,
): readonly number[] {
  if (names === undefined) return parameterNames.map((_, p) => p);
  return names.map((name) => {
    const p = parameterNames.indexOf(name);
    if (p < 0) throw unknownName("parameter", name, parameterNames, "--parameters");
    return p;
  });
}

function requireChains(saved: SavedDraws): void {
  if (isMarkov(saved)) return;
  throw nothingToDraw(
    `draws by ${saved.method} are in no order, and of one chain`,
    "choose density, pair or data",
  );
}

function limit(count: number): void {
  if (count <= mostPanels) return;
  throw nothingToDraw(`${count} panels are more than ${mostPanels}`, "choose some: --parameters a,b");
}

function nothingToDraw(why: string, fix: string): PhxError {
  return new PhxError({ code: "PHX995", what: "there is no such picture of these draws", why, fix });
}
