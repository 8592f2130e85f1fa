// openWebGpu: the one WebGPU device of each choice of options, opened when first asked for.
import type { WebGpuDevice } from "@phxlang/gpu";
import { openGpu, requestWebGpuDevice } from "@phxlang/gpu";
import { PhxError } from "@phxlang/autodiff";
import type { WebGpuDeviceOptions } from "./devices.ts";

const opened = new Map<string, Promise<WebGpuDevice>>();

const precisions: readonly unknown[] = ["f32", "f64x", undefined];
const preferences: readonly unknown[] = ["low-power", "high-performance", undefined];

/** PHX967 where there is no GPU; PHX976 for options that do not exist. A device that was lost is opened anew. */
export function openWebGpu({ precision, powerPreference }: WebGpuDeviceOptions): Promise<WebGpuDevice> {
  checkOption("precision", precision, precisions);
  checkOption("powerPreference", powerPreference, preferences);
  const key = `${precision ?? ""} ${powerPreference ?? ""}`;
  let device = opened.get(key);
  if (device === undefined) opened.set(key, (device = open({ precision, powerPreference }, key)));
  return device;
}

async function open(
  { precision, powerPreference }: { [K in keyof WebGpuDeviceOptions]-?: WebGpuDeviceOptions[K] | undefined },
  key: string,
): Promise<WebGpuDevice> {
  try {
    const device = await requestWebGpuDevice({
      gpu: await openGpu(),
      ...(precision === undefined ? {} : { precision }),
      ...(powerPreference === undefined ? {} : { powerPreference }),
    });
    void device.lost.then(() => opened.delete(key));
    return device;
  } catch (error) {
    opened.delete(key);
    throw error;
  }
}

function checkOption(name: string, given: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(given)) return;
  const choices = allowed.filter((choice) => choice !== undefined).map((choice) => JSON.stringify(choice));
  throw new PhxError({
    code: "PHX976",
    what: `the option ${name} of the device "webgpu" is ${JSON.stringify(given)}`,
    why: `it must be ${choices.join(" or ")}`,
    fix: "correct it",
  });
}
