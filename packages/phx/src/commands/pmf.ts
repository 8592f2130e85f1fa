// phx pmf: probabilities of numbers of steps.
import type { CommandDefinition } from "../command.ts";
import { curveCommand } from "../curves/curve-command.ts";
import { pmfKind } from "../curves/kinds.ts";

export const pmf: CommandDefinition = curveCommand(pmfKind, [
  { line: "phx pmf examples/pattern.phx --times 0:12:1", says: "how probable each number of steps is" },
  { line: "phx pmf examples/gambler.phx --cause ruined --times 3,5,7", says: "together with how it ends" },
]);
