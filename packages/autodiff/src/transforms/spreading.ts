// Whether the batches of vmap go to a device that spreads them: so it is while a function is traced for such a device.
import type { SpreadingDevice } from "../device.ts";

/** Batches below this length are worth no thread of their own. It does not depend on how many threads there are. */
export const leastSpread = 16;

let current: SpreadingDevice | null = null;

/** Runs `body` while batches go to `device`, or stay where they are if it is null. */
export function withSpreading<T>(device: SpreadingDevice | null, body: () => T): T {
  const before = current;
  current = device;
  try {
    return body();
  } finally {
    current = before;
  }
}

/** The device that takes a batch of this length; null if it stays one batch. */
export function spreadingFor(size: number): SpreadingDevice | null {
  return size >= leastSpread ? current : null;
}
