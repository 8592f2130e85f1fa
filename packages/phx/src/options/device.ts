// Where a command computes: --device and --threads.
import type { Device } from "@phxlang/autodiff";
import { PhxError } from "@phxlang/autodiff";
import type { Invocation } from "../command.ts";
import { deviceKinds, devices } from "../devices.ts";
import { last } from "./declaration.ts";
import type { OptionDeclaration } from "./declaration.ts";
import { readWholeNumber } from "./numbers.ts";

const kind: OptionDeclaration<string> = {
  flags: "--device <kind>",
  description: "where to compute; the numbers are the same (default: cpu)",
  choices: deviceKinds,
  setting: "device",
  read: last,
  absent: "cpu",
};

const threads: OptionDeclaration<number | undefined> = {
  flags: "--threads <number>",
  description: "threads of --device workers (default: as many as the machine has)",
  setting: "threads",
  read: readWholeNumber(1, 1024),
  absent: undefined,
};

/** Every command that maps or differentiates has these. */
export const deviceOptions: readonly OptionDeclaration<unknown>[] = [kind, threads];

/** The device that was asked for. PHX995 for threads of another device than workers. */
export function deviceOf(invocation: Invocation): Device {
  const wanted = invocation.value(kind);
  const count = invocation.value(threads);
  // A setting for all commands says how many threads the workers have, where they are asked for.
  if (count === undefined || (wanted !== "workers" && invocation.origin(threads) !== "flag")) {
    return devices(wanted)[0];
  }
  if (wanted === "workers") return devices("workers", { threads: count })[0];
  throw new PhxError({
    code: "PHX995",
    what: `--threads does not go with the device ${wanted}`,
    why: "only workers have threads",
    fix: "add --device workers, or leave --threads out",
  });
}
