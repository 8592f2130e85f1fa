// RestBuffer: holds the edges of one state until what `@ rest` stands for is known.
import type { TransitionSink } from "@phxlang/graph";
import { Float64List, Int32List } from "../terms/growing-list.ts";
import type { RestSink } from "./machine.ts";

/** Edge e goes to targets[e · cellCount …] with the terms termStarts[e] .. termStarts[e + 1). */
export class RestBuffer implements RestSink {
  readonly #events = new Int32List();
  readonly #targets = new Int32List();
  readonly #termStarts = new Int32List();
  readonly #features = new Int32List();
  readonly #coefficients = new Float64List();
  /** Number of the edge that takes the rest, or −1. */
  #rest = -1;
  readonly #onSecondRest: (first: number, second: number) => never;

  /** The function is told the events of both when a state has two rests. */
  constructor(onSecondRest: (first: number, second: number) => never) {
    this.#onSecondRest = onSecondRest;
  }

  clear(): void {
    for (const list of [this.#events, this.#targets, this.#termStarts, this.#features]) list.length = 0;
    this.#coefficients.length = 0;
    this.#termStarts.push(0);
    this.#rest = -1;
  }

  edge(
    event: number,
    target: Int32Array,
    termCount: number,
    features: Int32Array,
    coefficients: Float64Array,
  ): void {
    this.#events.push(event);
    for (const value of target) this.#targets.push(value);
    for (let i = 0; i < termCount; i++) {
      this.#features.push(features[i]);
      this.#coefficients.push(coefficients[i]);
    }
    this.#termStarts.push(this.#features.length);
  }

  rest(event: number, target: Int32Array): void {
    if (this.#rest >= 0) this.#onSecondRest(this.#events.items[this.#rest], event);
    this.#rest = this.#events.length;
    this.edge(event, target, 0, new Int32Array(), new Float64Array());
  }

  /** Hands the edges on, the rest in its place; no rest where the others leave nothing. */
  flush(sink: TransitionSink, cellCount: number): void {
    const remainder = this.#remainder();
    for (let e = 0; e < this.#events.length; e++) {
      const target = this.#targets.items.slice(e * cellCount, (e + 1) * cellCount);
      const from = this.#termStarts.items[e];
      const to = this.#termStarts.items[e + 1];
      if (e === this.#rest) {
        const features = Int32Array.from(remainder.keys());
        sink.edge(
          this.#events.items[e],
          target,
          features.length,
          features,
          Float64Array.from(remainder.values()),
        );
      } else {
        const features = this.#features.items.subarray(from, to);
        sink.edge(
          this.#events.items[e],
          target,
          to - from,
          features,
          this.#coefficients.items.subarray(from, to),
        );
      }
    }
  }

  /** 1 − the sum of all terms, by feature. What is left by rounding alone is nothing. */
  #remainder(): ReadonlyMap<number, number> {
    const sums = new Map<number, { sum: number; size: number }>([[0, { sum: 1, size: 1 }]]);
    for (let i = 0; i < this.#features.length; i++) {
      const feature = this.#features.items[i];
      const coefficient = this.#coefficients.items[i];
      const total = sums.get(feature) ?? { sum: 0, size: 0 };
      total.sum -= coefficient;
      total.size += Math.abs(coefficient);
      sums.set(feature, total);
    }
    const left = [...sums].filter(([, { sum, size }]) => Math.abs(sum) > 8 * Number.EPSILON * size);
    return new Map(left.sort(([a], [b]) => a - b).map(([feature, { sum }]) => [feature, sum]));
  }
}
