// --device and --threads: the same numbers on every device, and what does not fit is refused.
import { describe, expect, test } from "vitest";
import { openNodeGpu } from "../../../scripts/gpu/open-node-gpu.ts";
import { findSwiftShader } from "../../../scripts/gpu/swiftshader.ts";
import { phx } from "./run-phx.ts";

const lines = [
  "moments examples/sfs.phx --grad",
  "pdf examples/kingman.phx --times 1,2,5 --grad",
  "quantile examples/kingman.phx -p 0.5 --grad",
  "absorb examples/gambler.phx --grad",
  "loglik examples/remission.phx --grad --hessian",
  "fit examples/aircondit.phx --set m=1",
  "fit examples/aircondit.phx --method svgd --particles 20 --iterations 5",
];

describe("commands give the same document on every device", () => {
  test.each(lines)("%s", async (line) => {
    const quiet = `${line} --json --quiet`;
    const expected = await phx(quiet);
    expect(expected.status).toBe(0);
    for (const options of ["--device cpu", "--device workers", "--device workers --threads 3"]) {
      expect((await phx(`${quiet} ${options}`)).out).toBe(expected.out);
    }
    const environment = { PHX_DEVICE: "workers", PHX_THREADS: "2" };
    expect((await phx(quiet, { environment })).out).toBe(expected.out);
  });
});

test("what does not fit is refused", async () => {
  const line = "moments examples/kingman.phx";
  expect((await phx(`${line} --threads 2`)).err).toContain("PHX995");
  expect((await phx(`${line} --device abacus`)).status).toBe(2);
  expect((await phx(`${line} --device workers --threads 0`)).err).toContain("PHX993");
  expect((await phx(`${line} --precision f64x`)).err).toContain("PHX995");
  expect((await phx(`${line} --device webgpu`)).err).toContain("PHX966");
  expect((await phx(`${line} --device webgpu --precision f16`)).status).toBe(2);
  // As a setting for all commands it speaks of workers only.
  expect((await phx(line, { environment: { PHX_THREADS: "2" } })).status).toBe(0);
});

interface Curve {
  readonly values: readonly number[];
  readonly gradients: readonly (readonly number[])[];
}

describe.skipIf(findSwiftShader() === null)("on WebGPU", () => {
  const gpu = "--device webgpu --json --quiet";

  test("densities have the digits of their numbers, derivatives too", async () => {
    openNodeGpu();
    const line = "pdf examples/kingman.phx --times 1,2,5";
    const { values, gradients } = JSON.parse((await phx(`${line} --grad --json --quiet`)).out) as Curve;
    const pairs = JSON.parse((await phx(`${line} ${gpu} --precision f64x`)).out) as Curve;
    const single = JSON.parse((await phx(`${line} --grad ${gpu} --precision f32`)).out) as Curve;
    values.forEach((density, i) => {
      expect(Math.abs(pairs.values[i] / density - 1)).toBeLessThan(1e-12);
      expect(Math.abs(single.values[i] / density - 1)).toBeLessThan(1e-5);
      gradients.forEach((slope, j) =>
        expect(Math.abs(single.gradients[j][0] / slope[0] - 1)).toBeLessThan(1e-4),
      );
    });
  }, 240_000);

  test("what the device does not have, and what cannot wait for it, is refused", async () => {
    openNodeGpu();
    const refused = async (line: string): Promise<string> =>
      (await phx(`${line} ${gpu} --precision f32`)).err;
    expect(await refused("moments examples/kingman.phx")).toMatch(/PHX972.*moments_gradient/);
    expect(await refused("fit examples/aircondit.phx --set m=1")).toContain("PHX995");
    expect(await refused("pdf examples/kingman.phx --times 1,2 --plot")).toContain("PHX995");
  });
});

test("phx doctor tries every device and says what it holds", async () => {
  const hasGpu = findSwiftShader() !== null;
  if (hasGpu) openNodeGpu();
  const { facts } = JSON.parse((await phx("doctor --json")).out) as {
    readonly facts: readonly { readonly name: string; readonly status: string; readonly detail: string }[];
  };
  const devices = facts.filter(({ name }) => /^(device|webgpu) /.test(name));
  expect(devices.map(({ name, status }) => [name, status])).toEqual([
    ["device cpu", "ok"],
    ["device workers", "ok"],
    ["webgpu f32", hasGpu ? "ok" : "absent"],
    ["webgpu f64x", hasGpu ? "ok" : "absent"],
  ]);
  expect(devices[0].detail).toBe("1 thread; f64, f32, i32, u32, bool; arrays up to 4 GiB");
});
