// What a WebGPU device says about itself, and what it refuses: each refusal names its reason.
import type { NdArray, Value } from "@phxlang/autodiff";
import { grad, makeJit, np, random, whileLoop } from "@phxlang/autodiff";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findSwiftShader } from "../../../scripts/gpu/swiftshader.ts";
import type { WebGpuDevice } from "../src/index.ts";
import { requestWebGpuDevice } from "../src/index.ts";
import { openDevice } from "./support/open-device.ts";

const { array } = np;

async function dataOf(value: Value): Promise<readonly number[]> {
  return Array.from(await (value as NdArray).data());
}

describe.skipIf(findSwiftShader() === null)("in Node", () => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openDevice("f32");
  });
  afterAll(() => device.destroy());

  test("it says what it is", () => {
    expect(device.name).toBe("webgpu");
    expect(device.synchronous).toBe(false);
    expect(device.precision).toBe("f32");
    expect(device.adapterName).toMatch(/SwiftShader/);
    expect(device.limits.arrayBytes).toBeGreaterThanOrEqual(2 ** 27);
  });

  test("doubles without a choice of how to keep them are refused with the choice", async () => {
    const undecided = await openDevice();
    const twice = makeJit(undecided)((x: Value) => x.add(x));
    expect(() => twice(array([1, 2]))).toThrow(/PHX966.*f64\[2\].*without a precision.*precision: "f64x"/s);
    expect(await dataOf(twice(array([1.5, 2], "f32")))).toEqual([3, 4]);
    undecided.destroy();
  });

  test("results cannot be read at once", () => {
    const result = makeJit(device)((x: Value) => x.add(1))(array([1])) as NdArray;
    expect(() => result.elements).toThrow("PHX922");
  });

  test("what it does not have is refused by name", () => {
    const jit = makeJit(device);
    const draw = jit((key: Value) => random.poisson(key, 3, [2]));
    expect(() => draw(random.key(1))).toThrow(/PHX972.*"webgpu" cannot run.*randomPoisson/s);
    // The first derivative is there, the third is not.
    const curvature = grad(grad(grad(np.digamma as (x: Value) => Value)));
    expect(() => jit(curvature)(array(2))).toThrow(/PHX972.*polygamma/s);
  });

  test("arrays and programs that are too large are refused with the numbers", () => {
    const { arrayBytes } = device.limits;
    const jit = makeJit(device);
    const length = arrayBytes / 4 - 64;
    // Each fits alone; two of them do not fit in one buffer.
    const sums = jit((x: Value) => np.cumsum(np.cumsum(np.broadcastTo(x, [length]), 0), 0).max());
    expect(() => sums(array([1], "f32"))).toThrow(
      /PHX965.*arrays of this program take \d+ bytes.*at most \d+/s,
    );
    const tooMany = jit((x: Value) => np.broadcastTo(x, [arrayBytes]).add(1).max());
    expect(() => tooMany(array([1], "f32"))).toThrow(/PHX972.*its largest array \d+/s);
  });

  test("a loop that does not end is ended, and so is what was computed from it", async () => {
    const jit = makeJit(device);
    const endless = jit((x: Value) =>
      whileLoop(
        (y: Value) => y.less(1),
        (y: Value) => y.mul(1),
        x,
      ),
    )(array(0.5));
    const after = jit((x: Value) => x.add(1))(endless);
    await expect(dataOf(endless)).rejects.toThrow("PHX965: a loop went on for more than 100000 turns");
    await expect(dataOf(after)).rejects.toThrow("PHX965: a loop went on for more than 100000 turns");
  });

  test("a device that is lost says so, at calls and where data is awaited", async () => {
    const lost = await openDevice("f32");
    const next = makeJit(lost)((x: Value) => x.add(1));
    const result = next(array([1]));
    lost.destroy();
    await expect(dataOf(result)).rejects.toThrow(/PHX964: the WebGPU device was lost/);
    expect(() => next(array([1]))).toThrow(/PHX964/);
  });

  test("a machine without an adapter is told so", async () => {
    const gpu = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
    await expect(requestWebGpuDevice({ gpu, precision: "f32" })).rejects.toThrow(/PHX967.*no adapter/s);
  });

  test("buffers are used again", async () => {
    const step = makeJit(device)((x: Value) => x.mul(0.5).add(1));
    let x: Value = array(new Float64Array(1000));
    for (let i = 0; i < 200; i++) x = step(x);
    expect((await dataOf(x))[999]).toBeCloseTo(2, 6);
  });
});
