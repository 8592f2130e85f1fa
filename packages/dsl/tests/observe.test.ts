// Tables become observations as the `observe` lines say.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PhxError } from "@phxlang/autodiff";
import { bindObservations, compile } from "@phxlang/dsl";
import type { BoundData, ColumnTable } from "@phxlang/dsl";
import type { Observations } from "@phxlang/graph";
import { describe, expect, test } from "vitest";

/** A table from lines of cells. */
function table(text: string): ColumnTable {
  const [header, ...lines] = text.trim().split("\n");
  return {
    source: "d.csv",
    columns: header.split(","),
    rows: lines.map((line) => line.split(",")),
    rowNumbers: lines.map((_, i) => i + 2),
  };
}

const illness = `model illness
const limit = 60
param a > 0 = 1
param effect = 0
covariate dose = 0
covariate sex = 1
state stage in {well, ill, dead}
state visits in 0..9
state tired in bool
start: stage = well
stop cancer when stage == dead and tired
stop other when stage == dead and not tired
event worse when stage == well: stage = ill, tired = true @ a * exp(effect * dose)
event better when stage == ill: stage = well, tired = false @ a * sex
event seen when visits < 9 and stage != dead: visits += 1 @ a
event dies when stage != dead: stage = dead @ a
reward cost = visits
data d from "d.csv"
`;

function bind(observe: string, rows: string, model = illness): BoundData {
  return bindObservations(compile(model + observe), "d", table(rows));
}

/** The single observation of a line, as plain arrays. */
function one(observe: string, rows: string, model = illness): Readonly<Record<string, unknown>> {
  const [found] = bind(observe, rows, model).observations;
  return plain(found);
}

function plain(found: Observations): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => [
      name,
      ArrayBuffer.isView(value) ? [...(value as unknown as Iterable<number>)] : (value as unknown),
    ]),
  );
}

function codesOf(observe: string, rows: string, model = illness): readonly string[] {
  try {
    return bind(observe, rows, model).warnings.map((found) => found.code);
  } catch (error) {
    if (error instanceof PhxError) return error.diagnostics.map((found) => found.code);
    throw error;
  }
}

const given = "with dose = 0, sex = 1";

describe("stop", () => {
  test("times, censoring and causes by name or position", () => {
    const rows = "t,end,out\n1,cancer,1\n2.5,other,1\n3,NA,0\n4,2,1";
    const found = one(`observe d ${given}: stop = end at t censored when out == 0`, rows);
    expect(found).toMatchObject({
      kind: "stop",
      count: 4,
      times: [1, 2.5, 3, 4],
      censoring: [0, 0, 1, 0],
      causes: [0, 1, -1, 1],
      sourceRows: [2, 3, 4, 5],
    });
  });

  test("rows for which `when` fails are left out", () => {
    const rows = "t,age,group\n1,70,a\n2,20,b\n3,61,b";
    const found = one(`observe d ${given} when age > limit and group != "c": stop at t / 2`, rows);
    expect(found).toMatchObject({ times: [0.5, 1.5], sourceRows: [2, 4], causes: [-1, -1] });
  });

  test("columns with other names stand in backticks", () => {
    expect(one(`observe d ${given}: stop at \`days since\``, "days since\n7")).toMatchObject({ times: [7] });
  });

  test("names of parameters and states are columns there", () => {
    expect(one(`observe d ${given}: stop at stage + a`, "stage,a\n7,1")).toMatchObject({ times: [8] });
  });

  test("functions, defs and constants may be used", () => {
    const model = `${illness}def weeks(days) = days / 7\nconst scale = [1, 10]\n`;
    const observe = `observe d ${given}: stop at weeks(max(t, 7)) * scale[k] + sum(i for i in 1..k)`;
    expect(one(observe, "t,k\n3,1\n14,2", model)).toMatchObject({ times: [2, 23] });
  });

  test("in discrete time count steps", () => {
    const walk =
      'discrete model w\nstate x in 0..1\nstart: x = 1\nstop when x == 0\nevent e: x -= 1 @ 1\ndata d from "d"\n';
    expect(one("observe d: stop at t", "t\n3", walk)).toMatchObject({ times: [3] });
    expect(codesOf("observe d: stop at t", "t\n3.5", walk)).toEqual(["PHX608"]);
  });
});

describe("covariates", () => {
  test("share an entry where they are equal", () => {
    const rows = "t,group,sex\n1,drug,1\n2,none,1\n3,drug,1\n4,drug,2";
    const observe = 'observe d with dose = (if group == "drug" then 2.5 else 0), sex = sex: stop at t';
    const found = one(observe, rows);
    expect(found["covariates"]).toEqual({
      values: [Float64Array.of(2.5, 1), Float64Array.of(0, 1), Float64Array.of(2.5, 2)],
      rows: Int32Array.of(0, 1, 0, 2),
    });
  });

  test("are absent where the line gives none", () => {
    const model = illness.replaceAll(" * exp(effect * dose)", "").replaceAll(" * sex", "");
    expect(one("observe d: stop at t", "t\n1", model)["covariates"]).toBeNull();
  });
});

describe("reward", () => {
  test("values, also of the built-in time", () => {
    const found = bind(
      `observe d ${given}: reward cost = x\nobserve d ${given}: reward time = x + 1`,
      "x\n3\n4",
    );
    expect(found.observations.map(plain)).toMatchObject([
      { kind: "reward", reward: "cost", values: [3, 4] },
      { kind: "reward", reward: "time", values: [4, 5] },
    ]);
    expect(found.places.map((place) => place.source)).toEqual(["model.phx", "model.phx"]);
  });
});

describe("path", () => {
  test("rows by subject, states by name, position, number and yes/no", () => {
    const rows = "id,t,s,v,y\nb,0,well,0,no\na,1,2,1,1\nb,2,ill,3,true\na,4,dead,4,0";
    const observe = `observe d ${given}: path by id at t, stage = s, visits = v, tired = y exact when s == "dead"`;
    expect(one(observe, rows)).toMatchObject({
      kind: "path",
      count: 4,
      subjectOffsets: [0, 2, 4],
      times: [0, 2, 1, 4],
      cells: [0, 1, 2],
      cellValues: [0, 0, 0, 1, 3, 1, 1, 1, 1, 2, 4, 0],
      exact: [0, 0, 0, 1],
      sourceRows: [2, 4, 3, 5],
    });
  });

  test("an expression may name values", () => {
    const observe = `observe d ${given}: path by id at t, stage = (if s == 0 then well else dead)`;
    expect(one(observe, "id,t,s\n1,0,0\n1,1,5")).toMatchObject({ cellValues: [0, 2] });
  });

  test("covariates follow their rows", () => {
    const rows = "id,t,s,x\n1,0,well,5\n2,0,well,6\n1,1,ill,7";
    const found = one("observe d with dose = x, sex = 1: path by id at t, stage = s", rows);
    expect(found["covariates"]).toMatchObject({ rows: Int32Array.of(0, 2, 1) });
  });
});

describe("what is wrong with rows", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["stop at t", "t\n1\nNA\n", ["PHX603"]],
    ["stop at t", "t\n1\nInfinity\n", ["PHX603"]],
    ["stop at t", "t\n-1", ["PHX604"]],
    ["stop at u", "t\n1", ["PHX602"]],
    ["stop = c at t", "t,c\n1,3", ["PHX605"]],
    ["stop at t censored when c", "t,c\n1,2", ["PHX603"]],
    ["stop at sum(1 for i in 1..t)", "t\n1e9", ["PHX414"]],
    ["stop at sum(1 for i in 1..t)", "t\n1.5", ["PHX301"]],
    ["stop at log(t)", "t\n-1", ["PHX603"]],
    ["stop at t censored when t > 0", "t\n1", ["PHX610"]],
    ["path by id at t, visits = v", "id,t,v\n1,0,10", ["PHX605"]],
    ["path by id at t, visits = v", "id,t,v\n1,0,0.5", ["PHX605"]],
    ["path by id at t, stage = v", "id,t,v\n1,0,4", ["PHX605"]],
    ["path by id at t, tired = v", "id,t,v\n1,0,maybe", ["PHX603"]],
    ["path by id at t, stage = v", "id,t,v\n1,1,1\n1,0,1", ["PHX607"]],
    ["path by id at t, stage = v", "id,t,v\n,1,1", ["PHX603"]],
  ];
  test.each(cases)("observe d: %s over %o gives %o", (observe, rows, codes) => {
    expect(codesOf(`observe d ${given}: ${observe}`, rows)).toEqual(codes);
  });

  test("is said once for rows that share it", () => {
    try {
      bind(`observe d ${given}: stop at t`, "t\n1\nNA\nNA\n4\n-2");
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof PhxError)) throw error;
      expect(error.diagnostics.map((found) => found.message)).toEqual([
        'row 3: `t` is "NA"',
        "row 6: time -2 is negative",
      ]);
      expect(error.diagnostics[0].notes).toEqual(["the same is wrong with row 4"]);
    }
  });
});

test("the remission example gives each child its time, censoring and treatment", () => {
  const read = (path: string): string =>
    readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");
  const model = compile(read("examples/remission.phx"));
  const [name] = model.checked.data.map((data) => data.name);
  const [found] = bindObservations(model, name, table(read("data/leukemia-remission.csv"))).observations;
  expect(found.count).toBe(42);
  expect(found.kind === "stop" ? [...found.times].reduce((sum, time) => sum + time, 0) : 0).toBe(359 + 182);
  expect(found.kind === "stop" ? found.censoring.filter((kind) => kind === 0).length : 0).toBe(9 + 21);
  expect(found.covariates?.values.map((values) => [...values])).toEqual([[1], [0]]);
});

describe("cells that are no numbers", () => {
  test.each([" ", "  \t", "0x1f", "1_000", "Infinity", "1,5".replace(",", ";"), "-"])(
    "%j is not read as a number",
    (cell) => {
      expect(codesOf(`observe d ${given}: stop at t`, `t,u\n1,0\n${cell},0`)).toEqual(["PHX603"]);
    },
  );

  test.each([
    ["2", 2],
    [" 2.5 ", 2.5],
    [".5", 0.5],
    ["1e2", 100],
    ["+3.", 3],
  ])("%j is %d", (cell, time) => {
    expect(one(`observe d ${given}: stop at t`, `t,u\n${cell},0`)).toMatchObject({ times: [time] });
  });
});

test("of several subjects out of order the first is named", () => {
  const rows = "id,t,s\nx,1,well\nx,0,ill\ny,5,well\ny,4,ill";
  try {
    bind(`observe d ${given}: path by id at t, stage = s`, rows);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(PhxError);
    expect((error as PhxError).message).toContain("rows of id x");
  }
});
