// phxPrograms: random well-formed `.phx` files, each with the model that it must mean.
import type { Value } from "@phxlang/autodiff";
import type { RewardDefinition, StateVector, TransitionDefinition } from "@phxlang/graph";
import { defineModel } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import { makeModel } from "@phxlang/runtime";
import * as fc from "fast-check";
import { printed } from "./printed.ts";
import type { RateExpression } from "./rate-expressions.ts";
import { rateExpressions } from "./rate-expressions.ts";

/** A file and its meaning, which is written down apart from the language: with `defineModel`. */
export interface PhxProgram {
  readonly source: string;
  readonly model: Model;
}

/** How an event changes the counting cells; `from` and `to` are cells. */
type Move =
  | { readonly kind: "up"; readonly cell: number }
  | { readonly kind: "down"; readonly cell: number }
  | { readonly kind: "shift"; readonly from: number; readonly to: number }
  | { readonly kind: "empty"; readonly cell: number };

interface Drawn {
  readonly width: number;
  readonly top: number;
  readonly moves: readonly (readonly [Move, RateExpression])[];
  /** One event for every counting cell, written with `for`. */
  readonly everyCell: RateExpression | null;
  readonly quits: RateExpression;
  readonly hasCauses: boolean;
  readonly theta: readonly number[];
  readonly usesDefinition: boolean;
}

const parameterNames = ["alpha", "beta"] as const;

/**
 * Models of one array of counting cells x[1..w] in 0..TOP and a cell `over`, in continuous time: events with guards,
 * with `for`, with rates that read constants, state and parameters; a `def`, named stops, a state and an impulse
 * reward. From every state the path may end.
 */
export function phxPrograms(): fc.Arbitrary<PhxProgram> {
  return fc
    .record({ width: fc.integer({ min: 1, max: 2 }), top: fc.integer({ min: 1, max: 3 }) })
    .chain(({ width, top }) => {
      const cells = Array.from({ length: width }, (_, i) => `x[${i + 1}]`);
      const rate = rateExpressions(cells, top, parameterNames);
      const cell = fc.nat({ max: width - 1 });
      const move: fc.Arbitrary<Move> = fc.oneof(
        fc.record({ kind: fc.constant("up" as const), cell }),
        fc.record({ kind: fc.constant("down" as const), cell }),
        fc.record({ kind: fc.constant("shift" as const), from: cell, to: cell }),
        fc.record({ kind: fc.constant("empty" as const), cell }),
      );
      return fc.record<Drawn>({
        width: fc.constant(width),
        top: fc.constant(top),
        moves: fc.array(fc.tuple(move, rate), { minLength: 1, maxLength: 4 }),
        everyCell: fc.option(rate, { nil: null }),
        quits: fc.integer({ min: 1, max: 20 }).map((tenths) => ({
          text: `${tenths / 10} * alpha`,
          value: (_, symbols) => symbols[0].mul(tenths / 10),
        })),
        hasCauses: fc.boolean(),
        theta: fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })),
        usesDefinition: fc.boolean(),
      });
    })
    .map((drawn) => {
      const source = sourceOf(drawn);
      return printed({ source, model: modelOf(drawn) }, () => source);
    });
}

/** A shift within one cell would lead back to the same state. */
const isIdle = (move: Move): boolean => move.kind === "shift" && move.from === move.to;

function sourceOf(drawn: Drawn): string {
  const { width, top, moves, everyCell, quits, hasCauses, theta, usesDefinition } = drawn;
  const name = (cell: number): string => `x[${cell + 1}]`;
  const text = (move: Move): string => {
    switch (move.kind) {
      case "up":
        return `when ${name(move.cell)} < TOP: ${name(move.cell)} += 1`;
      case "down":
        return `when ${name(move.cell)} > 0: ${name(move.cell)} -= 1`;
      case "shift":
        return `when ${name(move.from)} > 0 and ${name(move.to)} < TOP: ${name(move.from)} -= 1, ${name(move.to)} += 1`;
      case "empty":
        return `when ${name(move.cell)} > 1: ${name(move.cell)} = 0`;
    }
  };
  return [
    "model drawn",
    "",
    `const TOP = ${top}`,
    "",
    ...parameterNames.map((parameter, p) => `param ${parameter} > 0 = ${theta[p] / 10}`),
    "",
    `state x[1..${width}] in 0..TOP`,
    "state over in bool",
    "start: x[1] = TOP",
    ...(hasCauses
      ? ["stop full when x[1] == TOP and over", "stop partial when x[1] < TOP and over"]
      : ["stop when over"]),
    "",
    ...(usesDefinition ? ["def total = sum(x[i] for i in 1.." + String(width) + ")", ""] : []),
    ...moves.flatMap(([move, rate], e) =>
      isIdle(move) ? [] : [`event move_${e + 1} ${text(move)} @ ${rate.text}`],
    ),
    ...(everyCell === null
      ? []
      : [`event refill for i in 1..${width} when x[i] < TOP: x[i] += 1 @ ${everyCell.text}`]),
    `event quit: over = true @ ${quits.text}`,
    "",
    `reward load = ${usesDefinition ? "total" : `sum(x[i] for i in 1..${width})`}`,
    "reward fee on quit = 2",
    "",
  ].join("\n");
}

function modelOf(drawn: Drawn): Model {
  const { width, top, moves, everyCell, quits, hasCauses, theta } = drawn;
  const over = width;
  const load = (state: StateVector): number => state.slice(0, width).reduce((sum, x) => sum + x, 0);
  const changed = (state: StateVector, cell: number, value: number): number[] =>
    state.map((x, i) => (i === cell ? value : x));
  const target = (move: Move, x: StateVector): number[] | null => {
    switch (move.kind) {
      case "up":
        return x[move.cell] < top ? changed(x, move.cell, x[move.cell] + 1) : null;
      case "down":
        return x[move.cell] > 0 ? changed(x, move.cell, x[move.cell] - 1) : null;
      case "shift":
        return x[move.from] > 0 && x[move.to] < top
          ? changed(changed(x, move.from, x[move.from] - 1), move.to, x[move.to] + 1)
          : null;
      case "empty":
        return x[move.cell] > 1 ? changed(x, move.cell, 0) : null;
    }
  };
  const stops = (state: StateVector): boolean => state[over] === 1;
  const rewards: Readonly<Record<string, RewardDefinition<Readonly<Record<string, Value>>>>> = {
    load: (state) => load(state),
    fee: { on: "quit", value: 2 },
  };
  const description = defineModel({
    name: "drawn",
    state: [
      ...Array.from({ length: width }, (_, i) => ({ name: `x[${i + 1}]`, lower: 0, upper: top })),
      { name: "over", lower: 0, upper: 1 },
    ],
    parameters: {
      alpha: { lower: 0, default: theta[0] / 10 },
      beta: { lower: 0, default: theta[1] / 10 },
    },
    start: [{ to: Array.from({ length: width + 1 }, (_, i) => (i === 0 ? top : 0)), probability: 1 }],
    stop: hasCauses
      ? {
          full: (state) => stops(state) && state[0] === top,
          partial: (state) => stops(state) && state[0] < top,
        }
      : stops,
    transitions(state, { alpha, beta }) {
      const symbols = [alpha, beta];
      const found: TransitionDefinition[] = moves.flatMap(([move, rate], e) => {
        const to = isIdle(move) ? null : target(move, state);
        return to === null ? [] : [{ to, rate: rate.value(state, symbols), event: `move_${e + 1}` }];
      });
      if (everyCell !== null) {
        for (let cell = 0; cell < width; cell++) {
          if (state[cell] >= top) continue;
          const to = changed(state, cell, state[cell] + 1);
          found.push({ to, rate: everyCell.value(state, symbols), event: "refill" });
        }
      }
      found.push({ to: changed(state, over, 1), rate: quits.value(state, symbols), event: "quit" });
      return found;
    },
    rewards,
  });
  return makeModel(description);
}
