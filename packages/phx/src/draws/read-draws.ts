// Saved draws from files: Stan CSV for each chain, or the JSON or NetCDF of ArviZ.
import { PhxError } from "@phxlang/autodiff";
import { drawsOf, fromArvizJson, fromStanCsv } from "@phxlang/inference";
import type { SavedDraws } from "@phxlang/inference";
import type { Invocation } from "../command.ts";
import { readNetcdf } from "./netcdf.ts";

/** The words of commands that read draws. */
export const drawsWord = {
  name: "<draws...>",
  description: "what `phx fit --out` wrote: .json, .nc, a directory, or a Stan CSV for each chain",
};

/**
 * The draws in a `.json` or `.nc` file, or in one `.csv` file for each chain, or in the `.csv` files of a directory. PHX996 for
 * what cannot be read, PHX847 for what holds no draws.
 */
export async function readDraws({ host }: Invocation, paths: readonly string[]): Promise<SavedDraws> {
  const [first] = paths;
  const files = paths.length === 1 ? host.filesIn(first) : null;
  if (files !== null) {
    const chains = files.filter((path) => path.endsWith(".csv"));
    if (chains.length === 0) throw noDraws(first, "the directory has no .csv files");
    return fromStanCsv(chains.map((path) => host.readText(path)));
  }
  if (paths.every((path) => path.endsWith(".csv"))) {
    return fromStanCsv(paths.map((path) => host.readText(path)));
  }
  if (paths.length > 1) {
    throw new PhxError({
      code: "PHX992",
      what: `${paths.length} files of draws`,
      why: "only Stan CSV has a file for each chain",
      fix: "give one .json or .nc file, a directory, or .csv files",
    });
  }
  if (first.endsWith(".nc")) return drawsOf(await readNetcdf(host.readBytes(first), first));
  if (first.endsWith(".json")) return drawsOf(fromArvizJson(host.readText(first)));
  throw noDraws(first, "its name ends neither in .json, .nc nor .csv, and it is no directory");
}

function noDraws(path: string, why: string): PhxError {
  return new PhxError({
    code: "PHX847",
    what: `"${path}" holds no draws that phx can read`,
    why,
    fix: "give what `phx fit --out` wrote, Stan CSV, or the JSON or NetCDF of ArviZ",
  });
}
