// The command line itself: help, usage errors, exit statuses, settings, formatting, explanations.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { allCodes } from "../src/all-codes.ts";
import { commandCodes } from "../src/codes.ts";
import { commands } from "../src/commands/index.ts";
import { exitStatus } from "../src/exit-status.ts";
import { version } from "../src/version.ts";
import { phx, spawnPhx } from "./run-phx.ts";
import { violations } from "./validate.ts";

const directory = mkdtempSync(join(tmpdir(), "phx-frame-"));

describe("help", () => {
  test("of phx lists every command and ends with examples", async () => {
    const { status, out, err } = await phx("phx --help");
    expect(status).toBe(0);
    expect(err).toBe("");
    for (const command of commands) expect(out).toContain(`\n  ${command.name} `);
    expect(out).toContain("\nExamples:\n");
  });

  test.each(commands.map((command) => [command.name, command] as const))(
    "of %s ends with its examples",
    async (name, command) => {
      const { status, out } = await phx(`phx ${name} --help`);
      expect(status).toBe(0);
      const examples = out.slice(out.indexOf("\nExamples:\n"));
      for (const { line } of command.examples) expect(examples).toContain(`\n  ${line}\n`);
      expect(command.examples.length).toBeGreaterThan(0);
    },
  );

  test("without a command is usage", async () => {
    const { status, out, err } = await phx("phx");
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain("Usage: phx");
  });

  test("the version is that of the package", async () => {
    const manifest: { version: string } = JSON.parse(
      readFileSync(new URL("../package.json", import.meta.url), "utf8"),
    );
    expect(version).toBe(manifest.version);
    expect((await phx("phx --version")).out).toBe(`${version}\n`);
  });
});

describe("usage errors", () => {
  test.each([
    ["phx momets x.phx", "error[PHX990]: `momets` is not a command\n  = did you mean `phx moments`?\n"],
    ["phx zzzzzz", "error[PHX990]: `zzzzzz` is not a command\n  = `phx --help` lists the commands\n"],
    ["phx examples/sir.phx --set N=9", "  = `phx info examples/sir.phx --set N=9`\n"],
    [
      "phx moments x.phx --ordr 3",
      "error[PHX991]: `phx moments` has no option `--ordr`\n  = did you mean `--order`?\n",
    ],
    ["phx moments x.phx --zzzzzz", "  = `phx moments --help` lists the options\n"],
    ["phx moments", "error[PHX992]: `phx moments` needs a file\n"],
    ["phx check", "error[PHX992]: `phx check` needs at least one file\n"],
    ["phx moments a.phx b.phx", "error[PHX992]: `phx moments` takes 1 and got 2 words\n"],
    ["phx moments a.phx --order", "error[PHX992]: the option `-k, --order <count>` needs a value\n"],
    ["phx moments a.phx --order 1.5", "error[PHX993]: 1.5 is not a whole number from 1 to 100\n"],
    ["phx explain PHX000", "error[PHX999]: there is no code `PHX000`\n"],
    [
      "phx check no-such-file.phx",
      'error[PHX996]: cannot read "no-such-file.phx"\n  = no such file or directory\n',
    ],
  ])("%s", async (line, message) => {
    const { status, out, err } = await phx(line);
    expect(err).toContain(message);
    expect([status, out]).toEqual([2, ""]);
  });

  test("with --json are a document of their own", async () => {
    const { status, out } = await phx("phx moments x.phx --ordr 3 --json");
    expect(status).toBe(2);
    expect(violations("diagnostics", out)).toBe("");
    expect(JSON.parse(out).diagnostics[0].code).toBe("PHX991");
  });

  test("with json in the environment or in phx.toml, too", async () => {
    const line = "phx info no-such-file.phx";
    for (const surroundings of [{ environment: { PHX_JSON: "1" } }, { configuration: "json = true" }]) {
      const { status, out } = await phx(line, surroundings);
      expect(status).toBe(2);
      expect(violations("diagnostics", out)).toBe("");
    }
  });

  test("in the environment and in phx.toml name their place", async () => {
    const environment = await phx("phx doctor", { environment: { PHX_SEED: "x" } });
    expect(environment.status).toBe(2);
    expect(environment.err).toContain("given by the environment variable PHX_SEED");
    const configuration = await phx("phx doctor", { configuration: "seed = 1\nsede = 2" });
    expect(configuration.status).toBe(2);
    expect(configuration.err).toContain("did you mean `seed`?");
  });
});

describe("settings", () => {
  test("tell where they came from", async () => {
    const { out } = await phx("phx doctor --max-states 5 --json", {
      environment: { PHX_SEED: "4" },
      configuration: "seed = 3\nallow-defective = true",
    });
    expect(violations("doctor", out)).toBe("");
    expect(JSON.parse(out).settings).toEqual([
      { name: "seed", value: "4", origin: "environment" },
      { name: "max-states", value: "5", origin: "flag" },
      { name: "allow-defective", value: "true", origin: "phx.toml" },
    ]);
  });
});

describe("doctor", () => {
  test("names the cache directory, and says what is wrong with one", async () => {
    const lineOf = (out: string): string => out.split("\n").find((line) => line.includes(" cache ")) ?? "";
    const words = ["doctor"];
    const [good, off, blocked] = await Promise.all([
      spawnPhx(words, { PHX_CACHE: "on", PHX_CACHE_DIR: join(directory, "new", "cache") }),
      spawnPhx(words, { PHX_CACHE: "off" }),
      spawnPhx(words, {
        PHX_CACHE: "on",
        PHX_CACHE_DIR: fileURLToPath(new URL("frame.test.ts/x", import.meta.url)),
      }),
    ]);
    expect(lineOf(good.out)).toContain(`✓ cache          ${join(directory, "new", "cache")}`);
    expect(lineOf(off.out)).toContain("switched off by PHX_CACHE");
    expect(lineOf(blocked.out)).toContain("traces are not kept");
    expect([good.status, off.status, blocked.status]).toEqual([0, 0, 0]);
  });
});

describe("exit statuses", () => {
  test.each([
    ["PHX101", 1],
    ["PHX511", 2],
    ["PHX601", 1],
    ["PHX707", 1],
    ["PHX805", 3],
    ["PHX900", 2],
    ["PHX911", 1],
    ["PHX951", 3],
    ["PHX971", 3],
    ["PHX991", 2],
  ] as const)("%s ends in %d", (code, status) => {
    expect(exitStatus(code)).toBe(status);
  });
});

describe("explain", () => {
  test("no code has two meanings", () => {
    const codes = allCodes.map((entry) => entry.code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(codes).toEqual(codes.toSorted());
  });

  test("codes of the command line are 990 to 999", () => {
    expect(commandCodes.map((entry) => entry.code)).toEqual([
      "PHX801",
      ...Array.from({ length: 10 }, (_, index) => `PHX${990 + index}`),
    ]);
  });

  test("takes codes in any form", async () => {
    const { out } = await phx("phx explain phx990");
    expect(out).toContain("PHX990: there is no such command\n");
    expect((await phx("phx explain 990")).out).toBe(out);
  });

  test("documents fit their schema", async () => {
    expect(violations("explain", (await phx("phx explain PHX107 --json")).out)).toBe("");
    expect(violations("explain", (await phx("phx explain --json")).out)).toBe("");
  });
});

describe("fmt", () => {
  const untidy = "model   m\n# kept\nparam  a>0=1\nstate k in 0..1\nstart: k=1\nevent e: k-=1 @a\n";

  test("rewrites a file once, and then leaves it", async () => {
    const file = join(directory, "untidy.phx");
    writeFileSync(file, untidy);
    expect((await phx(`phx fmt --check ${file}`)).status).toBe(1);
    expect(readFileSync(file, "utf8")).toBe(untidy);
    expect(await phx(`phx fmt ${file}`)).toEqual({ status: 0, out: `formatted: ${file}\n`, err: "" });
    const tidy = readFileSync(file, "utf8");
    expect(tidy).toContain("# kept\nparam a > 0 = 1\n");
    expect(await phx(`phx fmt --check ${file}`)).toEqual({ status: 0, out: "", err: "" });
    expect(violations("fmt", (await phx(`phx fmt --json ${file}`)).out)).toBe("");
    expect(readFileSync(file, "utf8")).toBe(tidy);
    expect((await phx("phx fmt -", { standardInput: untidy })).out).toBe(tidy);
  });

  test("leaves a file with syntax errors alone, and shows them", async () => {
    const file = join(directory, "broken.phx");
    writeFileSync(file, "model m\nparam a > = 1\n");
    const { status, err } = await phx(`phx fmt ${file}`);
    expect(status).toBe(1);
    expect(err).toContain(`${file}:2:`);
    expect(readFileSync(file, "utf8")).toBe("model m\nparam a > = 1\n");
  });

  test("leaves no temporary files behind", () => {
    expect(readdirSync(directory).sort()).toEqual(["broken.phx", "untidy.phx"]);
  });
});

describe("the built command, as a process", () => {
  test("prints results on standard output and everything else on standard error", async () => {
    const [good, bad, absent] = await Promise.all([
      spawnPhx(["explain", "PHX990"]),
      spawnPhx(["explian"]),
      spawnPhx(["check", "no-such-file.phx"]),
    ]);
    expect(good.status).toBe(0);
    expect(good.out).toContain("PHX990");
    expect(good.err).toBe("");
    expect(bad.status).toBe(2);
    expect(bad.out).toBe("");
    expect(bad.err).toContain("did you mean `phx explain`?");
    expect(absent.status).toBe(2);
  });

  test("has no colours in a pipe", async () => {
    const { err } = await spawnPhx(["explian"]);
    expect(err).not.toContain("\u001b");
  });

  test("ends quietly when the reader of its output goes away", async () => {
    const program = fileURLToPath(new URL("../bin/phx.mjs", import.meta.url));
    const child = spawn(process.execPath, [program, "explain"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let err = "";
    child.stderr.on("data", (chunk) => {
      err += String(chunk);
    });
    const status = await new Promise((finish) => child.on("close", finish));
    expect([status, err]).toEqual([0, ""]);
  });

  test("--no-cache records the trace anew", async () => {
    const environment = { PHX_CACHE: "on", PHX_CACHE_DIR: join(directory, "traces") };
    const words = ["trace", "examples/rabbits.phx", "--json"];
    const sources: unknown[] = [];
    for (const more of [[], [], ["--no-cache"]]) {
      const { out } = await spawnPhx([...words, ...more], environment);
      sources.push(JSON.parse(out).traces[0].source);
    }
    expect(sources).toEqual(["recorded", "cache", "recorded"]);
  });

  test("prints completions for bash, and completes commands", async () => {
    const script = await spawnPhx(["completion", "bash"]);
    expect(script.status).toBe(0);
    expect(script.out).toContain("complete");
    const found = await spawnPhx(["complete", "--", "mom"]);
    expect(found.out).toContain("moments");
  });
});
