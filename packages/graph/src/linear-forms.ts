// Sparse rows over rate features: every θ-dependent quantity of a graph is one of these.
import { Float64List, Int32List } from "./growing-list.ts";

/**
 * Row r stands for the number sum over j in [offsets[r], offsets[r + 1]) of coefficients[j] * φ[features[j]],
 * where φ(z) is the feature vector of the graph. Features of a row are distinct and ascending; no coefficient
 * is zero. Feature 0 is the constant 1.
 */
export interface LinearForms {
  readonly rowCount: number;
  /** Length rowCount + 1. */
  readonly offsets: Int32Array;
  readonly features: Int32Array;
  readonly coefficients: Float64Array;
}

/**
 * Builds LinearForms row by row: `add` the terms of a row in any order, then `endRow`. Terms of one feature are
 * added up; a sum of zero leaves no term.
 */
export class LinearFormsBuilder {
  private readonly offsets: Int32List;
  private readonly features: Int32List;
  private readonly coefficients: Float64List;
  private rowStart = 0;
  private ascending = true;

  /** `capacity`: rows expected, with about one term each. */
  constructor(capacity = 16) {
    this.offsets = new Int32List(capacity + 1);
    this.features = new Int32List(capacity);
    this.coefficients = new Float64List(capacity);
    this.offsets.push(0);
  }

  get rowCount(): number {
    return this.offsets.length - 1;
  }

  /** Terms of the open row so far (before merging). */
  get openTermCount(): number {
    return this.features.length - this.rowStart;
  }

  add(feature: number, coefficient: number): void {
    if (coefficient === 0) return;
    const { features } = this;
    if (features.length > this.rowStart && features.items[features.length - 1] >= feature)
      this.ascending = false;
    features.push(feature);
    this.coefficients.push(coefficient);
  }

  /** Adds terms [from, to) of two columns. */
  addTerms(features: ArrayLike<number>, coefficients: ArrayLike<number>, from: number, to: number): void {
    for (let j = from; j < to; j++) this.add(features[j], coefficients[j]);
  }

  /** Closes the row and returns its number of terms after merging. */
  endRow(): number {
    if (!this.ascending) this.mergeOpenRow();
    this.ascending = true;
    const count = this.features.length - this.rowStart;
    this.rowStart = this.features.length;
    this.offsets.push(this.rowStart);
    return count;
  }

  toForms(): LinearForms {
    return {
      rowCount: this.rowCount,
      offsets: this.offsets.toArray(),
      features: this.features.toArray(),
      coefficients: this.coefficients.toArray(),
    };
  }

  private mergeOpenRow(): void {
    const end = mergeTerms(this.features.items, this.coefficients.items, this.rowStart, this.features.length);
    this.features.length = end;
    this.coefficients.length = end;
  }
}

/**
 * Sorts terms [start, end) by feature, adds up equal features and drops zeros, in place; returns the new end.
 * Coefficients of one feature are added in ascending order, so the result does not depend on the order given.
 */
export function mergeTerms(
  features: Int32Array,
  coefficients: Float64Array,
  start: number,
  end: number,
): number {
  sortTerms(features, coefficients, start, end);
  let kept = start;
  for (let j = start; j < end;) {
    const feature = features[j];
    let sum = 0;
    for (; j < end && features[j] === feature; j++) sum += coefficients[j];
    if (sum === 0) continue;
    features[kept] = feature;
    coefficients[kept++] = sum;
  }
  return kept;
}

function sortTerms(features: Int32Array, coefficients: Float64Array, start: number, end: number): void {
  if (end - start > insertionLimit) return sortManyTerms(features, coefficients, start, end);
  for (let j = start + 1; j < end; j++) {
    const feature = features[j];
    const coefficient = coefficients[j];
    let k = j - 1;
    while (
      k >= start &&
      (features[k] > feature || (features[k] === feature && coefficients[k] > coefficient))
    ) {
      features[k + 1] = features[k];
      coefficients[k + 1] = coefficients[k];
      k--;
    }
    features[k + 1] = feature;
    coefficients[k + 1] = coefficient;
  }
}

/** Rows this short are sorted in place by insertion; longer ones would take quadratic time. */
const insertionLimit = 48;

function sortManyTerms(features: Int32Array, coefficients: Float64Array, start: number, end: number): void {
  const oldFeatures = features.slice(start, end);
  const oldCoefficients = coefficients.slice(start, end);
  const order = Uint32Array.from(oldFeatures, (_, j) => j);
  order.sort((a, b) => oldFeatures[a] - oldFeatures[b] || oldCoefficients[a] - oldCoefficients[b]);
  for (let j = 0; j < order.length; j++) {
    features[start + j] = oldFeatures[order[j]];
    coefficients[start + j] = oldCoefficients[order[j]];
  }
}

/** Rows from lists of [feature, coefficient] pairs: for tests and small tables. */
export function linearFormsOf(rows: readonly (readonly (readonly [number, number])[])[]): LinearForms {
  const builder = new LinearFormsBuilder();
  for (const row of rows) {
    for (const [feature, coefficient] of row) builder.add(feature, coefficient);
    builder.endRow();
  }
  return builder.toForms();
}
