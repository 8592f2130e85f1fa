// Options: how texts become values, and which source wins.
import { fc, test } from "@fast-check/vitest";
import { PhxError } from "@phxlang/autodiff";
import { describe, expect } from "vitest";
import { readAssignments, readPaths } from "../src/options/assignments.ts";
import * as common from "../src/options/common.ts";
import { configurationKeys, readConfiguration } from "../src/options/configuration.ts";
import { environmentName } from "../src/options/declaration.ts";
import { readNumber, readTimes, readWholeNumber } from "../src/options/numbers.ts";
import { exactNumber } from "../src/output/numbers.ts";
import { resolveOption } from "../src/options/resolve.ts";
import type { Sources } from "../src/options/resolve.ts";
import { readTheta } from "../src/options/theta.ts";

/** Code and message of the error that a function throws. */
function errorOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof PhxError) return error.message;
    throw error;
  }
  return "no error";
}

function sources(given: Partial<Sources>): Sources {
  return {
    flags: new Map(),
    environment: {},
    configuration: new Map(),
    configurationPath: undefined,
    ...given,
  };
}

describe("numbers", () => {
  test.prop([fc.double({ noNaN: true, noDefaultInfinity: true })])(
    "decimal text reads as the number",
    (value) => {
      expect(readNumber(exactNumber(value))).toBe(value);
    },
  );

  test.each(["", "abc", "0x10", "1,5", "1e", "Infinity", "NaN", "1 2", "--1"])("%j is refused", (text) => {
    expect(errorOf(() => readNumber(text))).toContain(`"${text}" is not a number`);
  });

  test("numbers beyond the doubles are refused", () => {
    expect(errorOf(() => readNumber("1e999"))).toContain("too large");
  });

  test("whole numbers have a range", () => {
    const read = readWholeNumber(1, 10);
    expect(read(["3", "7"])).toBe(7);
    expect(errorOf(() => read(["2.5"]))).toContain("2.5 is not a whole number from 1 to 10");
    expect(errorOf(() => read(["11"]))).toContain("PHX993");
  });
});

describe("times", () => {
  test.each([
    ["0:1:0.25", [0, 0.25, 0.5, 0.75, 1]],
    ["0:1:0.3", [0, 0.3, 0.6, 0.8999999999999999]],
    ["2", [2]],
    ["1,5,0:2:1", [1, 5, 0, 1, 2]],
    ["3:3:1", [3]],
  ])("%s", (text, times) => {
    expect(Array.from(readTimes([text]))).toEqual(times);
  });

  test.prop([fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 1000 })])(
    "a grid of whole steps holds its end",
    (steps, scale) => {
      const step = scale / 1000;
      const times = readTimes([`0:${steps * step}:${step}`]);
      expect(times.length).toBe(steps + 1);
    },
  );

  test.each([
    ["0:10", "not a grid"],
    ["0:10:0", "step of the grid"],
    ["0:10:-1", "step of the grid"],
    ["10:0:1", "ends before it begins"],
    ["-1,2", "time -1 is negative"],
    ["1,,2", '"" is not a number'],
    ["0:1e9:1e-3", "take a larger step"],
  ])("%s is refused", (text, message) => {
    expect(errorOf(() => readTimes([text]))).toContain(message);
  });
});

describe("assignments", () => {
  test("names, lists, indices; later texts win", () => {
    const values = readAssignments([
      "n=20",
      "a=1,b=2",
      "alpha=[0.1, 0.9]",
      "beta=1,2,3",
      "q=[[0,1],[2,3]]",
      "x[1]=4",
      "n=30",
    ]);
    expect(Object.fromEntries(values)).toEqual({
      n: 30,
      a: 1,
      b: 2,
      alpha: [0.1, 0.9],
      beta: [1, 2, 3],
      q: [
        [0, 1],
        [2, 3],
      ],
      "x[1]": 4,
    });
  });

  test("a value without a name is refused", () => {
    expect(errorOf(() => readAssignments(["20"]))).toContain('"20" gives no name a value');
    expect(errorOf(() => readAssignments(["n="]))).toContain("is not a number");
  });

  test("paths may stand without a name", () => {
    expect(Object.fromEntries(readPaths(["visits=a=b.csv"]))).toEqual({ visits: "a=b.csv" });
    expect(Object.fromEntries(readPaths(["dir/file.csv"]))).toEqual({ "": "dir/file.csv" });
  });
});

describe("theta", () => {
  test("a list, names, or names after a list", () => {
    expect(readTheta(["1,2"])).toEqual({ list: [1, 2], named: new Map() });
    expect(readTheta(["rate=3"])).toEqual({ list: undefined, named: new Map([["rate", 3]]) });
    expect(readTheta(["rate=3", "1,2", "size=4"])).toEqual({ list: [1, 2], named: new Map([["size", 4]]) });
    expect(readTheta(["-1"])).toEqual({ list: [-1], named: new Map() });
  });
});

describe("sources", () => {
  const all = sources({
    flags: new Map([["seed", ["1"]]]),
    environment: { PHX_SEED: "2" },
    configuration: new Map([["seed", ["3"]]]),
    configurationPath: "phx.toml",
  });

  test("flag before environment before phx.toml before default", () => {
    expect(resolveOption(common.seed, all)).toEqual({ value: 1, origin: "flag" });
    expect(resolveOption(common.seed, { ...all, flags: new Map() })).toEqual({
      value: 2,
      origin: "environment",
    });
    expect(resolveOption(common.seed, { ...all, flags: new Map(), environment: {} })).toEqual({
      value: 3,
      origin: "phx.toml",
    });
    expect(resolveOption(common.seed, sources({}))).toEqual({ value: 0, origin: "default" });
  });

  test("options that may be repeated add up, the stronger source winning name by name", () => {
    const { value } = resolveOption(
      common.set,
      sources({
        flags: new Map([["set", ["n=1"]]]),
        environment: { PHX_SET: "n=2,m=2" },
        configuration: new Map([["set", ["n=3", "m=3", "k=3"]]]),
      }),
    );
    expect(Object.fromEntries(value)).toEqual({ n: 1, m: 2, k: 3 });
  });

  test.each([
    [sources({ flags: new Map([["seed", ["x"]]]) }), "given by --seed"],
    [sources({ environment: { PHX_SEED: "x" } }), "given by the environment variable PHX_SEED"],
    [
      sources({ configuration: new Map([["seed", ["x"]]]), configurationPath: "/a/phx.toml" }),
      "given by the key seed in /a/phx.toml",
    ],
  ])("a wrong value names its source (%#)", (given, message) => {
    expect(errorOf(() => resolveOption(common.seed, given))).toContain(message);
  });

  test("a switch in the environment takes yes and no", () => {
    const read = (text: string): boolean =>
      resolveOption(common.quiet, sources({ environment: { PHX_QUIET: text } })).value;
    expect([read("1"), read("true"), read("off"), read("0")]).toEqual([true, true, false, false]);
    expect(errorOf(() => read("perhaps"))).toContain("neither yes nor no");
  });
});

describe("phx.toml", () => {
  test("every kind of value reads like its flag", () => {
    const texts = readConfiguration(
      'seed = 7\nquiet = true\ntimes = [1, 2.5]\n[set]\nn = 20\nw = [1, 2]\n[data]\nvisits = "a.csv"\n',
      "phx.toml",
    );
    expect(texts.get("seed")).toEqual(["7"]);
    expect(texts.get("quiet")).toEqual(["true"]);
    expect(texts.get("times")).toEqual(["1,2.5"]);
    expect(texts.get("set")).toEqual(["n=20", "w=[1,2]"]);
    expect(texts.get("data")).toEqual(["visits=a.csv"]);
  });

  test.each([
    ["seeed = 1", "no option is called `seeed`", "did you mean `seed`?"],
    ['seed = "x"', "the value of `seed`", "expected number"],
    ["seed = ", "phx.toml:1:", "is not TOML"],
  ])("%s is refused", (text, what, more) => {
    const message = errorOf(() => readConfiguration(text, "phx.toml"));
    expect(message).toContain("PHX997");
    expect(message).toContain(what);
    expect(message).toContain(more);
  });

  test("every key is the setting of an option", () => {
    const settings = Object.values(common).flatMap((option) =>
      typeof option === "object" && "setting" in option ? [String(option.setting)] : [],
    );
    expect(configurationKeys.filter((key) => !settings.includes(key))).toEqual(["order", "count"]);
    expect(environmentName("max-states")).toBe("PHX_MAX_STATES");
  });
});
