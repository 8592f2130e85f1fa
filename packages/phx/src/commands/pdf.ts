// phx pdf: probability densities.
import type { CommandDefinition } from "../command.ts";
import { curveCommand } from "../curves/curve-command.ts";
import { pdfKind } from "../curves/kinds.ts";

export const pdf: CommandDefinition = curveCommand(pdfKind, [
  { line: "phx pdf examples/kingman.phx --times 0:4:0.5", says: "the density on a grid of times" },
  {
    line: "phx pdf examples/kingman.phx --times 1,2,1000 --log --grad",
    says: "its logarithm far into the tail, with gradients",
  },
  {
    line: "phx pdf examples/kingman.phx --times 1,200 --method dense --tolerance 1e-11",
    says: "by dense squaring, to eleven digits, or not at all",
  },
  {
    line: "phx pdf examples/aircondit.phx --plot --observed --out out/aircondit.svg",
    says: "a picture: the density over a histogram of the data",
  },
]);
