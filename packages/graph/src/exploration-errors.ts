// Errors found while building the state graph, each with its witness.
import { PhxError } from "@phxlang/autodiff";
import type { PackedStates } from "./packed-states.ts";

/** `event` is null for the start; `source` is the state being expanded, −1 for the start. */
export function outOfBounds(
  states: PackedStates,
  event: string | null,
  state: Int32Array,
  source: number,
): PhxError {
  const index = states.cellOutOfBounds(state);
  const cell = states.cells[index];
  return new PhxError({
    code: "PHX701",
    what: `${subject(event)} takes ${cell.name} to ${state[index]}, outside ${cell.lower}..${cell.upper}${from(states, source)}`,
    why: "every cell of the state stays in its declared range",
    fix: `let it not happen there (a guard on ${cell.name}), stop there, or widen the range`,
  });
}

export function notFiniteWeight(
  states: PackedStates,
  event: string | null,
  value: number,
  source: number,
): PhxError {
  const found = Number.isNaN(value) ? "not a number" : String(value);
  return new PhxError({
    code: "PHX703",
    what: `${event === null ? "a start weight" : `the rate of event \`${event}\``} is ${found}${place(states, source)}`,
    fix: "guard the division or logarithm that makes it so",
  });
}

export function negativeWeight(
  states: PackedStates,
  event: string | null,
  value: number,
  source: number,
): PhxError {
  if (event === null) {
    return new PhxError({
      code: "PHX404",
      what: `a start weight is ${value}`,
      why: "start weights are probabilities",
      fix: "give weights that are not negative and sum to 1",
    });
  }
  return new PhxError({
    code: "PHX702",
    what: `event \`${event}\` has rate ${value}${place(states, source)}`,
    why: "rates and probabilities are never negative",
    fix: "guard the event, or correct the formula of its rate",
  });
}

export function tooManyStates(states: PackedStates, maxStates: number): PhxError {
  const cell = fastestGrowingCell(states);
  const growth = cell === null ? "" : `; fastest-growing cell \`${cell}\``;
  return new PhxError({
    code: "PHX707",
    what: `more than ${maxStates.toLocaleString("en-US")} states (last: ${states.describe(states.stateCount - 1)}${growth})`,
    why: "the state space is explored whole, and this is the limit",
    fix: "make the model smaller (fewer cells, tighter ranges), or raise the limit: --max-states, or maxStates in code",
  });
}

function subject(event: string | null): string {
  return event === null ? "the start" : `event \`${event}\``;
}

function from(states: PackedStates, source: number): string {
  return source < 0 ? "" : `, from ${states.describe(source)}`;
}

function place(states: PackedStates, source: number): string {
  return source < 0 ? "" : ` in ${states.describe(source)}`;
}

/** The cell whose occupied range widened most between the first half of the states and all of them. */
function fastestGrowingCell(states: PackedStates): string | null {
  const { cells, stateCount } = states;
  const half = stateCount >> 1;
  const lows = cells.map(() => Infinity);
  const highs = cells.map(() => -Infinity);
  let widths = cells.map(() => 0);
  const state = new Int32Array(cells.length);
  for (let i = 0; i < stateCount; i++) {
    if (i === half) widths = cells.map((_, c) => highs[c] - lows[c]);
    states.read(i, state);
    for (let c = 0; c < state.length; c++) {
      if (state[c] < lows[c]) lows[c] = state[c];
      if (state[c] > highs[c]) highs[c] = state[c];
    }
  }
  let best = -1;
  let bestScore = -1;
  for (let c = 0; c < cells.length; c++) {
    const width = highs[c] - lows[c];
    // Ties go to the widest range.
    const score = width - widths[c] + width / 2 ** 33;
    if (score > bestScore) [best, bestScore] = [c, score];
  }
  return best < 0 ? null : cells[best].name;
}
