// Every misuse has its own message, and the exit status says whose mistake it is.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { phx } from "./run-phx.ts";
import { violations } from "./validate.ts";

const directory = mkdtempSync(join(tmpdir(), "phx-bad-"));

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const kingman = "examples/kingman.phx";
const remission = "examples/remission.phx";

describe("parameters, constants, covariates", () => {
  test.each([
    [`phx moments ${kingman} --theta 1,2`, 2, "PHX900", "--theta lists 2 values, kingman has 1 parameter"],
    [`phx moments ${remission} --theta 1,2`, 2, "PHX900", "in order: slow, leave, effect"],
    [
      `phx moments examples/phase_type.phx --theta exit=1,2`,
      2,
      "PHX900",
      "gives 2 values to `exit`, which has 3",
    ],
    [`phx moments ${kingman} --theta rat=1`, 2, "PHX994", "did you mean `rate`?"],
    [`phx moments ${kingman} --theta rate=x`, 2, "PHX993", '"x" is not a number'],
    [`phx moments ${kingman} --theta rate=NaN`, 2, "PHX993", '"NaN" is not a number'],
    [`phx moments ${kingman} --theta rate=true`, 2, "PHX993", "`rate` a value that is not a number"],
    [`phx moments ${kingman} --theta rate=-1`, 2, "PHX902", "rate"],
    [`phx moments ${kingman} --theta 1e999`, 2, "PHX993", "too large for a double"],
    [`phx moments examples/phase_type.phx --theta alpha=0.5,0.6,0`, 2, "PHX902", "alpha"],
    [`phx moments ${kingman} --set m=3`, 1, "PHX201", "`m`"],
    [`phx moments ${kingman} --set n=2.5`, 1, "PHX301", "expected a whole number"],
    [`phx moments ${kingman} --set 20`, 2, "PHX993", '"20" gives no name a value'],
    [`phx moments ${remission} --with treatd=1`, 2, "PHX994", "did you mean `treated`?"],
    [`phx moments ${kingman} --with x=1`, 2, "PHX994", "the model has no covariates"],
    [`phx moments ${kingman} --reward tree_lenght`, 2, "PHX994", "did you mean `tree_length`?"],
    [`phx pdf examples/mm1k.phx --cause full --times 1`, 2, "PHX994", "no cause is called `full`"],
  ])("%s", async (line, status, code, message) => {
    const outcome = await phx(line);
    expect(outcome.err).toContain(`error[${code}]`);
    expect(outcome.err).toContain(message);
    expect([outcome.status, outcome.out]).toEqual([status, ""]);
  });
});

describe("times and numbers", () => {
  test.each([
    [`phx pdf ${kingman} --times -1,2`, "time -1 is negative"],
    [`phx pdf ${kingman} --times 1,NaN`, '"NaN" is not a number'],
    [`phx pdf ${kingman} --times 0:1`, "not a grid of times"],
    [`phx pdf ${kingman} --times 0:1:0`, "the step of the grid"],
    [`phx quantile ${kingman} -p 1.5`, "1.5 is not a probability"],
    [`phx sample ${kingman} --count 0`, "0 is not a whole number from 1"],
    [`phx sample ${kingman} --seed -1`, "-1 is not a whole number from 0"],
    [`phx moments ${kingman} --order 0`, "0 is not a whole number from 1 to 100"],
    [`phx moments ${kingman} --max-states many`, '"many" is not a number'],
  ])("%s", async (line, message) => {
    const outcome = await phx(line);
    expect(outcome.err).toContain("error[PHX993]");
    expect(outcome.err).toContain(message);
    expect([outcome.status, outcome.out]).toEqual([2, ""]);
  });

  test("half a step is not a number of steps", async () => {
    const outcome = await phx("phx pmf examples/pattern.phx --times 2.5");
    expect([outcome.status, outcome.out]).toEqual([2, ""]);
    expect(outcome.err).toContain("PHX908");
  });
});

describe("options that do not go together", () => {
  test.each([
    [`phx pdf ${kingman} --json --plot`, "PHX995", "--plot and --json ask for different results"],
    [`phx pdf ${kingman} --csv --out x.svg`, "PHX995", "--csv and --out x.svg ask for different results"],
    [`phx pdf ${kingman} --observed --times 1`, "PHX995", "--observed needs --plot"],
    [`phx pdf ${kingman} --plot --observed`, "PHX601", "names no data"],
    [`phx pdf ${kingman} --plot --grad`, "PHX995", "--grad and --plot"],
    [`phx pdf ${kingman} --out x.jpg`, "PHX998", "there is no way to write a .jpg file here"],
    [`phx pdf ${kingman} --out x`, "PHX998", '"x" has no ending'],
    [`phx pdf examples/pattern.phx --times 3`, "PHX995", "pattern has no density"],
    [`phx pmf ${kingman} --times 3`, "PHX995", "kingman has no probabilities of single values"],
    [`phx pdf ${remission} --plot --observed`, "PHX995", "no histogram can stand behind this curve"],
    [`phx hazard ${remission} --plot --observed`, "PHX995", "nothing to draw for a hazard"],
    [`phx graph ${kingman} --dot --json`, "PHX995", "ask for different results"],
    [`phx sample ${kingman} --paths --reward tree_length`, "PHX995", "--reward and --paths"],
    [`phx loglik ${kingman}`, "PHX601", "kingman names no data"],
    [`phx loglik ${remission} --data patient=x.csv`, "PHX994", "did you mean `patients`?"],
  ])("%s", async (line, code, message) => {
    const outcome = await phx(line);
    expect(outcome.err).toContain(`error[${code}]`);
    expect(outcome.err).toContain(message);
    expect(outcome.status).toBe(code === "PHX601" ? 1 : 2);
    if (line.includes("--json")) expect(violations("diagnostics", outcome.out)).toBe("");
    else expect(outcome.out).toBe("");
  });
});

describe("data", () => {
  const header = "group,weeks,relapsed\n";
  test.each([
    ["no such file", undefined, "PHX601", "no-such.csv"],
    ["an empty file", "", "PHX601", "is empty"],
    ["no rows", header, "PHX601", "has a header and no rows"],
    ["a column is missing", "group,week,relapsed\ntreated,6,1\n", "PHX602", "did you mean `week`?"],
    ["a value is missing", `${header}treated,NA,1\n`, "PHX603", "row 2"],
    ["a negative time", `${header}treated,6,1\ntreated,-3,1\n`, "PHX604", "row 3"],
    ["a row is short", `${header}treated,6\n`, "PHX601", "row 2 of"],
  ])("%s", async (name, text, code, message) => {
    const path =
      text === undefined ? join(directory, "no-such.csv") : write(`${name.replaceAll(" ", "-")}.csv`, text);
    const outcome = await phx(`phx loglik ${remission} --data patients=${path}`);
    expect(outcome.err).toContain(`error[${code}]`);
    expect(outcome.err).toContain(message);
    expect([outcome.status, outcome.out]).toEqual([1, ""]);
  });

  test("rows that are all censored are worth a warning", async () => {
    const path = write("censored.csv", `${header}treated,6,0\ntreated,7,0\n`);
    const outcome = await phx(`phx loglik ${remission} --data ${path}`);
    expect(outcome.status).toBe(0);
    expect(outcome.err).toContain("warning[PHX610]");
  });
});

const model = (body: string): string => `model bad\n\nparam a > 0 = 1\nparam c = 1\n\n${body}`;

describe("models", () => {
  test.each([
    ["a syntax error", "model m\nstate k in 0..\n", "PHX115"],
    [
      "an unknown name",
      model("state k in 0..1\nstart: k = 1\nstop when k == 0\nevent e: k -= 1 @ aa\n"),
      "PHX201",
    ],
    ["no start", model("state k in 0..1\nevent e when k > 0: k -= 1 @ a\n"), "PHX401"],
    [
      "a state that leaves its range",
      model("state k in 0..1\nstart: k = 0\nstop when k == 1\nevent e: k -= 1 @ a\n"),
      "PHX701",
    ],
    [
      "a negative rate at the defaults",
      model("state k in 0..1\nstart: k = 1\nstop when k == 0\nevent e: k -= 1 @ a - 2 * c\n"),
      "PHX702",
    ],
    [
      "no way to stop",
      model(
        "state k in 0..2\nstart: k = 1\nstop when k == 2\nevent e when k == 1: k = 0 @ a\nevent f when k == 0: k = 1 @ a\n",
      ),
      "PHX706",
    ],
  ])("%s", async (name, text, code) => {
    const path = write(`${name.replaceAll(" ", "-")}.phx`, text);
    for (const command of ["check", "moments", "info"]) {
      const outcome = await phx(`phx ${command} ${path}`);
      expect(outcome.err, command).toContain(`error[${code}]`);
      expect(outcome.err).toContain(`${path}:`);
      expect(outcome.status).toBe(1);
    }
    const document = await phx(`phx check ${path} --json`);
    expect(violations("check", document.out)).toBe("");
    expect(JSON.parse(document.out).files[0].ok).toBe(false);
  });

  test("a rate that is negative at the given parameters", async () => {
    const path = write(
      "negative.phx",
      model("state k in 0..1\nstart: k = 1\nstop when k == 0\nevent e: k -= 1 @ a - c / 2\n"),
    );
    expect((await phx(`phx moments ${path}`)).status).toBe(0);
    const outcome = await phx(`phx moments ${path} --theta c=3`);
    expect(outcome.err).toContain("error[PHX702]");
    expect([outcome.status, outcome.out]).toEqual([1, ""]);
  });

  test("a parameter without a value", async () => {
    const path = write(
      "valueless.phx",
      "model m\nparam a > 0\nstate k in 0..1\nstart: k = 1\nstop when k == 0\nevent e: k -= 1 @ a\n",
    );
    const outcome = await phx(`phx moments ${path}`);
    expect(outcome.err).toContain("error[PHX511]: parameter `a` has neither a default nor a value");
    expect([outcome.status, outcome.out]).toEqual([2, ""]);
    expect((await phx(`phx moments ${path} --theta a=2`)).status).toBe(0);
  });

  test("too many states", async () => {
    const outcome = await phx(`phx info examples/rabbits.phx --set n=100 --max-states 1000`);
    expect(outcome.err).toContain("error[PHX707]");
    expect([outcome.status, outcome.out]).toEqual([1, ""]);
  });

  test("a process that may never stop", async () => {
    const path = write(
      "defective.phx",
      model(
        "state k in 0..2\nstart: k = 1\nstop when k == 0\nevent e when k == 1: k = 0 @ a\nevent lost when k == 1: k = 2 @ a\n",
      ),
    );
    const outcome = await phx(`phx cdf ${path} --times 1`);
    expect(outcome.err).toContain("error[PHX705]");
    expect(outcome.status).toBe(1);
    expect((await phx(`phx cdf ${path} --times 1 --allow-defective`)).status).toBe(0);
    const grid = await phx(`phx cdf ${path} --allow-defective`);
    expect(grid.err).toContain("no natural range of times");
  });

  test("a directory, a folder that is a file", async () => {
    expect((await phx("phx check examples")).err).toContain("it is a directory");
    const outcome = await phx(`phx graph ${kingman} --out ${kingman}/g.dot`);
    expect(outcome.err).toContain("error[PHX996]: cannot write");
    expect(outcome.status).toBe(2);
  });
});

test("nothing is left half-written", async () => {
  const path = write("kept.svg", "old");
  const outcome = await phx(`phx pdf ${kingman} --theta rate=-1 --plot --out ${path}`);
  expect(outcome.status).not.toBe(0);
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(directory).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
