// Numbers, tables, JSON and CSV as text.
import { fc, test } from "@fast-check/vitest";
import { csvParseRows } from "d3-dsv";
import { describe, expect } from "vitest";
import { renderCsv } from "../src/output/csv.ts";
import { renderJson } from "../src/output/json.ts";
import type { Json } from "../src/output/json.ts";
import { exactNumber, groupedInteger, readableNumber } from "../src/output/numbers.ts";
import { plain } from "../src/output/style.ts";
import { renderTable } from "../src/output/table.ts";

describe("exact numbers", () => {
  test.prop([fc.double()])("read back as the same double", (value) => {
    expect(Object.is(Number(exactNumber(value)), value)).toBe(true);
  });
});

describe("readable numbers", () => {
  test.each([
    [0, "0"],
    [1.6, "1.6"],
    [-0.25, "−0.25"],
    [1 / 3, "0.333333"],
    [123456.789, "123457"],
    [1412, "1412"],
    [1.5e-7, "1.5e-7"],
    [1e300, "1e300"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
    [Number.NaN, "not a number"],
  ])("%d is %s", (value, text) => {
    expect(readableNumber(value)).toBe(text);
  });

  test.prop([fc.double({ noNaN: true, noDefaultInfinity: true })])("keep six digits", (value) => {
    const read = Number(readableNumber(value).replace("−", "-"));
    expect(Math.abs(read - value)).toBeLessThanOrEqual(6e-6 * Math.abs(value));
  });

  test("whole numbers are grouped", () => {
    expect(groupedInteger(1412000)).toBe("1 412 000");
    expect(groupedInteger(999)).toBe("999");
  });
});

describe("tables", () => {
  test("numbers stand with their points below each other, texts at the left", () => {
    const table = renderTable(
      [
        { title: "name", cells: ["time", "tree length"] },
        { title: "mean", cells: [1.6, 12.25] },
        { title: "steps", cells: [3, 1000] },
      ],
      plain,
    );
    expect(table).toBe(
      "name          mean  steps\n" +
        "───────────  ─────  ─────\n" +
        "time          1.6       3\n" +
        "tree length  12.25   1000\n",
    );
  });

  test("styles go around whole lines and not into the widths", () => {
    const table = renderTable([{ title: "a", cells: [1] }], (name, text) => `<${name}>${text}</${name}>`);
    expect(table.split("\n")[0]).toBe("<dim>a</dim>");
  });
});

describe("JSON", () => {
  const json = fc.jsonValue().map((value) => value as Json);
  test.prop([json])("reads back as the same document", (value) => {
    expect(JSON.parse(renderJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  test("infinities are words", () => {
    expect(renderJson({ a: Infinity, b: [-Infinity, Number.NaN] })).toBe(
      '{\n  "a": "Infinity",\n  "b": ["-Infinity", "NaN"]\n}\n',
    );
  });

  test("long lists of numbers fill lines", () => {
    const text = renderJson({ values: Array.from({ length: 60 }, (_, index) => index / 3) });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(102);
    expect(text.split("\n").length).toBeLessThan(20);
  });
});

describe("CSV", () => {
  test.prop([fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 })])(
    "cells read back as they were",
    (cells) => {
      const text = renderCsv([
        { title: "a", cells },
        { title: "b", cells: cells.map((_, index) => index / 7) },
      ]);
      expect(csvParseRows(text)).toEqual([
        ["a", "b"],
        ...cells.map((cell, index) => [cell, String(index / 7)]),
      ]);
    },
  );
});
