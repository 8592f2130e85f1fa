// openDevice: a WebGPU device for tests in Node.
import { openNodeGpu } from "../../../../scripts/gpu/open-node-gpu.ts";
import type { Precision, WebGpuDevice } from "../../src/index.ts";
import { requestWebGpuDevice } from "../../src/index.ts";

export function openDevice(precision?: Precision): Promise<WebGpuDevice> {
  return requestWebGpuDevice({ gpu: openNodeGpu(), ...(precision === undefined ? {} : { precision }) });
}
