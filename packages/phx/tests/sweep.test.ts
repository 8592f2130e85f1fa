// Sweeps: every combination once, results of the command alone, finished tasks found again, nothing mixed.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc, test } from "@fast-check/vitest";
import { afterAll, beforeEach, describe, expect } from "vitest";
import type { SweepPlan } from "../src/sweep/plan.ts";
import { readAxis, taskCount, valuesOfTask, wordsOfTask } from "../src/sweep/plan.ts";
import { leavesOf } from "../src/sweep/leaves.ts";
import { phx, root } from "./run-phx.ts";
import { violations } from "./validate.ts";

const base = mkdtempSync(join(tmpdir(), "phx-sweep-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let directory = "";
let file = "";
let runs = 0;
beforeEach(() => {
  const own = join(base, `${runs++}`);
  mkdirSync(own);
  directory = join(own, "results");
  file = join(own, "kingman.phx");
  copyFileSync(`${root}examples/kingman.phx`, file);
});

const sweepLine = (more: string, command = `moments ${file}`): string =>
  `phx sweep --over set.n=3,4 --over theta.rate=1,2,5 --results ${directory} ${more} -- ${command}`;
const results = (): string[] =>
  readdirSync(directory)
    .filter((name) => name !== "sweep.json")
    .sort();
const contents = (): string[] => results().map((name) => readFileSync(join(directory, name), "utf8"));

const axes = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("seed", "set.n", "theta.rate", "order", "with.treated"),
    values: fc.uniqueArray(fc.integer({ min: 0, max: 50 }).map(String), { minLength: 1, maxLength: 4 }),
  }),
  { selector: ({ name }) => name, maxLength: 3 },
);

describe("plans", () => {
  test.prop([axes])("tasks are all combinations, each once, the last axis fastest", (over) => {
    const plan: SweepPlan = { phx: "0", command: ["sample", "x.phx"], over };
    const count = taskCount(plan);
    const all = Array.from({ length: count }, (_, i) => valuesOfTask(plan, i));
    expect(new Set(all.map((values) => values.join(" "))).size).toBe(count);
    all.forEach((values) => values.forEach((value, a) => expect(over[a].values).toContain(value)));
    const last = over.at(-1);
    if (last !== undefined) {
      expect(all.slice(0, last.values.length).map((values) => values.at(-1))).toEqual(last.values);
    }
  });

  test.prop([axes])("axes read back from how they are written", (over) => {
    for (const axis of over) expect(readAxis(`${axis.name}=${axis.values.join(",")}`)).toEqual(axis);
  });

  test("ranges, options with keys, and what is no axis", () => {
    expect(readAxis("seed=2..5").values).toEqual(["2", "3", "4", "5"]);
    const over = [readAxis("seed=2..3"), readAxis("set.n=7")];
    expect(wordsOfTask({ phx: "0", command: ["fit", "a.phx"], over }, 1)).toEqual([
      "fit",
      "a.phx",
      "--seed",
      "3",
      "--set",
      "n=7",
      "--json",
    ]);
    for (const text of ["seed", "=3", "seed=", "seed=5..2", "Seed=1", "seed=0..9999999"])
      expect(() => readAxis(text)).toThrow("PHX993");
  });

  test("leaves are named by the names of what they belong to", () => {
    const document = {
      a: 1,
      list: [
        { name: "time", mean: 2 },
        { name: "size", mean: 3 },
      ],
      rows: [[4], [5]],
    };
    expect([...leavesOf(document)]).toEqual([
      ["a", 1],
      ["list.time.mean", 2],
      ["list.size.mean", 3],
      ["rows[0][0]", 4],
      ["rows[1][0]", 5],
    ]);
  });
});

describe("phx sweep", () => {
  test("results are those of the command alone, whatever the order of tasks", async () => {
    expect((await phx(sweepLine(""))).status).toBe(0);
    const together = contents();
    expect(together).toHaveLength(6);
    rmSync(directory, { recursive: true });
    for (const task of [4, 0, 5, 2, 1, 3]) {
      expect((await phx(sweepLine(`--task ${task}`))).status).toBe(0);
    }
    expect(contents()).toEqual(together);
    const alone = await phx(`phx moments ${file} --set n=4 --theta rate=2 --json`);
    const { out } = await phx(`phx gather ${directory} --json`);
    expect(violations("gather", out)).toBe("");
    const { tasks } = JSON.parse(out);
    expect(tasks[4].axes).toEqual({ "set.n": "4", "theta.rate": "2" });
    expect(tasks[4].result).toEqual(JSON.parse(alone.out));
  });

  test("finished tasks are found again; those whose files changed or broke are done anew", async () => {
    await phx(sweepLine(""));
    const json = (await phx(sweepLine("--json"))).out;
    expect(violations("sweep", json)).toBe("");
    expect(json.match(/was done before/g)).toHaveLength(6);
    const broken = join(directory, results()[3]);
    writeFileSync(broken, readFileSync(broken, "utf8").replace("mean", "meen"));
    expect((await phx(sweepLine(""))).out.match(/ done:/g)).toHaveLength(1);
    writeFileSync(file, readFileSync(file, "utf8").replace("const n = 5", "const n = 6"));
    expect((await phx(sweepLine(""))).out.match(/ done:/g)).toHaveLength(6);
  });

  test.each([
    [{ SLURM_ARRAY_TASK_ID: "3" }, 3],
    [{ JOB_COMPLETION_INDEX: "0" }, 0],
    [{ PARALLEL_SEQ: "1" }, 0],
  ])("the index of a scheduler: %j", async (environment, task) => {
    const { out } = await phx(sweepLine(""), { environment });
    expect(out).toContain(`task ${task} of 6`);
    expect(results()).toHaveLength(1);
    expect((await phx(sweepLine("--task 5"), { environment })).out).toContain("task 5 of 6");
  });

  test("a task that fails leaves nothing, and says what it was", async () => {
    const { status, err } = await phx(sweepLine("", `quantile ${file} -p 2`));
    expect(status).toBe(2);
    expect(err).toContain("task 0 failed: phx quantile");
    expect(results()).toEqual([]);
  });

  test("misuse", async () => {
    expect((await phx(sweepLine("--task 6"))).err).toContain("PHX993");
    expect((await phx(sweepLine(""), { environment: { SLURM_ARRAY_TASK_ID: "x" } })).err).toContain("PHX993");
    expect((await phx(sweepLine("--over set.n=9"))).err).toContain("PHX995");
    await phx(sweepLine("--task 0"));
    expect((await phx(sweepLine("", `pdf ${file}`))).err).toContain("PHX986");
    expect((await phx(`phx sweep --results ${join(base, "dot")} -- graph ${file} --dot`)).err).toContain(
      "PHX99",
    );
  });
});

describe("phx gather", () => {
  test("missing and damaged results are named", async () => {
    await phx(sweepLine("--task 1"));
    const { status, err } = await phx(`phx gather ${directory}`);
    expect(status).toBe(3);
    expect(err).toContain("PHX988");
    expect(err).toContain("5 of 6 tasks");
    const { out } = await phx(`phx gather ${directory} --partial --columns variables.time.mean`);
    expect(out).toContain("1 of 6 tasks");
    expect((await phx(`phx gather ${directory} --partial --columns nothing`)).err).toContain("PHX994");
    expect((await phx(`phx gather ${base}`)).err).toContain("PHX996");
    writeFileSync(join(directory, "sweep.json"), "{}");
    expect((await phx(`phx gather ${directory}`)).err).toContain("PHX987");
  });

  test("results of two versions of a model are not joined", async () => {
    await phx(sweepLine("--task 0"));
    writeFileSync(file, readFileSync(file, "utf8").replace("const n = 5", "const n = 6"));
    await phx(sweepLine("--task 1"));
    expect((await phx(`phx gather ${directory} --partial`)).err).toContain("PHX978");
  });

  test("as CSV", async () => {
    await phx(sweepLine(""));
    const path = join(directory, "..", "all.csv");
    expect((await phx(`phx gather ${directory} --columns variables.time.mean --out ${path}`)).status).toBe(0);
    const [title, first] = readFileSync(path, "utf8").split("\n");
    expect(title).toBe("task,set.n,theta.rate,variables.time.mean");
    expect(first).toBe("0,3,1,1.3333333333333333");
  });
});

describe("phx template", () => {
  test("the line of a Slurm script does the task of its index", async () => {
    const line = sweepLine("").replace("sweep", "template slurm");
    const script = (await phx(line)).out;
    expect(script).toContain("#SBATCH --array=0-5\n");
    const call = /^phx sweep .*$/m.exec(script)?.[0] ?? "";
    expect((await phx(call, { environment: { SLURM_ARRAY_TASK_ID: "4" } })).out).toContain("task 4 of 6");
  });

  test("an Indexed Job and a line of GNU parallel have as many tasks", async () => {
    const job = await phx(sweepLine("--json").replace("sweep", "template kubernetes"));
    expect(violations("template", job.out)).toBe("");
    expect(JSON.parse(job.out).text).toContain("completions: 6\n");
    expect((await phx(sweepLine("").replace("sweep", "template parallel"))).out).toContain("seq 0 5 |");
    expect((await phx(sweepLine("").replace("sweep", "template abacus"))).err).toContain("PHX993");
  });
});
