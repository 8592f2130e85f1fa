// NetCDF and JSON for ArviZ: what is written is read back bit for bit, and by the rules of NetCDF-4.
import { fc, test } from "@fast-check/vitest";
import { arvizJson, drawsOf, fromArvizJson } from "@phxlang/inference";
import type { InferenceData, NamedArray } from "@phxlang/inference";
import * as hdf5 from "h5wasm";
import { expect } from "vitest";
import { readNetcdf, writeNetcdf } from "../src/draws/netcdf.ts";

const double = fc.double({ noDefaultInfinity: false });

/** Groups with the given numbers of chains, draws and rows. */
const inferenceData = fc
  .record({
    chains: fc.integer({ min: 1, max: 3 }),
    draws: fc.integer({ min: 1, max: 5 }),
    rows: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ chains, draws, rows }): fc.Arbitrary<InferenceData> => {
    const variable = (dimensions: string[], shape: number[], element = double): fc.Arbitrary<NamedArray> => {
      const length = shape.reduce((a, b) => a * b, 1);
      return fc
        .array(element, { minLength: length, maxLength: length })
        .map((values) => ({ dimensions, shape, values: Float64Array.from(values) }));
    };
    const flags = variable(["chain", "draw"], [chains, draws], fc.constantFrom(0, 1)).map((own) => ({
      ...own,
      isFlag: true,
    }));
    return fc.record({
      attributes: fc.constant({ model: "m", method: "nuts" }),
      rows: fc
        .array(fc.integer({ min: 1, max: 99 }), { minLength: rows, maxLength: rows })
        .map((r) => Int32Array.from(r)),
      groups: fc.record({
        posterior: fc.record({
          "w[1]": variable(["chain", "draw"], [chains, draws]),
          rate: variable(["chain", "draw"], [chains, draws]),
        }),
        sample_stats: fc.record({ diverging: flags }),
        log_likelihood: fc.record({ y: variable(["chain", "draw", "row"], [chains, draws, rows]) }),
        observed_data: fc.record({ y: variable(["row"], [rows]) }),
      }),
    });
  });

test.prop([inferenceData], { numRuns: 25 })(
  "NetCDF gives every bit, name and dimension back",
  async (data) => {
    expect(await readNetcdf(await writeNetcdf(data), "file.nc")).toEqual(data);
  },
);

test.prop([inferenceData], { numRuns: 50 })(
  "JSON gives every number and name back, but the sign of 0",
  (data) => {
    const found = fromArvizJson(arvizJson(data));
    const positive = (values: Float64Array): number[] => Array.from(values, (x) => x + 0);
    expect(found.rows).toEqual(data.rows);
    expect(found.attributes).toEqual(data.attributes);
    for (const [group, variables] of Object.entries(data.groups)) {
      for (const [name, { shape, values, dimensions }] of Object.entries(variables)) {
        const read = (found.groups as Record<string, Record<string, NamedArray>>)[group][name];
        expect({ ...read, values: positive(read.values) }).toMatchObject({
          shape,
          dimensions,
          values: positive(values),
        });
      }
    }
  },
);

test("dimensions are scales, as NetCDF-4 wants them", async () => {
  const bytes = await writeNetcdf({
    attributes: { model: "m" },
    rows: Int32Array.of(2, 7),
    groups: {
      posterior: { rate: { dimensions: ["chain", "draw"], shape: [1, 3], values: Float64Array.of(1, 2, 3) } },
      observed_data: { y: { dimensions: ["row"], shape: [2], values: Float64Array.of(5, 6) } },
    },
  });
  const { FS } = await hdf5.ready;
  (FS as { writeFile(path: string, bytes: Uint8Array): void }).writeFile("look.nc", bytes);
  const file = new hdf5.File("look.nc", "r");
  const rate = file.get("posterior/rate") as hdf5.Dataset;
  expect([0, 1].map((k) => rate.get_attached_scales(k))).toEqual([["/posterior/chain"], ["/posterior/draw"]]);
  const row = file.get("observed_data/row") as hdf5.Dataset;
  expect(row.get_scale_name()).toBe("row");
  expect(Array.from(row.value as BigInt64Array, Number)).toEqual([2, 7]);
  file.close();
});

test("variables of more dimensions are parameters for each entry", () => {
  const values = Float64Array.from({ length: 4 * 2 * 2 }, (_, i) => i);
  const { parameterNames, draws } = drawsOf({
    attributes: {},
    rows: null,
    groups: { posterior: { w: { dimensions: ["chain", "draw", "a", "b"], shape: [1, 4, 2, 2], values } } },
  });
  expect(parameterNames).toEqual(["w[1,1]", "w[1,2]", "w[2,1]", "w[2,2]"]);
  expect(Array.from(draws[2][0])).toEqual([2, 6, 10, 14]);
});

test("other files are refused", async () => {
  await expect(readNetcdf(Uint8Array.of(67, 68, 70, 1), "old.nc")).rejects.toThrow("PHX847");
  expect(() => fromArvizJson("[1, 2]")).toThrow("not an object of groups");
  expect(() => fromArvizJson('{"posterior": {"a": [[1, 2], [3]]}}')).toThrow("different lengths");
  expect(() => drawsOf(fromArvizJson('{"observed_data": {"y": [1]}}'))).toThrow("no group `posterior`");
});
