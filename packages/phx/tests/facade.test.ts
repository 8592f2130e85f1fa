// The public face: the same names on Node and in pages, none of which needs Node to load.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "@fast-check/vitest";
import { afterAll, beforeAll, describe, expect } from "vitest";
import * as page from "../src/index.ts";
import * as node from "../src/index.node.ts";
import { root } from "./run-phx.ts";

const sources = fileURLToPath(new URL("../src/", import.meta.url));

describe("the entry for pages", () => {
  test("has the names of the entry for Node", () => {
    expect(Object.keys(page).sort()).toEqual(Object.keys(node).sort());
  });

  test("reaches no file that needs Node", () => {
    const seen = new Set<string>();
    const open = [join(sources, "index.ts")];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      for (const [, target] of readFileSync(file, "utf8").matchAll(/ from "(\.[^"]+|node:[^"]+)"/g)) {
        expect(target).not.toMatch(/^node:|\.node\.ts$/);
        const path = join(dirname(file), target);
        expect(existsSync(path)).toBe(true);
        open.push(path);
      }
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  test("exports are declared for both", () => {
    const manifest: { exports: { ".": { node: { default: string }; default: string } } } = JSON.parse(
      readFileSync(new URL("../package.json", import.meta.url), "utf8"),
    );
    expect(manifest.exports["."].node.default).toBe("./dist/index.node.js");
    expect(manifest.exports["."].default).toBe("./dist/index.js");
  });
});

describe("load from an address", () => {
  const server = createServer((request, response) => {
    const path = join(root, decodeURIComponent(request.url ?? "/"));
    if (!path.startsWith(root) || !existsSync(path)) response.writeHead(404, "Not Found").end();
    else response.end(readFileSync(path));
  });
  let address = "";
  beforeAll(async () => {
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const where = server.address();
    if (where !== null && typeof where === "object") address = `http://127.0.0.1:${where.port}`;
    Object.assign(globalThis, { document: { baseURI: `${address}/` } });
  });
  afterAll(() => {
    server.close();
    Reflect.deleteProperty(globalThis, "document");
  });

  test("gives the model that the file gives, with its data", async () => {
    const fetched = await page.load(`${address}/examples/remission.phx`);
    const read = await node.load(join(root, "examples/remission.phx"));
    expect(fetched.parameterNames).toEqual(read.parameterNames);
    const fetchedData = await page.loadData(fetched);
    const readData = await node.loadData(read);
    expect(fetched.logLikelihood(fetched.defaults, fetchedData).item()).toBe(
      read.logLikelihood(read.defaults, readData).item(),
    );
  });

  test("names an address that cannot be read", async () => {
    await expect(page.load(`${address}/examples/none.phx`)).rejects.toThrow(
      /PHX996: cannot read .*\n.*404 Not Found/,
    );
  });
});

describe("devices and the algebra of models", () => {
  test("pmap has the results of vmap on every device; another device is never taken instead", () => {
    const model = node.compile(
      "model m\nparam a > 0 = 2\nstate k in 0..1\nstart: k = 1\nstop when k == 0\nevent e: k -= 1 @ a\n",
    );
    const slope = node.grad((theta) => model.mean(theta));
    const rates = node.np.array([[1], [2], [4]]);
    for (const devices of [
      node.devices("cpu"),
      node.devices("workers"),
      node.devices("workers", { threads: 2 }),
    ]) {
      expect(node.pmap(slope, { devices })(rates).js()).toEqual([[-1], [-0.25], [-0.0625]]);
      expect(node.jit(node.vmap(slope), { devices })(rates).js()).toEqual([[-1], [-0.25], [-0.0625]]);
    }
    expect(() => node.devices("cpu", { threads: 2 })).toThrow("PHX976");
    expect(node.vmap(slope)(rates).js()).toEqual([[-1], [-0.25], [-0.0625]]);
    expect(() => node.devices("abacus" as never)).toThrow('PHX979: there is no device of the kind "abacus"');
    expect(() => node.devices("cpu", { precision: "f32" } as never)).toThrow(/PHX976.*devices\("webgpu"/s);
  });

  test("sums of stages are Erlang", () => {
    const stages = node.erlang(3);
    const sum = node.convolve(node.erlang(1), node.erlang(2));
    expect(stages.mean([2]).item()).toBeCloseTo(1.5, 14);
    expect(sum.mean([2, 2]).item()).toBeCloseTo(1.5, 14);
  });
});

describe("compile and check", () => {
  const text =
    "model m\nparam a > 0 = 2\nstate k in 0..1\nstart: k = 1\nstop when k == 0\nevent e: k -= 1 @ a\n";

  test("compile gives a model; check never throws on mistakes", () => {
    expect(node.compile(text).mean([2]).item()).toBe(0.5);
    const broken = node.check(text.replace("@ a", "@ b"), { source: "broken.phx" });
    expect(broken.model).toBeNull();
    expect(broken.diagnostics.map((diagnostic) => diagnostic.code)).toContain("PHX201");
    expect(() => node.compile(text.replace("@ a", "@ b"))).toThrow(node.PhxError);
  });

  test("bindData reads tables of text and knows the data sets of the model", () => {
    const model = node.compile(`${text}data d from "x.csv"\nobserve d: stop at t\n`);
    const { observations } = node.bindData(model, "d", "t\n1\n2\n");
    expect(model.logLikelihood([2], observations).item()).toBeCloseTo(2 * Math.log(2) - 6, 13);
    expect(() => node.bindData(model, "e", "t\n1\n")).toThrow("no data set is called `e`");
    expect(() => node.bindData(model, "d", "u\n1\n")).toThrow("PHX602");
    const written = node.defineModel({
      state: ["k"],
      start: () => [{ to: [1], probability: 1 }],
      transitions: ([k]) => (k > 0 ? [{ to: [0], rate: 1 }] : []),
    });
    expect(() => node.bindData(written, "d", "t\n1\n")).toThrow("it was not compiled from a text");
  });
});
