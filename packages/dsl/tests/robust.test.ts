// Whatever is done to a model, check answers with diagnostics and exploring fails with them, and in no other way.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fc, test } from "@fast-check/vitest";
import { PhxError } from "@phxlang/autodiff";
import { check, inspectGraph, placeError } from "@phxlang/dsl";
import { exploreModel } from "@phxlang/graph";
import { describe, expect } from "vitest";

const folder = fileURLToPath(new URL("../../../examples/", import.meta.url));
const examples = readdirSync(folder)
  .filter((name) => name.endsWith(".phx"))
  .map((name) => readFileSync(folder + name, "utf8").replaceAll(/#.*/g, ""));
const word = /[A-Za-z_]\w*|\d+(?:\.\d+)?|"[^"]*"|`[^`]*`|\.\.|[+\-*/]=?|[=<>!]=?|\S/.source;
/** Declarations stay on lines of their own. */
const wordsAndLines = new RegExp(`\n|${word}`, "g");

/** An edit of a list of words: takes a random position or two and a word from elsewhere. */
type Edit = (list: string[], at: number, other: number, foreign: string) => void;

const edits: readonly Edit[] = [
  (list, at) => list.splice(at, 1),
  (list, at, other) => ([list[at], list[other]] = [list[other], list[at]]),
  (list, at, _, foreign) => (list[at] = foreign),
  (list, at, _, foreign) => list.splice(at, 0, foreign),
  (list, at, other) => list.splice(at, 0, ...list.slice(other, other + 4)),
  // A word in the place of the next one of its kind: what comes out is often a model still.
  ...Array.from({ length: 8 }, () => replaceLike),
];

function replaceLike(list: string[], at: number, other: number): void {
  const kind = kindOf(list[at]);
  const like = list.findIndex((one, index) => index >= other && kindOf(one) === kind);
  if (like >= 0) list[at] = list[like];
}

function kindOf(one: string): string {
  if (/^\d/.test(one)) return "number";
  if (/^[A-Za-z_]/.test(one)) return "name";
  return /^[+\-*/]$/.test(one) ? "operator" : /^[=<>!]/.test(one) ? "comparison" : one;
}

/** Words that could stand somewhere: those of all examples, and numbers of all kinds. */
const vocabulary = [
  ...new Set(examples.flatMap((text) => text.match(wordsAndLines) ?? [])),
  "0",
  "-1",
  "1e308",
];

const mutated = fc
  .tuple(
    fc.constantFrom(...examples),
    fc.array(fc.tuple(fc.constantFrom(...edits), fc.nat(), fc.nat(), fc.constantFrom(...vocabulary)), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, changes]) => {
    const list: string[] = text.match(wordsAndLines) ?? [];
    for (const [edit, at, other, foreign] of changes)
      edit(list, at % list.length, other % list.length, foreign);
    return list.join(" ").replaceAll("\n ", "\n");
  });

describe("a damaged model", () => {
  test.prop([mutated], { numRuns: 500 })(
    "is checked, explored or refused with places in the text",
    (text) => {
      const { model, diagnostics } = check(text, { source: "damaged.phx" });
      expect(model === null).toBe(diagnostics.some((one) => one.severity === "error"));
      for (const { place, related, fixes } of diagnostics) {
        for (const span of [place, ...(related ?? [])]
          .map((one) => one?.span)
          .concat(fixes?.map((one) => one.span))) {
          if (span === undefined) continue;
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
      }
      if (model === null) return;
      try {
        const graph = exploreModel(model.description, { maxStates: 2000, allowDefective: true });
        inspectGraph(model, graph);
        for (const reward of model.description.rewards.slice(0, 5)) {
          reward.stateForms(graph, 0);
          reward.impulseForms(graph, 0);
        }
      } catch (error) {
        if (!(error instanceof PhxError)) throw error;
        expect(placeError(model, error).diagnostics.every((one) => one.place !== undefined)).toBe(true);
      }
    },
  );
});
