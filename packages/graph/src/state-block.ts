// StateBlock: some states of a table side by side, as rules work on them.
import type { NumberedStates, PackedStates } from "./packed-states.ts";

export class StateBlock implements NumberedStates {
  readonly width: number;
  count = 0;
  readonly numbers: Int32Array;
  readonly cells: Float64Array;
  boxes: Int32Array = noBoxes;
  private readonly states: PackedStates;

  constructor(states: PackedStates, width: number) {
    this.width = width;
    this.states = states;
    this.numbers = new Int32Array(width);
    this.cells = new Float64Array(width * states.cells.length);
  }

  /** Holds the first `count` of these states, at most `width`. */
  load(numbers: Int32Array, count: number): void {
    this.count = count;
    this.boxes = noBoxes;
    for (let lane = 0; lane < count; lane++) this.numbers[lane] = numbers[lane];
    this.states.readColumns(this.numbers, count, this.width, this.cells);
  }
}

const noBoxes = new Int32Array(0);
