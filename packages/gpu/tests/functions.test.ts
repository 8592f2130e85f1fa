// Functions of numbers on WebGPU against those of the CPU: ordinary arguments, large and small ones, and special ones.
import type { NdArray, Value } from "@phxlang/autodiff";
import { makeJit, np } from "@phxlang/autodiff";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findSwiftShader } from "../../../scripts/gpu/swiftshader.ts";
import type { Precision, WebGpuDevice } from "../src/index.ts";
import { openDevice } from "./support/open-device.ts";

const grid = [
  -1e5,
  -1000,
  -80,
  -30,
  -10.3,
  -3.7,
  -2.5,
  -1.5,
  -1,
  -0.9,
  -0.75,
  -0.5,
  -0.1,
  -1e-3,
  -1e-8,
  0,
  1e-8,
  1e-3,
  0.1,
  0.3,
  0.5,
  0.7,
  0.999,
  1,
  1.25,
  1.5,
  2.5,
  3,
  5,
  7.7,
  10,
  15,
  30,
  80,
  1000,
  1e5,
  Infinity,
  -Infinity,
  NaN,
];

/** Relative errors that are allowed for ordinary functions, and for those that lose digits to their argument. */
const tolerances: Readonly<Record<Precision, readonly [number, number]>> = {
  f32: [1e-6, 2e-5],
  f64x: [3e-14, 1e-12],
};

/** The flag marks those that magnify the rounding of their argument somewhere on the grid, or are 0 near it. */
const unary: readonly (readonly [string, (x: Value) => Value, boolean])[] = [
  ["neg", (x) => x.neg(), false],
  ["abs", (x) => x.abs(), false],
  ["sign", (x) => x.sign(), false],
  ["floor", (x) => x.floor(), false],
  ["ceil", (x) => x.ceil(), false],
  ["round", (x) => x.round(), false],
  ["sqrt", (x) => x.sqrt(), false],
  ["cbrt", (x) => np.cbrt(x), false],
  ["exp", (x) => x.exp(), true],
  ["expm1", (x) => np.expm1(x), true],
  ["log", (x) => x.log(), true],
  ["log1p", (x) => np.log1p(x), false],
  ["log2", (x) => np.log2(x), true],
  ["log10", (x) => np.log10(x), true],
  ["sin", (x) => x.sin(), true],
  ["cos", (x) => x.cos(), true],
  ["atan", (x) => np.atan(x), false],
  ["asin", (x) => np.asin(x), false],
  ["acos", (x) => np.acos(x), true],
  ["sinh", (x) => np.sinh(x), true],
  ["cosh", (x) => np.cosh(x), true],
  ["tanh", (x) => x.tanh(), false],
  ["asinh", (x) => np.asinh(x), false],
  ["acosh", (x) => np.acosh(x), true],
  ["erf", (x) => np.erf(x), false],
  ["erfc", (x) => np.erfc(x), true],
  // Near its zeros 1 and 2 only its absolute error is small.
  ["lgamma", (x) => np.lgamma(x).add(1), true],
  ["digamma", (x) => np.digamma(x), true],
];

const binary: readonly (readonly [string, (x: Value, y: Value) => Value])[] = [
  ["add", (x, y) => x.add(y)],
  ["mul", (x, y) => x.mul(y)],
  ["div", (x, y) => x.div(y)],
  ["maximum", (x, y) => np.maximum(x, y)],
  ["minimum", (x, y) => np.minimum(x, y)],
  ["pow", (x, y) => np.pow(x, y)],
  ["atan2", (x, y) => np.atan2(x, y)],
  ["logaddexp", (x, y) => np.logaddexp(x, y)],
  ["xlogy", (x, y) => np.xlogy(x, y)],
];

describe.skipIf(findSwiftShader() === null).each(["f32", "f64x"] as const)("%s", (precision) => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openDevice(precision);
  });
  afterAll(() => device.destroy());
  // Arguments are what the device holds exactly, so that no error is theirs.
  const held = (values: readonly number[]): NdArray => np.array(values.map(Math.fround));
  const [ordinary, magnifying] = tolerances[precision];

  async function compare(
    f: (...x: Value[]) => Value,
    args: readonly NdArray[],
    tolerance: number,
  ): Promise<void> {
    const found = await (makeJit(device)(f)(...args) as NdArray).data();
    const expected = (f(...args) as NdArray).elements;
    expected.forEach((wanted, i) => {
      const value = found[i];
      const message = `f(${args.map(({ elements }) => elements[i]).join(", ")}) = ${value}, expected ${wanted}`;
      // What is beyond the range of floats is infinite or 0.
      if (Math.abs(wanted) > 3.4e38) expect(Math.abs(value), message).toBe(Infinity);
      else if (Math.abs(wanted) < 1e-30) expect(Math.abs(value), message).toBeLessThan(1e-30);
      else if (Number.isNaN(wanted)) expect(value, message).toBeNaN();
      else expect(Math.abs(value - wanted) / Math.abs(wanted), message).toBeLessThanOrEqual(tolerance);
    });
  }

  test.each(unary)("%s", (_name, f, magnifies) =>
    compare(f, [held(grid)], magnifies ? magnifying : ordinary),
  );

  const seconds = [-3, -2.5, -1, 0, 0.25, 1, 2, 17];
  const pairs = grid.flatMap((x) => seconds.map((y) => [x, y] as const));
  test.each(binary)("%s", (_name, f) =>
    compare(f, [held(pairs.map(([x]) => x)), held(pairs.map(([, y]) => y))], magnifying),
  );
});
