// The devices that programs run on, by kind, and pmap over them.
import { makePmap, PhxError } from "@phxlang/autodiff";
import type { Device, Pmap } from "@phxlang/autodiff";
import { didYouMean } from "@phxlang/dsl";
import type { Precision } from "@phxlang/gpu";
import { cpuDevice, openWorkers } from "@phxlang/runtime";
import type { WorkersOptions } from "@phxlang/runtime";
import { openWebGpu } from "./open-webgpu.ts";

export interface WebGpuDeviceOptions {
  /**
   * How arrays of dtype "f64" are kept: "f32", about 7 digits, or "f64x", pairs of floats with about 14. Without a choice
   * programs with such arrays are refused (PHX966).
   */
  readonly precision?: Precision;
  /** Which of several adapters: "low-power" or "high-performance". Default: the driver's choice. */
  readonly powerPreference?: "low-power" | "high-performance";
}

/** Options of a kind of devices; those of another kind are refused. */
export type DeviceOptions = WorkersOptions & WebGpuDeviceOptions;

export type DeviceKind = "cpu" | "workers" | "webgpu";

interface Kind {
  readonly options: readonly (keyof DeviceOptions)[];
  open(options: DeviceOptions): readonly Device[] | Promise<readonly Device[]>;
}

/** Every kind that there is on this host. A device that takes its own way to be opened gets its line here. */
const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["cpu", { options: [], open: () => [cpuDevice] }],
  ["workers", { options: ["threads", "deadline"], open: (options) => [openWorkers(options)] }],
  [
    "webgpu",
    {
      options: ["precision", "powerPreference"],
      open: async (options) => [await openWebGpu(options)],
    },
  ],
]);

/** The kinds that `devices` knows on this host. */
export const deviceKinds: readonly string[] = [...kinds.keys()];

/**
 * The devices of a kind, at least one: "cpu" is this thread; "workers", with { threads, deadline }, as many threads as the
 * machine runs at once, or as many as asked for; "webgpu", with { precision, powerPreference }, the GPU, which is opened
 * asynchronously: `await devices("webgpu", { precision: "f64x" })`. Results of "webgpu", and in a page those of "workers",
 * are read with `await x.data()`. PHX979 for a kind that is not available here, PHX976 for an option of another kind,
 * PHX967 where there is no GPU; another device is never taken.
 */
export function devices(kind?: "cpu" | "workers", options?: WorkersOptions): readonly Device[];
export function devices(kind: "webgpu", options?: WebGpuDeviceOptions): Promise<readonly Device[]>;
export function devices(
  kind: DeviceKind,
  options?: DeviceOptions,
): readonly Device[] | Promise<readonly Device[]>;
export function devices(
  kind = "cpu",
  options: DeviceOptions = {},
): readonly Device[] | Promise<readonly Device[]> {
  const known = kinds.get(kind);
  if (known === undefined) {
    throw new PhxError({
      code: "PHX979",
      what: `there is no device of the kind "${kind}"`,
      why: `available here: ${deviceKinds.join(", ")}`,
      fix: didYouMean(kind, deviceKinds) ?? "`phx doctor` says what works here",
    });
  }
  const foreign = Object.keys(options).find((option) => !known.options.some((own) => own === option));
  if (foreign !== undefined) throw foreignOption(kind, known, foreign);
  return known.open(options);
}

function foreignOption(kind: string, { options }: Kind, option: string): PhxError {
  const owner = [...kinds].find(([, other]) => other.options.some((own) => own === option))?.[0];
  return new PhxError({
    code: "PHX976",
    what: `the option ${option} was given for the device "${kind}"`,
    why:
      options.length === 0
        ? "that is this one thread, and has no options"
        : `its options are ${options.join(", ")}`,
    fix:
      owner === undefined ? "leave it out" : `leave it out, or write devices("${owner}", { ${option}: … })`,
  });
}

/**
 * `pmap(f, { axisName, inAxes, outAxes, devices })(...args)`: like vmap, but the device decides where each member
 * runs. Default: the CPU.
 */
export const pmap: Pmap = makePmap(cpuDevice);
