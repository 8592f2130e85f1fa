// --method and --tolerance: what they choose, how results tell, and what is refused.
import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { phx } from "./run-phx.ts";

const kingman = "examples/kingman.phx";

describe("--method and --tolerance", () => {
  test("a document names methods and error estimates; a method is the one that was asked for", async () => {
    for (const method of ["uniformization", "dense"]) {
      const { out, status } = await phx(`pdf ${kingman} --times 2,50 --method ${method} --json`);
      expect(status).toBe(0);
      const document = JSON.parse(out) as {
        methods: { method: string; times: number }[];
        errorEstimate: number;
      };
      expect(document.methods.map(({ method: name, times }) => [name, times])).toEqual([[method, 2]]);
      expect(document.errorEstimate).toBeLessThan(1e-12);
    }
  });

  test("methods agree", async () => {
    const values: number[][] = [];
    for (const options of ["--method uniformization", "--method dense", "--method krylov --tolerance 1e-8"]) {
      const { out } = await phx(`cdf ${kingman} --times 0.5,2 ${options} --json`);
      values.push((JSON.parse(out) as { values: number[] }).values);
    }
    for (const row of values)
      row.forEach((value, n) => expect(Math.abs(value - values[0][n])).toBeLessThan(1e-9));
  });

  test("a tolerance that a method cannot meet is an error with its estimate", async () => {
    const { err, status } = await phx(`pdf ${kingman} --times 2 --method krylov --tolerance 1e-15`);
    expect(status).not.toBe(0);
    expect(err).toContain("PHX805");
    expect(err).toContain("error estimate");
  });

  test("unknown methods and tolerances outside of (0, 1)", async () => {
    expect((await phx(`pdf ${kingman} --times 2 --method pade`)).err).toContain('there is no method "pade"');
    expect((await phx(`pdf ${kingman} --times 2 --tolerance 2`)).err).toContain("PHX993");
  });
});
