// phx hazard: rates of stopping.
import type { CommandDefinition } from "../command.ts";
import { curveCommand } from "../curves/curve-command.ts";
import { hazardKind } from "../curves/kinds.ts";

export const hazard: CommandDefinition = curveCommand(hazardKind, [
  {
    line: "phx hazard examples/hyperexponential.phx --times 0:4:1",
    says: "how the rate of finishing falls with time",
  },
]);
