// Where a command computes: --device, --threads and --precision.
import type { Device } from "@phxlang/autodiff";
import { PhxError } from "@phxlang/autodiff";
import type { Precision } from "@phxlang/gpu";
import type { Invocation } from "../command.ts";
import { deviceKinds, devices } from "../devices.ts";
import type { DeviceKind } from "../devices.ts";
import { last } from "./declaration.ts";
import type { OptionDeclaration } from "./declaration.ts";
import { readWholeNumber } from "./numbers.ts";

const kind: OptionDeclaration<string> = {
  flags: "--device <kind>",
  description: "where to compute (default: cpu)",
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

const precision: OptionDeclaration<string | undefined> = {
  flags: "--precision <kind>",
  description: "how --device webgpu keeps doubles: f32, 7 digits, or f64x, 14",
  choices: ["f32", "f64x"],
  setting: "precision",
  read: last,
  absent: undefined,
};

/** Every command that maps or differentiates has these. */
export const deviceOptions: readonly OptionDeclaration<unknown>[] = [kind, threads, precision];

/** The device that was asked for. PHX995 for options of another device. */
export async function deviceOf(invocation: Invocation): Promise<Device> {
  const wanted = invocation.value(kind) as DeviceKind;
  const count = invocation.value(threads);
  const digits = invocation.value(precision) as Precision | undefined;
  // Settings for all commands say what holds for a device where it is asked for.
  if (count !== undefined && wanted !== "workers" && invocation.origin(threads) === "flag") {
    throw misplaced("--threads", wanted, "only workers have threads", "workers");
  }
  if (digits !== undefined && wanted !== "webgpu" && invocation.origin(precision) === "flag") {
    throw misplaced("--precision", wanted, "every other device has doubles", "webgpu");
  }
  if (wanted === "workers") return devices(wanted, count === undefined ? {} : { threads: count })[0];
  if (wanted === "webgpu") {
    if (digits === undefined) throw undecided();
    return (await devices(wanted, { precision: digits }))[0];
  }
  return devices(wanted)[0];
}

/** A device that delivers its results at once: PHX995 for another, since `work` reads each result before it goes on. */
export async function promptDeviceOf(invocation: Invocation, work: string): Promise<Device> {
  const device = await deviceOf(invocation);
  if (device.synchronous) return device;
  throw new PhxError({
    code: "PHX995",
    what: `${work} does not go with the device ${device.name}`,
    why: "it reads each result before it goes on, and that device delivers results later",
    fix: "take --device workers, or cpu",
  });
}

/** Every command computes with doubles. */
function undecided(): PhxError {
  return new PhxError({
    code: "PHX966",
    what: "--device webgpu without --precision",
    why: "GPUs have no doubles: they are kept as single floats (about 7 digits) or as pairs of them (about 14), and phx does not choose for you",
    fix: "add --precision f64x, or --precision f32",
  });
}

function misplaced(option: string, device: string, why: string, owner: string): PhxError {
  return new PhxError({
    code: "PHX995",
    what: `${option} does not go with the device ${device}`,
    why,
    fix: `add --device ${owner}, or leave ${option} out`,
  });
}
