// Step-size adaptation by dual averaging (Hoffman & Gelman 2014, section 3.2).

const shrinkage = 0.05;
const delay = 10;
const decay = 0.75;

/**
 * Leapfrog steps beyond twice the shortest scale are unstable. Adaptation begins with bold steps, and one that long
 * lands where a model of waiting times may cost a million times as much to evaluate.
 */
const longest = 2;

/** Adapts the step size of a Hamiltonian sampler towards a mean acceptance statistic. */
export class DualAveraging {
  readonly #target: number;
  #anchor: number;
  #count = 0;
  #error = 0;
  #logAverage = 0;
  #log: number;

  constructor(stepSize: number, target: number) {
    this.#target = target;
    this.#anchor = Math.log(10 * stepSize);
    this.#log = Math.log(stepSize);
  }

  /** The step size to use next while adapting. */
  get stepSize(): number {
    return Math.min(longest, Math.exp(this.#log));
  }

  /** The step size to keep when adaptation ends. */
  get adapted(): number {
    return Math.min(longest, Math.exp(this.#logAverage));
  }

  update(acceptance: number): void {
    this.#count += 1;
    const share = 1 / (this.#count + delay);
    this.#error = (1 - share) * this.#error + share * (this.#target - acceptance);
    this.#log = this.#anchor - (Math.sqrt(this.#count) / shrinkage) * this.#error;
    const weight = this.#count ** -decay;
    this.#logAverage = weight * this.#log + (1 - weight) * this.#logAverage;
  }

  /** Starts over around a step size, after the metric changed. */
  restart(stepSize: number): void {
    this.#anchor = Math.log(10 * stepSize);
    this.#count = 0;
    this.#error = 0;
    this.#logAverage = 0;
    this.#log = Math.log(stepSize);
  }
}
