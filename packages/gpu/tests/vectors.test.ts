// The reference values of vectors/transforms.json on WebGPU in Node.
import { afterAll, describe } from "vitest";
import { findSwiftShader } from "../../../scripts/gpu/swiftshader.ts";
import type { Precision, WebGpuDevice } from "../src/index.ts";
import { checkVectors } from "./support/check-vectors.ts";
import { openDevice } from "./support/open-device.ts";
import { runVectors } from "./support/run-vectors.ts";

describe.skipIf(findSwiftShader() === null).each(["f32", "f64x"] as const)(
  "in Node",
  (precision: Precision) => {
    let device: WebGpuDevice | undefined;
    afterAll(() => device?.destroy());
    checkVectors(precision, async (mode) => runVectors((device ??= await openDevice(precision)), mode));
  },
);
