// What may change in a text without changing its model.
import { fc, test } from "@fast-check/vitest";
import { compile } from "@phxlang/dsl";
import { explore } from "@phxlang/graph";
import { describe, expect } from "vitest";
import { edgeRates, stateKeys } from "./support/graphs.ts";
import {
  declarationsOf,
  eventDeclaration,
  eventLists,
  modelText,
  parameterDeclarations,
  plainNames,
  ruleDeclarations,
  stateDeclarations,
} from "./support/models.ts";
import type { EventText, Names } from "./support/models.ts";

type Values = Readonly<Record<string, number>>;

interface Explored {
  readonly states: readonly string[];
  readonly rates: ReadonlyMap<string, number>;
}

/** States and rates, with cells called as `rename` says. */
function exploreText(text: string, theta: Values, rename?: (name: string) => string): Explored {
  const model = compile(text);
  const graph = explore(model.description.callback, { allowDefective: true });
  const z = model.description.parameters.map(({ name }) => theta[rename?.(name) ?? name]);
  return { states: [...stateKeys(graph, rename)].sort(), rates: edgeRates(graph, z, rename)[0] };
}

function expectSame(found: Explored, wanted: Explored, scale = 1): void {
  expect(found.states).toEqual(wanted.states);
  expect([...found.rates.keys()].sort()).toEqual([...wanted.rates.keys()].sort());
  for (const [edge, rate] of wanted.rates) {
    expect(Math.abs((found.rates.get(edge) ?? 0) - scale * rate)).toBeLessThanOrEqual(1e-13 * scale * rate);
  }
}

const positive = fc.double({ min: 0.1, max: 5, noNaN: true });
const values: fc.Arbitrary<Values> = fc.record({ r: positive, s: positive, t: positive });
const options = { numRuns: 40 };

describe("a model stays the same", () => {
  const renamed: Names = { x: "left", y: "right", b: "flags", r: "rate", s: "speed", t: "decay", i: "k" };
  const back = (name: string): string => {
    const [word, rest] = [name.replace(/\[.*/, ""), name.replace(/^[^[]*/, "")];
    const entry = Object.entries(renamed).find(([, other]) => other === word);
    return `${entry?.[0] ?? word}${rest}`;
  };

  test.prop([eventLists, values], options)("when its names change", (events, theta) => {
    const text = modelText(declarationsOf(events, renamed));
    expectSame(exploreText(text, theta, back), exploreText(modelText(declarationsOf(events)), theta));
  });

  const shuffled = eventLists.chain((events) => {
    const all = declarationsOf(events);
    return fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length }));
  });

  test.prop([shuffled, values], options)("when its declarations change places", ([all, mixed], theta) => {
    expectSame(exploreText(modelText(mixed), theta), exploreText(modelText(all), theta));
  });

  const unrolled = (event: EventText, number: number): readonly string[] =>
    event.loop
      ? ["1", "2", "3"]
          .map((i) => eventDeclaration({ ...event, loop: false }, number, { ...plainNames, i }))
          .map((text, k) => text.replace(`event e${number}`, `event e${number}_${k}`))
      : [eventDeclaration(event, number, plainNames)];

  test.prop([eventLists, values], options)("when loops are written out", (events, theta) => {
    const head = declarationsOf([]);
    const text = modelText([...head, ...events.flatMap(unrolled)]);
    expectSame(exploreText(text, theta), exploreText(modelText(declarationsOf(events)), theta));
  });

  test.prop([eventLists, values], options)("when guards and rates become defs", (events, theta) => {
    const lines = events.flatMap((event, number) => {
      const { i } = plainNames;
      const argument = event.loop ? "(i)" : "";
      const loop = event.loop ? "for i in 1..3 " : "";
      return [
        `event e${number} ${loop}when g${number}${argument}: ${event.changes(plainNames, i)} @ f${number}${argument}`,
        `def g${number}${argument.replace("i", "j")} = ${event.guard(plainNames, "j")}`,
        `def f${number}${argument.replace("i", "j")} = ${event.rate(plainNames, "j")}`,
      ];
    });
    const text = modelText([...declarationsOf([]), ...lines]);
    expectSame(exploreText(text, theta), exploreText(modelText(declarationsOf(events)), theta));
  });

  test.prop([eventLists, values], options)("when an event is added that cannot happen", (events, theta) => {
    const all = declarationsOf(events);
    const text = modelText([...all, "event never when x == 1 and x == 2: y = 2, b[1] = 0 @ r"]);
    expectSame(exploreText(text, theta), exploreText(modelText(all), theta));
  });

  test.prop([eventLists, values], options)("when events are split in halves", (events, theta) => {
    const half = (event: EventText): EventText => ({
      ...event,
      rate: (names, i) => `(${event.rate(names, i)}) / 2`,
    });
    const halves = events.flatMap((event) => [half(event), half(event)]);
    expectSame(
      exploreText(modelText(declarationsOf(halves)), theta),
      exploreText(modelText(declarationsOf(events)), theta),
    );
  });

  test.prop([eventLists, values], options)("but for a factor, when all rates have it", (events, theta) => {
    const scaled = events.map((event): EventText => ({
      ...event,
      rate: (names, i) => `8 * (${event.rate(names, i)})`,
    }));
    expectSame(
      exploreText(modelText(declarationsOf(scaled)), theta),
      exploreText(modelText(declarationsOf(events)), theta),
      8,
    );
  });
});

test("the declarations of the laws are those of a model with states that are reached", () => {
  const all = [
    ...parameterDeclarations(plainNames),
    ...stateDeclarations(plainNames),
    ...ruleDeclarations(plainNames),
  ];
  const text = modelText([
    ...all,
    "event up when x < 3: x += 1 @ r",
    "event down when y > 0: y -= 1 @ s * t",
  ]);
  expect(exploreText(text, { r: 1, s: 2, t: 3 }).states.length).toBeGreaterThan(4);
});
