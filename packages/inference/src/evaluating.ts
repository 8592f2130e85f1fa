// Work that asks for evaluations of a density, so that several such works can share one batch.
import type { Evaluation, LogDensity } from "./log-density.ts";

/** Yields a point, receives what the density says there. */
export type Evaluating<T> = Generator<Float64Array, T, Evaluation>;

/** Carries out one work on its own. */
export function finishAlone<T>(density: LogDensity, work: Evaluating<T>): T {
  let next = work.next();
  while (next.done !== true) next = work.next(density.evaluate(next.value));
  return next.value;
}

/**
 * Works side by side: each `advance` answers the pending question of every unfinished work with one batch. The batch
 * keeps its size to the end, so that one compiled program serves; finished works fill it up with a question of another.
 */
export class SideBySide<T> {
  readonly #density: LogDensity;
  readonly #works: readonly Evaluating<T>[];
  readonly #pending: (Float64Array | null)[];
  readonly #results: (T | undefined)[];

  constructor(density: LogDensity, works: readonly Evaluating<T>[]) {
    this.#density = density;
    this.#works = works;
    this.#results = works.map(() => undefined);
    this.#pending = works.map((work, i) => this.#take(i, work.next()));
  }

  /** False once nothing is left to do. */
  advance(): boolean {
    const filler = this.#pending.find((point) => point !== null) ?? null;
    if (filler === null) return false;
    const evaluations = this.#density.evaluateAll(this.#pending.map((point) => point ?? filler));
    this.#works.forEach((work, i) => {
      if (this.#pending[i] !== null) this.#pending[i] = this.#take(i, work.next(evaluations[i]));
    });
    return true;
  }

  /** Results of the finished works, in order. */
  get results(): readonly (T | undefined)[] {
    return this.#results;
  }

  #take(i: number, step: IteratorResult<Float64Array, T>): Float64Array | null {
    if (step.done !== true) return step.value;
    this.#results[i] = step.value;
    return null;
  }
}
