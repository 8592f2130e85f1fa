// phx cdf: probabilities of having stopped.
import type { CommandDefinition } from "../command.ts";
import { curveCommand } from "../curves/curve-command.ts";
import { cdfKind } from "../curves/kinds.ts";

export const cdf: CommandDefinition = curveCommand(cdfKind, [
  { line: "phx cdf examples/mm1k.phx --times 10:100:10", says: "the distribution function on a grid" },
  { line: "phx cdf examples/k_of_n.phx --times 1,10,100 --csv", says: "the same as comma-separated values" },
]);
