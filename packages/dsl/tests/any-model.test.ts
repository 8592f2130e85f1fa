// Whatever stands in a file, check answers with a model or with diagnostics that can be shown.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fc, test } from "@fast-check/vitest";
import { PhxError } from "@phxlang/autodiff";
import { check, renderAll, toJson } from "@phxlang/dsl";
import { explore } from "@phxlang/graph";
import { describe, expect } from "vitest";
import { declaration, file } from "./support/arbitrary-ast.ts";
import { declarationTokens, fileTokens, joinTokens } from "./support/print.ts";

const examplesFolder = fileURLToPath(new URL("../../../examples/", import.meta.url));
const examples = readdirSync(examplesFolder)
  .filter((name) => name.endsWith(".phx"))
  .map((name) => readFileSync(examplesFolder + name, "utf8"));

function print(lines: readonly (readonly string[])[]): string {
  return lines.map((tokens) => joinTokens(tokens, () => " ")).join("\n");
}

/** Checks a text and what is said of it. */
function checkPromises(text: string): void {
  const { model, diagnostics, sources } = check(text, { source: "some.phx" });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.length === 0).toBe(model !== null);
  expect(errors.length).toBeLessThanOrEqual(20);
  for (const { code, message, place, related, fixes } of diagnostics) {
    expect(code).toMatch(/^PHX[1-7]\d\d$/);
    expect(message).not.toMatch(/undefined|NaN|\[object|internal|null/);
    for (const span of [place?.span, ...(related ?? []).map((other) => other.span)]) {
      if (span === undefined) continue;
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(text.length);
    }
    for (const { span } of fixes ?? []) expect(span.end).toBeLessThanOrEqual(text.length);
  }
  renderAll(diagnostics, sources);
  for (const diagnostic of diagnostics) JSON.stringify(toJson(diagnostic, sources));
  if (model !== null) checkGraph(() => explore(model.description.callback, { maxStates: 300 }), sources);
}

/** A graph, or diagnostics of graphs. */
function checkGraph(make: () => unknown, sources: ReadonlyMap<string, string>): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof PhxError)) throw error;
    for (const { code, message } of error.diagnostics) {
      expect(code).toMatch(/^PHX(7\d\d|210|40\d|41\d)$/);
      expect(message).not.toMatch(/undefined|\[object|internal/);
    }
    renderAll(error.diagnostics, sources);
  }
}

/** Declares every name that arbitrary trees use, so that most of what they say has a meaning. */
const head = `model some
const N = 3
const Q9 = 2
const from = [1, 2, 3]
const on = [[0.5, 2], [1, 0]]
param rate > 0 = 1
param beta in 0..1 = 0.5
param x_1[1..3] > 0 = 2
param by simplex
covariate at = 0
state a in 0..3
state b[1..3] in 0..4
state k in {path, exact}
state _t in bool
start: a = 1
def flood_left(simplex, bool) = simplex + bool
def with = a > 1
epoch each from 0
event censored: a -= 1 @ rate
`;

describe("check", () => {
  test.prop([file], { numRuns: 80 })("of arbitrary trees", (tree) => {
    checkPromises(print(fileTokens(tree)));
  });

  test.prop([fc.array(declaration, { maxLength: 4 })], { numRuns: 150 })(
    "of arbitrary declarations whose names are known",
    (declarations) => {
      checkPromises(head + print(declarations.map(declarationTokens)));
    },
  );

  test.prop([fc.subarray(examples.flatMap((text) => text.split("\n")))], { numRuns: 60 })(
    "of lines of examples thrown together",
    (lines) => {
      checkPromises(`model some\n${lines.filter((line) => !line.includes("model ")).join("\n")}`);
    },
  );
});
