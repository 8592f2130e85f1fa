// RestMoves: finds for each state what `@ rest` stands for, once all its other moves are known.
import type { MoveSink } from "@phxlang/graph";
import { LaneMoves } from "./lane-changes.ts";
import { LaneTerms } from "./lane-terms.ts";
import type { RuleSink } from "./machine.ts";

/** The move of a lane that takes the rest. */
interface Rest {
  readonly event: number;
  readonly cells: Int32Array;
  readonly deltas: Int32Array;
}

/** Hands moves on as they come and adds up their probabilities, term by term, for each lane. */
export class RestMoves implements RuleSink {
  readonly #width: number;
  readonly #sink: MoveSink;
  readonly #onSecondRest: (lane: number, first: number, second: number) => never;
  readonly #features: number[][];
  readonly #coefficients: number[][];
  readonly #rests: (Rest | undefined)[];

  /** The function is told the lane and the events of both when a state has two rests. */
  constructor(
    width: number,
    sink: MoveSink,
    onSecondRest: (lane: number, first: number, second: number) => never,
  ) {
    this.#width = width;
    this.#sink = sink;
    this.#onSecondRest = onSecondRest;
    this.#features = Array.from({ length: width }, () => []);
    this.#coefficients = Array.from({ length: width }, () => []);
    this.#rests = Array.from({ length: width }, () => undefined);
  }

  move(moves: LaneMoves): void {
    const { lanes, count, feature, coefficients, terms } = moves;
    for (let k = 0; k < count; k++) {
      const lane = lanes[k];
      if (feature >= 0) {
        this.#features[lane].push(feature);
        this.#coefficients[lane].push(coefficients[lane]);
        continue;
      }
      const from = lane * terms.capacity;
      for (let j = from; j < from + terms.counts[lane]; j++) {
        this.#features[lane].push(terms.features[j]);
        this.#coefficients[lane].push(terms.coefficients[j]);
      }
    }
    this.#sink.move(moves);
  }

  rest({ event, lanes, count, cells, cellCount, deltas }: LaneMoves): void {
    for (let k = 0; k < count; k++) {
      const lane = lanes[k];
      const first = this.#rests[lane];
      if (first !== undefined) this.#onSecondRest(lane, first.event, event);
      this.#rests[lane] = {
        event,
        cells: cells.slice(0, cellCount),
        deltas: Int32Array.from({ length: cellCount }, (_, j) => deltas[j * this.#width + lane]),
      };
    }
  }

  /** Hands on the rest of every lane that has one; none where the others leave nothing. */
  flush(): void {
    const moves = new LaneMoves(this.#width, new LaneTerms(this.#width));
    moves.count = 1;
    for (let lane = 0; lane < this.#width; lane++) {
      const rest = this.#rests[lane];
      if (rest === undefined) continue;
      const remainder = this.#remainder(lane);
      if (remainder.length === 0) continue;
      moves.event = rest.event;
      moves.lanes = Int32Array.of(lane);
      moves.cells = rest.cells;
      moves.cellCount = rest.cells.length;
      moves.deltas = new Int32Array(this.#width * rest.cells.length);
      rest.deltas.forEach((delta, j) => {
        moves.deltas[j * this.#width + lane] = delta;
      });
      moves.terms.counts[lane] = 0;
      for (const [feature, coefficient] of remainder) moves.terms.push(lane, feature, coefficient);
      this.#sink.move(moves);
    }
  }

  /** 1 − the sum of all terms, by feature. What is left by rounding alone is nothing. */
  #remainder(lane: number): readonly (readonly [number, number])[] {
    const sums = new Map<number, { sum: number; size: number }>([[0, { sum: 1, size: 1 }]]);
    for (const [i, feature] of this.#features[lane].entries()) {
      const coefficient = this.#coefficients[lane][i];
      const total = sums.get(feature) ?? { sum: 0, size: 0 };
      total.sum -= coefficient;
      total.size += Math.abs(coefficient);
      sums.set(feature, total);
    }
    const left = [...sums].filter(([, { sum, size }]) => Math.abs(sum) > 8 * Number.EPSILON * size);
    return left.sort(([a], [b]) => a - b).map(([feature, { sum }]) => [feature, sum]);
  }
}
