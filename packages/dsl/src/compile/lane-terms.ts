// LaneTerms: the terms of a rate, a list for each lane.
import type { LaneTermLists } from "@phxlang/graph";

export class LaneTerms implements LaneTermLists {
  /** Longest list that fits. */
  capacity = 4;
  readonly counts: Int32Array;
  features: Int32Array;
  coefficients: Float64Array;

  constructor(width: number) {
    this.counts = new Int32Array(width);
    this.features = new Int32Array(width * this.capacity);
    this.coefficients = new Float64Array(width * this.capacity);
  }

  push(lane: number, feature: number, coefficient: number): void {
    if (this.counts[lane] === this.capacity) this.#grow();
    const at = lane * this.capacity + this.counts[lane]++;
    this.features[at] = feature;
    this.coefficients[at] = coefficient;
  }

  /** Sorts the list of a lane by feature, adds up equal ones, drops zeros. Rates have few terms. */
  merge(lane: number): void {
    const { features, coefficients } = this;
    const begin = lane * this.capacity;
    const end = begin + this.counts[lane];
    for (let j = begin + 1; j < end; j++) {
      const feature = features[j];
      const coefficient = coefficients[j];
      let k = j;
      for (; k > begin && features[k - 1] > feature; k--) {
        features[k] = features[k - 1];
        coefficients[k] = coefficients[k - 1];
      }
      features[k] = feature;
      coefficients[k] = coefficient;
    }
    let kept = begin;
    for (let j = begin; j < end;) {
      const feature = features[j];
      let sum = 0;
      for (; j < end && features[j] === feature; j++) sum += coefficients[j];
      if (sum === 0) continue;
      features[kept] = feature;
      coefficients[kept++] = sum;
    }
    this.counts[lane] = kept - begin;
  }

  #grow(): void {
    const { capacity, counts, features, coefficients } = this;
    this.capacity = 2 * capacity;
    this.features = new Int32Array(counts.length * this.capacity);
    this.coefficients = new Float64Array(counts.length * this.capacity);
    for (let lane = 0; lane < counts.length; lane++) {
      const from = lane * capacity;
      this.features.set(features.subarray(from, from + counts[lane]), lane * this.capacity);
      this.coefficients.set(coefficients.subarray(from, from + counts[lane]), lane * this.capacity);
    }
  }
}
