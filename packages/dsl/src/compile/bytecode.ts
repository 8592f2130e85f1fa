// Bytecode: state expressions, guards and changes as integers, so that any back end can run them.

/**
 * Instructions are four words: operation, d, a, b. `r[x]` is register x. Jumps go to instruction numbers.
 * Registers are doubles: the cells of the state come first, and constants keep their initial values.
 */
export const opcodes = {
  end: 0,
  /** r[d] = r[a] */
  move: 1,
  /** r[d] = r[a] op r[b] */
  add: 2,
  sub: 3,
  mul: 4,
  div: 5,
  neg: 6,
  pow: 7,
  exp: 8,
  log: 9,
  sqrt: 10,
  abs: 11,
  min: 12,
  max: 13,
  floor: 14,
  ceil: 15,
  quotient: 16,
  remainder: 17,
  choose: 18,
  factorial: 19,
  less: 20,
  lessEqual: 21,
  equal: 22,
  not: 23,
  /** r[d] = r[a] − low of check b, which r[a] must lie in */
  check: 24,
  /** r[d] = r[b + r[a]] */
  load: 25,
  /** to d */
  jump: 26,
  /** to d if r[a] is 0, or is not */
  jumpIfZero: 27,
  jumpUnlessZero: 28,
  /** to d unless r[a] < r[b], … */
  jumpUnlessLess: 29,
  jumpUnlessLessEqual: 30,
  jumpUnlessEqual: 31,
  jumpIfEqual: 32,
  /** The rate has no terms. */
  clearTerms: 33,
  /** The rate is r[a] · φ[b]; to d if that is structurally zero. */
  oneTerm: 34,
  /** Adds r[a] · φ[d] to the rate. */
  term: 35,
  /** Adds r[a] · (member of family d for the values of its key registers). */
  family: 36,
  /** Sorts and merges the terms of the rate. */
  mergeTerms: 37,
  /** to d if the rate has no terms */
  jumpIfNoTerms: 38,
  /** Cell b + r[d] becomes r[a], or gets r[a] added; two changes of one cell that do not go together are an error. */
  assignAt: 39,
  addAt: 40,
  /**
   * A transition of event d to the state after the changes of list b; a = 1: it must be another state. List −1
   * stands for what assignAt and addAt did.
   */
  edge: 41,
  /** The same for an event that takes the probability that is left. */
  rest: 42,
  /** The state becomes what the changes of list b make of it. */
  become: 43,
  /** The state stops with cause d. */
  cause: 44,
  /** Fails with trap d. */
  trap: 45,
  /** As `check`, 0 for an r[a] outside. */
  softCheck: 46,
} as const;

/** Words of an instruction. */
export const instructionSize = 4;

/** What part of a model an instruction belongs to, for messages: from instruction `from` on. */
export interface Origin<Subject> {
  readonly from: number;
  readonly subject: Subject;
}

/** A family of features: registers that hold the values of its keys. */
export interface FamilyCall {
  readonly family: number;
  readonly keys: readonly number[];
}

/** One program: straight through from the first instruction to `end`, with jumps forward only. */
export interface Bytecode {
  /** Words: instructionSize for each instruction. */
  readonly code: Int32Array;
  /** Initial registers. Registers before `cellCount` are the cells. */
  readonly registers: Float64Array;
  readonly cellCount: number;
  /** Ranges of `check`. */
  readonly checkLow: Float64Array;
  readonly checkHigh: Float64Array;
  /** Ranges of the cells. */
  readonly cellLow: Int32Array;
  readonly cellHigh: Int32Array;
  /** Change c: cell changes[3c] becomes r[changes[3c + 1]], or has it added if changes[3c + 2] is 1. */
  readonly changes: Int32Array;
  /** List l is the changes changeOffsets[l] .. changeOffsets[l + 1). */
  readonly changeOffsets: Int32Array;
  /** What d of `family` stands for. */
  readonly familyCalls: readonly FamilyCall[];
}
