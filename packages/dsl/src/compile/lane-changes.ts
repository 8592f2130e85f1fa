// LaneChanges: what an event makes of the states in the lanes, checked against the ranges of the cells.
import type { Moves } from "@phxlang/graph";
import type { Bytecode } from "./bytecode.ts";
import type { LaneTerms } from "./lane-terms.ts";

/** Moves of one event after the other: changes and terms are filled in while a program runs. */
export class LaneMoves implements Moves {
  event = -1;
  lanes: Int32Array = new Int32Array(0);
  count = 0;
  cells: Int32Array = new Int32Array(0);
  cellCount = 0;
  deltas: Int32Array = new Int32Array(0);
  feature = -1;
  readonly coefficients: Float64Array;
  readonly terms: LaneTerms;

  constructor(width: number, terms: LaneTerms) {
    this.coefficients = new Float64Array(width);
    this.terms = terms;
  }
}

/** Told what is wrong with the change of a cell. */
export interface ChangeFaults {
  range(lane: number, cell: number, value: number): never;
  conflict(lane: number, cell: number): never;
  selfLoop(lane: number): never;
}

/** Changes of the cells that a list names: the same ones in every lane. */
export class ListedChanges {
  readonly #program: Bytecode;
  readonly #width: number;
  /** Where register r is, and its mask, as ColumnOperation has them. */
  readonly #places: Int32Array;
  readonly #masks: Int32Array;
  /** Cells of each list. */
  readonly #cells: readonly Int32Array[];
  /** 1 for lists that move every state: they add a constant to a cell. */
  readonly #certain: Uint8Array;
  readonly #deltas: Int32Array;
  readonly #moved: Int32Array;

  constructor(program: Bytecode, width: number, places: Int32Array, masks: Int32Array) {
    const { changes, changeOffsets } = program;
    this.#program = program;
    this.#width = width;
    this.#places = places;
    this.#masks = masks;
    let longest = 0;
    this.#cells = Array.from({ length: changeOffsets.length - 1 }, (_, list) => {
      const length = changeOffsets[list + 1] - changeOffsets[list];
      longest = Math.max(longest, length);
      return Int32Array.from({ length }, (_, k) => changes[3 * (changeOffsets[list] + k)]);
    });
    this.#certain = Uint8Array.from(this.#cells, (cells, list) =>
      cells.some((_, k) => {
        const change = 3 * (changeOffsets[list] + k);
        const register = changes[change + 1];
        return changes[change + 2] === 1 && masks[register] === 0 && program.registers[register] !== 0;
      })
        ? 1
        : 0,
    );
    this.#deltas = new Int32Array(longest * width);
    this.#moved = new Int32Array(width);
  }

  /** Fills in the changes of a list for the lanes of the moves. */
  apply(list: number, values: Float64Array, moves: LaneMoves, faults: ChangeFaults): void {
    const { changes, changeOffsets, cellLow, cellHigh } = this.#program;
    const width = this.#width;
    const deltas = this.#deltas;
    const { lanes, count } = moves;
    const cells = this.#cells[list];
    moves.cells = cells;
    moves.cellCount = cells.length;
    moves.deltas = deltas;
    for (let j = 0; j < cells.length; j++) {
      const cell = cells[j];
      const change = 3 * (changeOffsets[list] + j);
      const place = this.#places[changes[change + 1]];
      const mask = this.#masks[changes[change + 1]];
      const low = cellLow[cell];
      const high = cellHigh[cell];
      const adds = changes[change + 2];
      for (let k = 0; k < count; k++) {
        const lane = lanes[k];
        const old = values[cell * width + lane];
        const given = values[place + (lane & mask)];
        const value = adds === 1 ? old + given : given;
        if (!(value >= low && value <= high)) faults.range(lane, cell, value);
        deltas[j * width + lane] = value - old;
      }
    }
  }

  /** Refuses moves that change nothing. */
  requireMoves(list: number, { lanes, count, cellCount }: LaneMoves, faults: ChangeFaults): void {
    if (this.#certain[list] === 1) return;
    const moved = this.#moved;
    const deltas = this.#deltas;
    for (let k = 0; k < count; k++) moved[k] = 0;
    for (let j = 0; j < cellCount; j++) {
      const column = j * this.#width;
      for (let k = 0; k < count; k++) moved[k] |= deltas[column + lanes[k]];
    }
    for (let k = 0; k < count; k++) if (moved[k] === 0) faults.selfLoop(lanes[k]);
  }
}

/**
 * Changes of cells that the state decides. Lane i has changed the cells touched[k * width + i], k < counts[i]; the new
 * value of cell c is next[c * width + i], and marks[c * width + i] tells whether it was set (1), added to (2) or
 * neither (0).
 */
export class FoundChanges {
  readonly #program: Bytecode;
  readonly #width: number;
  readonly #counts: Int32Array;
  readonly #touched: Int32Array;
  readonly #next: Float64Array;
  readonly #marks: Uint8Array;
  /** Of one lane: its cells, and at its place of each column how much they change. */
  readonly #cells: Int32Array;
  readonly #deltas: Int32Array;
  readonly #lane = new Int32Array(1);

  constructor(program: Bytecode, width: number) {
    const size = program.cellCount * width;
    this.#program = program;
    this.#width = width;
    this.#counts = new Int32Array(width);
    this.#touched = new Int32Array(size);
    this.#next = new Float64Array(size);
    this.#marks = new Uint8Array(size);
    this.#cells = new Int32Array(program.cellCount);
    this.#deltas = new Int32Array(size);
  }

  /** Forgets what a run that failed has left. */
  forget(): void {
    const width = this.#width;
    for (let lane = 0; lane < width; lane++) {
      for (let j = 0; j < this.#counts[lane]; j++) {
        this.#marks[this.#touched[j * width + lane] * width + lane] = 0;
      }
      this.#counts[lane] = 0;
    }
  }

  /** `cell` becomes the value, or has it added. */
  change(
    lane: number,
    cell: number,
    value: number,
    adds: boolean,
    values: Float64Array,
    faults: ChangeFaults,
  ): void {
    const at = cell * this.#width + lane;
    const mark = this.#marks[at];
    if (mark === 1 || (mark === 2 && !adds)) faults.conflict(lane, cell);
    if (mark === 0) {
      this.#touched[this.#counts[lane]++ * this.#width + lane] = cell;
      this.#next[at] = values[at];
    }
    this.#marks[at] = adds ? 2 : 1;
    this.#next[at] = adds ? this.#next[at] + value : value;
  }

  /** Hands over the moves one lane at a time, and forgets the changes. */
  moveEach(
    lanes: Int32Array,
    count: number,
    mayStay: boolean,
    values: Float64Array,
    moves: LaneMoves,
    faults: ChangeFaults,
    take: (moves: LaneMoves) => void,
  ): void {
    moves.lanes = this.#lane;
    moves.count = 1;
    moves.cells = this.#cells;
    moves.deltas = this.#deltas;
    for (let k = 0; k < count; k++) {
      const lane = lanes[k];
      moves.cellCount = this.#counts[lane];
      const moved = this.#finish(lane, values, faults);
      if (!moved && !mayStay) faults.selfLoop(lane);
      this.#lane[0] = lane;
      take(moves);
    }
  }

  /** Whether a cell of the lane changes. */
  #finish(lane: number, values: Float64Array, faults: ChangeFaults): boolean {
    const { cellLow, cellHigh } = this.#program;
    const width = this.#width;
    let moved = false;
    for (let j = 0; j < this.#counts[lane]; j++) {
      const cell = this.#touched[j * width + lane];
      const at = cell * width + lane;
      const value = this.#next[at];
      if (!(value >= cellLow[cell] && value <= cellHigh[cell])) faults.range(lane, cell, value);
      const delta = value - values[at];
      if (delta !== 0) moved = true;
      this.#cells[j] = cell;
      this.#deltas[j * width + lane] = delta;
      this.#marks[at] = 0;
    }
    this.#counts[lane] = 0;
    return moved;
  }
}
