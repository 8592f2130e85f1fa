// Densities of models on WebGPU: the numbers of the CPU, their derivatives, batches, and what is refused.
import type { Device, NdArray, Value } from "@phxlang/autodiff";
import { grad, hessian, makeJit, makePmap, np, vmap } from "@phxlang/autodiff";
import { erlang } from "@phxlang/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findSwiftShader } from "../../../scripts/gpu/swiftshader.ts";
import type { WebGpuDevice } from "../src/index.ts";
import { openDevice } from "./support/open-device.ts";

/** Three stages that share a rate. */
const model = erlang(3);
const times = np.array([0.2, 1, 2.5]);
const density = (theta: Value): Value => model.logPdf(theta, times);
const loss = (theta: Value): Value => density(theta).sum().neg();
const theta = np.array([1.3]);

async function expectClose(found: Value, expected: Value, tolerance: number): Promise<void> {
  const values = await (found as NdArray).data();
  const wanted = (expected as NdArray).elements;
  expect(values).toHaveLength(wanted.length);
  wanted.forEach((value, i) => {
    expect(
      Math.abs(values[i] - value) / Math.abs(value),
      `${values[i]}, expected ${value}`,
    ).toBeLessThanOrEqual(tolerance);
  });
}

describe.skipIf(findSwiftShader() === null)("in Node", () => {
  const opened: WebGpuDevice[] = [];
  let single: Device;
  let pairs: Device;
  beforeAll(async () => {
    opened.push(await openDevice("f32"), await openDevice("f64x"));
    [single, pairs] = opened;
  });
  afterAll(() => {
    for (const device of opened) device.destroy();
  });

  test("logarithms of densities to the digits of the device", async () => {
    await expectClose(makeJit(single)(density)(theta), density(theta), 1e-5);
    await expectClose(makeJit(pairs)(density)(theta), density(theta), 1e-12);
  }, 120_000);

  test("probabilities, at time 0 too", async () => {
    const all = np.array([0, 0.5, 3]);
    const survival = (at: Value): Value => model.survival(at, all);
    await expectClose(makeJit(single)(survival)(theta), survival(theta), 1e-5);
  });

  test("gradients of batches, mapped over members", async () => {
    const many = np.array([[0.4], [1.3], [4]]);
    const expected = vmap(grad(loss))(many);
    await expectClose(makePmap(single)(grad(loss))(many), expected, 1e-4);
  }, 120_000);

  test("second derivatives", async () => {
    await expectClose(makeJit(single)(hessian(loss))(theta), hessian(loss)(theta), 1e-4);
  }, 120_000);

  test("parameters that no model allows, sweeps that are too long, and other quantities are refused", async () => {
    const jit = makeJit(single);
    await expect((jit(loss)(np.array([-1])) as NdArray).data()).rejects.toThrow("PHX958");
    await expect((jit(grad(loss))(np.array([5000])) as NdArray).data()).rejects.toThrow(
      "PHX965: a derivative needs more than 2000 steps",
    );
    expect(() => jit((at: Value) => model.mean(at))(theta)).toThrow(
      /PHX972.*"webgpu" cannot run.*moments_gradient/s,
    );
  }, 120_000);
});
