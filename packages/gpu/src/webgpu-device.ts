// requestWebGpuDevice: a WebGPU adapter as a device that programs are compiled for.
import type { ArrayType, Device, Primitive, Program } from "@phxlang/autodiff";
import { PhxError, typeText } from "@phxlang/autodiff";
import type { Arithmetic } from "./arithmetic/arithmetic.ts";
import { pairArithmetic } from "./arithmetic/pair.ts";
import { singleArithmetic } from "./arithmetic/single.ts";
import type { Precision } from "./arithmetic/precision.ts";
import { compileForGpu } from "./device/executable.ts";
import { packingOf } from "./device/packing.ts";
import { Session } from "./device/session.ts";
import { Code } from "./program/code.ts";
import { scalarsOf } from "./program/scalars.ts";
import type { Scalars } from "./program/scalars.ts";
import { selfTest } from "./self-test.ts";
import { elementHelpers } from "./table/elementwise.ts";
import { loweringOf } from "./table/index.ts";

export interface WebGpuOptions {
  /**
   * How arrays of dtype "f64" are kept, which GPUs do not have: "f32", about 7 digits, or "f64x", pairs of floats with
   * about 14. There is no default: without a choice programs with such arrays are refused (PHX966).
   */
  readonly precision?: Precision;
  /** `navigator.gpu` in a page; the `gpu` of the package webgpu in Node. */
  readonly gpu: GPU;
  /** Which of several adapters. Default: the browser's choice. */
  readonly powerPreference?: GPUPowerPreference;
}

export interface WebGpuDevice extends Device {
  readonly precision: Precision | null;
  /** What the driver says about its adapter: vendor, architecture, description. */
  readonly adapterName: string;
  /** Settles when the device is gone, whatever the reason. */
  readonly lost: Promise<void>;
  /** Gives the device back to the driver; arrays on it that were not read are lost. */
  destroy(): void;
}

const all = new WeakSet<Device>();

/** Whether a device is one of WebGPU. */
export function isWebGpu(device: Device): device is WebGpuDevice {
  return all.has(device);
}

/**
 * Opens a device, and tests its arithmetic: PHX968 if that is wrong, PHX967 if there is no device; a device that is lost (PHX964), a limit that is exceeded (PHX965) and a
 * primitive that is missing (PHX972) are errors that name it, never a move to the CPU.
 */
export async function requestWebGpuDevice(options: WebGpuOptions): Promise<WebGpuDevice> {
  const { gpu, precision = null, powerPreference } = options;
  const adapter = await gpu.requestAdapter(powerPreference === undefined ? {} : { powerPreference });
  if (adapter === null) {
    throw new PhxError({
      code: "PHX967",
      what: "WebGPU found no adapter",
      why: "this machine has no GPU, or no driver for it",
      fix: "install a driver (SwiftShader is one in software), or use the device cpu",
    });
  }
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  });
  const session = new Session(device);
  const double: Arithmetic = precision === "f64x" ? pairArithmetic : singleArithmetic;
  const scalars = scalarsOf(singleArithmetic, double);
  const functions = [singleArithmetic.prelude, elementHelpers];
  if (double !== singleArithmetic) functions.push(double.prelude);
  const target = { session, scalars, packing: packingOf(double), table: loweringOf, functions };
  const { vendor, architecture, description } = adapter.info;
  const opened: WebGpuDevice = {
    name: "webgpu",
    synchronous: false,
    precision,
    adapterName: [vendor, architecture, description].filter((part) => part !== "").join(" "),
    limits: {
      dtypes: ["f64", "f32", "i32", "u32", "bool"],
      arrayBytes: Math.min(maxStorageBufferBindingSize, maxBufferSize),
      threads: 1,
    },
    supports: (primitive, operands) => supports(scalars, primitive, operands),
    compile(program) {
      if (precision === null) refuseDoubles(program);
      return compileForGpu(target, program);
    },
    lost: device.lost.then(() => undefined),
    destroy: () => device.destroy(),
  };
  for (const own of precision === null ? (["f32"] as const) : [precision]) {
    await selfTest((program) => compileForGpu(target, program), own);
  }
  all.add(opened);
  return opened;
}

function supports(scalars: Scalars, primitive: Primitive, operands: readonly ArrayType[]): boolean {
  const lowering = loweringOf(primitive.name);
  if (lowering === undefined) return primitive.inline !== undefined;
  if (lowering.kind !== "elementwise" && lowering.kind !== "kernel") return true;
  if (lowering.supports !== undefined) return lowering.supports(scalars, operands);
  if (lowering.kind === "kernel") return true;
  const element = { code: new Code(), scalars, operands, results: operands, parameters: {} };
  return (
    lowering.emit(
      element,
      operands.map(() => "x"),
    ) !== undefined
  );
}

function refuseDoubles({ types }: Program): void {
  const double = types.find(({ dtype }) => dtype === "f64");
  if (double === undefined) return;
  throw new PhxError({
    code: "PHX966",
    what: `a program with ${typeText(double)} was given to a WebGPU device that was opened without a precision`,
    why: 'GPUs have no doubles: they are kept as "f32" (about 7 digits) or as pairs of floats, "f64x" (about 14 digits), and phx does not choose for you',
    fix: 'open the device with { precision: "f64x" } or { precision: "f32" } (--precision f64x), or compute with arrays of dtype "f32"',
  });
}
