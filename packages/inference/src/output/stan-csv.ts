// The draws of a fit as CmdStan writes them: one CSV text for each chain.
import type { Fit, FitChain } from "../fit/fit.ts";
import type { SavedDraws } from "./saved-draws.ts";
import { savedDraws, unusable } from "./saved-draws.ts";

/** Names of the columns that CmdStan ends with two underscores, by the names of ArviZ. */
const stanNames: Readonly<Record<string, string>> = {
  lp: "lp__",
  acceptance_rate: "accept_stat__",
  step_size: "stepsize__",
  tree_depth: "treedepth__",
  n_steps: "n_leapfrog__",
  diverging: "divergent__",
  energy: "energy__",
};

/**
 * One text for each chain: comments with the settings, a header, and a line for each draw after warm-up. Numbers have
 * as many digits as it takes to read the same bits back.
 */
export function toStanCsv({ method, model, parameterNames, chains }: Fit): string[] {
  return chains.map(({ warmup, parameters, statistics }, c) => {
    // Statistics that Stan does not know would be read as parameters.
    const known = Object.keys(statistics).filter((name) => name in stanNames);
    const columns = [...known.map((name) => statistics[name]), ...parameters];
    const count = (columns[0]?.length ?? warmup) - warmup;
    const lines = [
      `# model = ${model}`,
      "# method = sample (Default)",
      "#   sample",
      `#     num_samples = ${count}`,
      `#     num_warmup = ${warmup}`,
      "#     save_warmup = 0 (Default)",
      "#     thin = 1 (Default)",
      `# algorithm = ${method}`,
      `# id = ${c + 1}`,
      [...known.map((name) => stanNames[name]), ...parameterNames.map(stanName)].join(","),
    ];
    for (let i = warmup; i < warmup + count; i++) {
      lines.push(columns.map((column) => stanNumber(column[i])).join(","));
    }
    return `${lines.join("\n")}\n`;
  });
}

/** `w[1]` is w.1 in files of Stan. */
function stanName(name: string): string {
  return name.replaceAll(/[[,]/g, ".").replaceAll("]", "");
}

function stanNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/**
 * The draws of one text for each chain, from `toStanCsv` or CmdStan: draws during warm-up, where they were saved, are left
 * out, and w.1 is `w[1]`. PHX847 for what is no such text.
 */
export function fromStanCsv(texts: readonly string[]): SavedDraws {
  const tables = texts.map(readTable);
  const [{ header, settings }] = tables;
  if (tables.some((table) => table.header.join() !== header.join())) {
    throw unusable("its chains have different columns");
  }
  const names = Object.entries(stanNames);
  const isStatistic = header.map((name) => name.endsWith("__"));
  const chains = tables.map(({ columns }): FitChain => ({
    warmup: 0,
    parameters: columns.filter((_, k) => !isStatistic[k]),
    statistics: Object.fromEntries(
      names
        .filter(([, stan]) => header.includes(stan))
        .map(([name, stan]) => [name, columns[header.indexOf(stan)]]),
    ),
  }));
  const parameters = header.filter((_, k) => !isStatistic[k]).map(fromStanName);
  return savedDraws(parameters, chains, {
    model: settings.get("model") ?? null,
    method: settings.get("algorithm") ?? null,
    logLikelihood: null,
  });
}

interface StanTable {
  readonly settings: ReadonlyMap<string, string>;
  readonly header: readonly string[];
  readonly columns: readonly Float64Array[];
}

function readTable(text: string): StanTable {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const settings = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^#\s*(\w+) = (\S+)/.exec(line) ?? [];
    if (name !== undefined) settings.set(name, value);
  }
  const [header = "", ...rows] = lines.filter((line) => !line.startsWith("#"));
  const names = header.split(",");
  const skipped = settings.get("save_warmup") === "1" ? Number(settings.get("num_warmup")) : 0;
  const kept = rows.slice(skipped).map((row, i) => {
    const cells = row.split(",").map(fromStanNumber);
    if (cells.length !== names.length || cells.includes(null)) {
      throw unusable(`draw ${i + 1} does not have a number for each of ${names.length} columns`);
    }
    return cells;
  });
  return {
    settings,
    header: names,
    columns: names.map((_, k) => Float64Array.from(kept, (cells) => cells[k] ?? Number.NaN)),
  };
}

/** Null for what is no number. */
function fromStanNumber(text: string): number | null {
  const trimmed = text.trim();
  const special = { inf: Infinity, "+inf": Infinity, "-inf": -Infinity, nan: Number.NaN }[
    trimmed.toLowerCase()
  ];
  if (special !== undefined) return special;
  const value = Number(trimmed);
  return trimmed === "" || Number.isNaN(value) ? null : value;
}

function fromStanName(name: string): string {
  const [base, ...indices] = name.split(".");
  return indices.length === 0 ? name : `${base}[${indices.join(",")}]`;
}
