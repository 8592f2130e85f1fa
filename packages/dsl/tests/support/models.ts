// Random small models as lists of declarations, written with names that a test chooses.
import { fc } from "@fast-check/vitest";

/** Names of everything in a model; a renaming is another record of this kind. */
export interface Names {
  readonly x: string;
  readonly y: string;
  readonly b: string;
  readonly r: string;
  readonly s: string;
  readonly t: string;
  readonly i: string;
}

export const plainNames: Names = { x: "x", y: "y", b: "b", r: "r", s: "s", t: "t", i: "i" };

export interface EventText {
  /** `for i in 1..3`, or nothing. */
  readonly loop: boolean;
  /** What follows the loop, with `index` for the loop variable. */
  readonly guard: (names: Names, index: string) => string;
  readonly changes: (names: Names, index: string) => string;
  readonly rate: (names: Names, index: string) => string;
}

const kinds: readonly EventText[] = [
  {
    loop: false,
    guard: ({ x }) => `${x} < 3`,
    changes: ({ x }) => `${x} += 1`,
    rate: ({ r }) => r,
  },
  {
    loop: false,
    guard: ({ x }) => `${x} > 0`,
    changes: ({ x }) => `${x} -= 1`,
    rate: ({ s, x }) => `${s} * ${x}`,
  },
  {
    loop: false,
    guard: ({ x, y }) => `${y} < 2 and ${x} > 0`,
    changes: ({ x, y }) => `${y} += 1, ${x} -= 1`,
    rate: ({ r, s }) => `${r} * ${s} + 0.5`,
  },
  {
    loop: false,
    guard: ({ y }) => `${y} > 0`,
    changes: ({ x, y }) => `${y} -= 1, ${x} = min(${x} + 1, 3)`,
    rate: ({ t, x }) => `${t} / (${x} + 1)`,
  },
  {
    loop: true,
    guard: ({ b }, i) => `${b}[${i}] == 0`,
    changes: ({ b }, i) => `${b}[${i}] = 1`,
    rate: ({ r }, i) => `${r} * ${i}`,
  },
  {
    loop: true,
    guard: ({ b, x }, i) => `${b}[${i}] == 1 and ${x} > 0`,
    changes: ({ b, x }, i) => `${b}[${i}] = 0, ${x} -= 1`,
    rate: ({ t, x }, i) => `exp(-${t} * ${i} * ${x})`,
  },
  {
    loop: true,
    guard: ({ b, y }, i) => `${b}[1 + mod(${y} + ${i}, 3)] == 0`,
    changes: ({ b, y }, i) => `${b}[1 + mod(${y} + ${i}, 3)] += 1`,
    rate: ({ s, y }, i) => `${s} / (${y} + ${i} + ${s})`,
  },
];

/** Events of a model: some of the kinds, each perhaps more than once. */
export const eventLists: fc.Arbitrary<readonly EventText[]> = fc.array(fc.constantFrom(...kinds), {
  minLength: 1,
  maxLength: 5,
});

export function stateDeclarations({ x, y, b }: Names): readonly string[] {
  return [`state ${x} in 0..3`, `state ${y} in 0..2`, `state ${b}[1..3] in 0..1`];
}

export function parameterDeclarations({ r, s, t }: Names): readonly string[] {
  return [`param ${r} > 0 = 1`, `param ${s} > 0 = 1`, `param ${t} > 0 = 1`];
}

/** One of the starts stops at once, so that some stop state is reached whatever the events are. */
export function ruleDeclarations({ x, y }: Names): readonly string[] {
  return [
    `start: ${x} = 2 @ 0.25`,
    `start: ${y} = 1 @ 0.5`,
    `start: ${x} = 3 @ 0.25`,
    `stop when ${x} == 3 and ${y} == 0`,
  ];
}

export function eventDeclaration(event: EventText, number: number, names: Names): string {
  const { i } = names;
  const loop = event.loop ? `for ${i} in 1..3 ` : "";
  const body = `when ${event.guard(names, i)}: ${event.changes(names, i)} @ ${event.rate(names, i)}`;
  return `event e${number} ${loop}${body}`;
}

export function modelText(declarations: readonly string[]): string {
  return ["model random", ...declarations].join("\n");
}

/** All declarations of a model in the usual order. */
export function declarationsOf(events: readonly EventText[], names: Names = plainNames): readonly string[] {
  return [
    ...parameterDeclarations(names),
    ...stateDeclarations(names),
    ...ruleDeclarations(names),
    ...events.map((event, number) => eventDeclaration(event, number, names)),
  ];
}
