// Which exit status an error ends in.
import type { ExitStatus } from "./command.ts";

/** From the code alone: 1 for the model and its data, 2 for the way phx was called, 3 for failed computations. */
export function exitStatus(code: string): ExitStatus {
  const number = Number(code.slice(3));
  if (code === "PHX511") return 2;
  // A broken law says something about the model.
  if (number < 800 || code === "PHX989") return 1;
  if (number < 900) return 3;
  if (number < 910 || number >= 990) return 2;
  if (number < 920) return 1;
  return 3;
}
