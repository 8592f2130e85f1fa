// phx survival: probabilities of not having stopped.
import type { CommandDefinition } from "../command.ts";
import { curveCommand } from "../curves/curve-command.ts";
import { survivalKind } from "../curves/kinds.ts";

export const survival: CommandDefinition = curveCommand(survivalKind, [
  { line: "phx survival examples/k_of_n.phx --times 1,10,100", says: "the survival function at three times" },
  {
    line: "phx survival examples/remission.phx --with treated=1 --times 10,20",
    says: "for a patient who takes the drug",
  },
  {
    line: "phx survival examples/remission.phx --plot --observed --out out/remission.svg",
    says: "a picture: against the Kaplan–Meier estimate from the data",
  },
]);
