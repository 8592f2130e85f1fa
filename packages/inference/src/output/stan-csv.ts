// The draws of a fit as CmdStan writes them: one CSV text for each chain.
import type { Fit } from "../fit/fit.ts";

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
