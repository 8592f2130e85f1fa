// Files of draws: what the path given to `--out` asks for.
import { PhxError } from "@phxlang/autodiff";
import { arvizJson, inferenceData, toStanCsv } from "@phxlang/inference";
import type { Fit, InferenceData, InferenceParts } from "@phxlang/inference";
import { renderCsv } from "../output/csv.ts";
import { writeNetcdf } from "./netcdf.ts";

interface DrawsFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** The files of a fit; `parts` is asked for only by formats that hold more than draws. */
export type DrawsWriter = (fit: Fit, parts: () => InferenceParts) => Promise<readonly DrawsFile[]>;

/**
 * The files of a fit by the ending of the path: `.csv`, one table of all draws; `.json` and `.nc`, the groups of ArviZ;
 * without an ending, a directory with one CSV for each chain as Stan writes them. PHX998 for other endings, before any
 * work.
 */
export function drawsWriter(path: string): DrawsWriter {
  const ending = /\.[^./\\]+$/.exec(path)?.[0];
  switch (ending) {
    case ".csv":
      return (fit) => Promise.resolve([{ path, content: tableOf(fit) }]);
    case ".json":
    case ".nc":
      return async (fit, parts) => [{ path, content: await groupsFile(path, inferenceData(fit, parts())) }];
    case undefined: {
      const directory = path.replace(/[/\\]+$/, "");
      return (fit) =>
        Promise.resolve(
          toStanCsv(fit).map((content, c) => ({ path: `${directory}/chain-${c + 1}.csv`, content })),
        );
    }
    default:
      throw new PhxError({
        code: "PHX998",
        what: `draws cannot be written as ${ending}`,
        why: "a name that ends in .csv gets one table, .json or .nc the groups of ArviZ, and a directory Stan CSV for each chain",
        fix: "end the name in .csv, .json or .nc, or name a directory",
      });
  }
}

/** JSON or NetCDF, by the ending of the path. */
export async function groupsFile(path: string, data: InferenceData): Promise<string | Uint8Array> {
  return path.endsWith(".nc") ? await writeNetcdf(data) : arvizJson(data);
}

function tableOf({ parameterNames, draws }: Fit): string {
  return renderCsv(
    parameterNames.map((title, p) => ({ title, cells: draws[p].flatMap((chain) => Array.from(chain)) })),
  );
}
