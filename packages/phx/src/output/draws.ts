// Files of draws: what the path given to `phx fit --out` asks for.
import { PhxError } from "@phxlang/autodiff";
import { toArviz, toStanCsv } from "@phxlang/inference";
import type { Fit } from "@phxlang/inference";
import { renderCsv } from "./csv.ts";

interface DrawsFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The files of a fit by the ending of the path: `.csv`, one table of all draws; `.json`, the groups of ArviZ; without
 * an ending, a directory with one CSV for each chain as Stan writes them. PHX998 for other endings, before any work.
 */
export function drawsWriter(path: string): (fit: Fit) => readonly DrawsFile[] {
  const ending = /\.[^./\\]+$/.exec(path)?.[0];
  switch (ending) {
    case ".csv":
      return (fit) => [{ path, text: tableOf(fit) }];
    case ".json":
      return (fit) => [{ path, text: `${JSON.stringify(toArviz(fit))}\n` }];
    case undefined: {
      const directory = path.replace(/[/\\]+$/, "");
      return (fit) => toStanCsv(fit).map((text, c) => ({ path: `${directory}/chain-${c + 1}.csv`, text }));
    }
    default:
      throw new PhxError({
        code: "PHX998",
        what: `draws cannot be written as ${ending}`,
        why: "a name that ends in .csv gets one table, .json the groups of ArviZ, and a directory Stan CSV for each chain",
        fix: "end the name in .csv or .json, or name a directory",
      });
  }
}

function tableOf({ parameterNames, draws }: Fit): string {
  return renderCsv(
    parameterNames.map((title, p) => ({ title, cells: draws[p].flatMap((chain) => Array.from(chain)) })),
  );
}
