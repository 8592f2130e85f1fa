// oneDevice: the device that the option `devices` of a transform names.
import type { Device } from "../device.ts";
import { PhxError } from "../errors.ts";

/** PHX933 unless there is exactly one. */
export function oneDevice(devices: readonly Device[], transform: string): Device {
  if (devices.length === 1) return devices[0];
  throw new PhxError({
    code: "PHX933",
    what: `${transform} was given ${devices.length} devices`,
    why: "one device runs the whole; workers and ranks come as one device that spreads the work over them",
    fix: "give one device, or a device that stands for a group",
  });
}
