// Pictures: each figure is committed beside this test, so that a change of its looks is a change one sees.
import { readFileSync } from "node:fs";
import { test } from "@fast-check/vitest";
import { csvParse } from "d3-dsv";
import { describe, expect, vi } from "vitest";
import { drawFigure } from "../src/plots/draw.ts";
import type { Figure } from "../src/plots/figure.ts";
import { densityHistogram, frequencyHistogram } from "../src/plots/histogram.ts";
import { kaplanMeier } from "../src/plots/kaplan-meier.ts";
import { renderPage } from "../src/plots/page.ts";
import { renderPng } from "../src/plots/png.node.ts";

const data = new URL("../../../data/", import.meta.url);
const remission = csvParse(readFileSync(new URL("leukemia-remission.csv", data), "utf8"));
const hours = csvParse(readFileSync(new URL("aircondit7.csv", data), "utf8")).map((row) =>
  Number(row["hours"]),
);

function estimateOf(group: string): ReturnType<typeof kaplanMeier> {
  const rows = remission.filter((row) => row["group"] === group);
  return kaplanMeier(
    rows.map((row) => Number(row["weeks"])),
    (row) => rows[row]["relapsed"] === "0",
  );
}

describe("the Kaplan–Meier estimate", () => {
  test("of the treated patients is the product of the known factors", () => {
    const { times, survival, censoredTimes } = estimateOf("treated");
    expect(times).toEqual([0, 6, 7, 10, 13, 16, 22, 23, 35]);
    // (at risk − relapsed) / at risk, counted by hand from the table.
    const factors = [1, 18 / 21, 16 / 17, 14 / 15, 11 / 12, 10 / 11, 6 / 7, 5 / 6, 1];
    let product = 1;
    survival.forEach((value, index) => expect(value).toBeCloseTo((product *= factors[index]), 14));
    expect(censoredTimes).toEqual([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]);
  });

  test("without censoring is one minus the empirical distribution function", () => {
    const { times, survival } = kaplanMeier([3, 1, 3, 8], () => false);
    expect(times).toEqual([0, 1, 3, 8]);
    [1, 0.75, 0.25, 0].forEach((value, index) => expect(survival[index]).toBeCloseTo(value, 15));
  });
});

describe("histograms", () => {
  test("have area 1 and hold every value", () => {
    const { edges, heights } = densityHistogram("data", hours);
    const area = Array.from(heights).reduce(
      (sum, height, bar) => sum + height * (edges[bar + 1] - edges[bar]),
      0,
    );
    expect(area).toBeCloseTo(1, 12);
    expect(edges[0]).toBe(0);
    expect(edges[edges.length - 1]).toBeGreaterThanOrEqual(Math.max(...hours));
  });

  test("of whole numbers are shares", () => {
    expect(Array.from(frequencyHistogram("data", [1, 1, 3]).heights)).toEqual([0, 2 / 3, 0, 1 / 3]);
  });

  test("of one repeated value still have a width", () => {
    expect(densityHistogram("data", [2, 2, 2]).edges.length).toBeGreaterThan(1);
  });
});

const grid = Array.from({ length: 71 }, (_, index) => index / 2);
const rates = { treated: 9 / 359, placebo: 21 / 182 };
const groups = ["treated", "placebo"] as const;

const figures: Readonly<Record<string, Figure>> = {
  density: {
    title: "aircondit",
    subtitle: "rate = 0.0156",
    xLabel: "hours",
    yLabel: "density (per hour)",
    curves: [
      {
        name: "model",
        x: grid.map((x) => 8 * x),
        y: grid.map((x) => 0.0156 * Math.exp(-0.0156 * 8 * x)),
        shape: "line",
      },
    ],
    histogram: densityHistogram("data (24 rows)", hours),
  },
  survival: {
    title: "remission",
    xLabel: "weeks",
    yLabel: "P(T > t)",
    curves: groups.flatMap((group) => [
      {
        name: `${group}: data`,
        group,
        x: estimateOf(group).times,
        y: estimateOf(group).survival,
        shape: "steps" as const,
      },
      {
        name: `${group}: model`,
        group,
        x: grid,
        y: grid.map((x) => Math.exp(-rates[group] * x)),
        shape: "line" as const,
      },
    ]),
    ticks: groups.map((group) => ({
      name: "censored",
      group,
      x: estimateOf(group).censoredTimes,
      y: estimateOf(group).censoredSurvival,
    })),
  },
  probabilities: {
    title: "pattern",
    xLabel: "steps",
    yLabel: "probability",
    curves: [
      { name: "model", x: [3, 4, 5, 6, 7, 8], y: [0.125, 0.125, 0.09, 0.08, 0.07, 0.06], shape: "stems" },
    ],
  },
  logarithm: {
    title: "logarithm",
    xLabel: "time",
    yLabel: "log density",
    logarithmic: true,
    curves: [{ name: "model", x: grid, y: grid.map((x) => (x === 0 ? -Infinity : -x)), shape: "line" }],
  },
};

describe("figures", () => {
  test.each(Object.entries(figures))("%s", async (name, figure) => {
    const warnings = vi.spyOn(console, "warn");
    const svg = await drawFigure(figure);
    expect(warnings).not.toHaveBeenCalled();
    warnings.mockRestore();
    await expect(svg).toMatchFileSnapshot(`figures/${name}.svg`);
  });

  test("become PNG pictures of twice the size", async () => {
    const png = renderPng(await drawFigure(figures["density"]));
    expect(Array.from(png.subarray(1, 4))).toEqual([0x50, 0x4e, 0x47]);
    expect(new DataView(png.buffer, png.byteOffset).getUint32(16)).toBe(2 * 760);
  });

  test("become pages with a safe title", () => {
    expect(renderPage("a < b", "<svg></svg>\n")).toContain("<title>a &lt; b</title>");
  });
});
