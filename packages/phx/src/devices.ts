// The devices that programs run on, by kind, and pmap over them.
import { makePmap, PhxError } from "@phxlang/autodiff";
import type { Device, Pmap } from "@phxlang/autodiff";
import { didYouMean } from "@phxlang/dsl";
import { cpuDevice, openWorkers } from "@phxlang/runtime";
import type { WorkersOptions } from "@phxlang/runtime";

/** Options of a kind of devices; those of another kind are refused. */
export type DeviceOptions = WorkersOptions;

/** Every kind that there is on this host. A device that takes its own way to be opened gets its line here. */
const kinds: ReadonlyMap<string, (options: DeviceOptions) => readonly Device[]> = new Map([
  ["cpu", openCpu],
  ["workers", (options) => [openWorkers(options)]],
]);

/** The kinds that `devices` knows on this host. */
export const deviceKinds: readonly string[] = [...kinds.keys()];

/**
 * The devices of a kind, at least one: "cpu" is this thread; "workers", with { threads, deadline }, as many threads as the
 * machine runs at once, or as many as asked for. In a page, whose own thread may not wait, results of "workers" are
 * read with `await x.data()`. PHX979 for a kind that is not available here; another is never taken.
 */
export function devices(kind = "cpu", options: DeviceOptions = {}): readonly Device[] {
  const open = kinds.get(kind);
  if (open !== undefined) return open(options);
  throw new PhxError({
    code: "PHX979",
    what: `there is no device of the kind "${kind}"`,
    why: `available here: ${deviceKinds.join(", ")}`,
    fix: didYouMean(kind, deviceKinds) ?? "`phx doctor` says what works here",
  });
}

function openCpu(options: DeviceOptions): readonly Device[] {
  const [option] = Object.keys(options);
  if (option === undefined) return [cpuDevice];
  throw new PhxError({
    code: "PHX976",
    what: `the option ${option} was given for the device "cpu"`,
    why: "that is this one thread, and has no options",
    fix: `leave it out, or write devices("workers", { ${option}: … })`,
  });
}

/**
 * `pmap(f, { axisName, inAxes, outAxes, devices })(...args)`: like vmap, but the device decides where each member
 * runs. Default: the CPU.
 */
export const pmap: Pmap = makePmap(cpuDevice);
