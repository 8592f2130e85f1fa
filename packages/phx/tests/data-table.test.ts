// Reading tables: cells stay text, complaints name the row.
import { fc, test } from "@fast-check/vitest";
import { PhxError } from "@phxlang/autodiff";
import { describe, expect } from "vitest";
import { readTable } from "../src/data/table.ts";
import { renderCsv } from "../src/output/csv.ts";

describe("readTable", () => {
  test("header, rows, row numbers; blank lines, blanks and a byte-order mark do no harm", () => {
    const table = readTable('\uFEFFgroup, weeks\ntreated,6\n\n"a, b",7\n', "d.csv");
    expect(table.columns).toEqual(["group", "weeks"]);
    expect(table.rows).toEqual([
      ["treated", "6"],
      ["a, b", "7"],
    ]);
    expect(table.rowNumbers).toEqual([2, 4]);
  });

  test("tabs separate in .tsv files", () => {
    expect(readTable("a\tb\n1,5\t2\n", "d.tsv").rows).toEqual([["1,5", "2"]]);
  });

  test.prop([
    fc.array(
      fc.stringMatching(/^[a-z",\n]{1,8}$/).filter((s) => s.trim() === s && s !== ""),
      { minLength: 1 },
    ),
  ])("what CSV writes, it reads", (cells) => {
    expect(readTable(renderCsv([{ title: "c", cells }]), "d.csv").rows).toEqual(cells.map((cell) => [cell]));
  });

  test.each([
    ["", "is empty"],
    ["\n\n", "is empty"],
    ["a,b\n", "has a header and no rows"],
    ["a,b\n1,2\n3\n", 'row 3 of "d.csv" has 1 cell, the header has 2'],
    ["a,b\n1,2,3\n", 'row 2 of "d.csv" has 3 cells, the header has 2'],
    ["a,a\n1,2\n", "two columns called `a`"],
    ["a,\n1,2\n", "column 2 of"],
  ])("%j is refused", (text, message) => {
    expect(() => readTable(text, "d.csv")).toThrow(PhxError);
    expect(() => readTable(text, "d.csv")).toThrow(message);
  });
});
