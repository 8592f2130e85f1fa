// StepTable: exp(A h 2ʲ) for j = 0, 1, … by squaring, over jets, and derivatives back through the squarings.
import { special } from "@phxlang/autodiff";
import type { Parts } from "./matrix-jets.ts";
import { addMatrixProduct, largestEntry, noParts, scaleParts } from "./matrix-jets.ts";
import type { StepMatrix } from "./step-matrix.ts";
import { fillSeriesWeights, stepOf } from "./step-matrix.ts";

/** Entries · 2^exponent. */
export interface StepLevel {
  readonly parts: Parts;
  readonly exponent: number;
}

/**
 * Rows of a generator's exponential and what has left them sum to 1. Squaring alone doubles every relative error;
 * dividing rows by their sums wherever less than half has left keeps errors of different levels from adding up: what
 * remains of them grows with the logarithm of the value, as it must, and not with the number of steps.
 */
export class StepTable {
  readonly matrix: StepMatrix;
  readonly step: number;
  readonly levels: StepLevel[] = [];
  /** Horner's intermediate sums of level 0, the last (which is the level itself) first. */
  readonly #sums: Parts[] = [];
  #exits: Float64Array | null;

  /** `levelCount` ≥ 1 levels. */
  constructor(matrix: StepMatrix, levelCount: number) {
    this.matrix = matrix;
    this.step = stepOf(matrix);
    this.#exits = null;
    this.extend(levelCount);
  }

  /** Adds levels where fewer are there. */
  extend(levelCount: number): void {
    if (this.levels.length === 0) this.#appendFirst();
    while (this.levels.length < levelCount) this.#appendSquare();
  }

  /**
   * From derivatives in the levels (in the scale of their entries) to derivatives in the product of the matrix. With
   * another table on the left, those of the block between two matrices: left · block · right.
   */
  backward(bars: readonly Parts[], left: StepTable): Parts {
    const { size } = this.matrix;
    const leftSize = left.matrix.size;
    const shape = [leftSize, size, size] as const;
    const leftShape = [leftSize, leftSize, size] as const;
    let above: Parts | null = null;
    for (let j = bars.length - 1; j >= 0; j--) {
      const bar = bars[j];
      if (above !== null) {
        const own = this.levels[j];
        const bits = own.exponent - this.levels[j + 1].exponent;
        const ownScale = 2 ** (bits + own.exponent);
        const leftScale = 2 ** (bits + left.levels[j].exponent);
        addMatrixProduct(bar, { jet: above }, { jet: own.parts, transposed: true }, shape, ownScale);
        const factor = { jet: left.levels[j].parts, transposed: true };
        addMatrixProduct(bar, factor, { jet: above }, leftShape, leftScale);
      }
      above = bar;
    }
    return this.#backwardFirst(above ?? [], left);
  }

  #appendFirst(): void {
    const { product, size, exits, series } = this.matrix;
    const weights = new Float64Array(series.terms);
    fillSeriesWeights(this.matrix, this.step, weights, 0);
    let sum = this.#scaledIdentity(weights[series.terms - 1]);
    this.#sums.unshift(sum);
    for (let j = series.terms - 2; j >= 0; j--) {
      const next = this.#scaledIdentity(weights[j]);
      addMatrixProduct(next, { jet: product }, { jet: sum }, [size, size, size], 1);
      sum = next;
      this.#sums.unshift(sum);
    }
    if (exits !== null) this.#exits = exitsWithin(product[0], exits, weights);
    this.#append(sum, 0);
  }

  #scaledIdentity(factor: number): Parts {
    const parts = noParts(this.matrix.product.length);
    const base = new Float64Array(this.matrix.size ** 2);
    for (let i = 0; i < base.length; i += this.matrix.size + 1) base[i] = factor;
    parts[0] = base;
    return parts;
  }

  #appendSquare(): void {
    const { size } = this.matrix;
    const { parts, exponent } = this.levels[this.levels.length - 1];
    const square = noParts(parts.length);
    addMatrixProduct(square, { jet: parts }, { jet: parts }, [size, size, size], 1);
    if (this.#exits !== null) this.#exits = exitsOfSquare(parts[0], this.#exits, 2 ** exponent);
    this.#append(square, 2 * exponent);
  }

  #append(parts: Parts, exponent: number): void {
    if (this.#exits !== null) normalizeRows(parts[0], this.#exits, 2 ** exponent);
    const largest = largestEntry(parts);
    let moved = exponent;
    if (largest > 0 && largest < Infinity && Math.abs(special.log2(largest)) > 100) {
      const bits = Math.round(special.log2(largest));
      scaleParts(parts, 2 ** -bits);
      moved += bits;
    }
    this.levels.push({ parts, exponent: moved });
  }

  #backwardFirst(bar: Parts, left: StepTable): Parts {
    const { size } = this.matrix;
    const leftSize = left.matrix.size;
    const shape = [leftSize, size, size] as const;
    const leftShape = [leftSize, leftSize, size] as const;
    const result = noParts(bar.length);
    let sumBar = bar;
    for (let j = 1; j < this.#sums.length; j++) {
      // sums[j − 1] = identity · weight + product · sums[j]
      addMatrixProduct(result, { jet: sumBar }, { jet: this.#sums[j], transposed: true }, shape, 1);
      const next = noParts(bar.length);
      addMatrixProduct(next, { jet: left.matrix.product, transposed: true }, { jet: sumBar }, leftShape, 1);
      sumBar = next;
    }
    return result;
  }
}

/** Probability of having left within a step: Σ_j weights_j (1 − row sums of Pʲ), from positive terms. */
function exitsWithin(product: Float64Array | null, exits: Float64Array, weights: Float64Array): Float64Array {
  const result = new Float64Array(exits.length);
  if (product === null) return result;
  let left = new Float64Array(exits.length);
  for (let j = 1; j < weights.length; j++) {
    const next = exits.slice();
    addApplied(product, left, 1, next);
    left = next;
    for (let i = 0; i < result.length; i++) result[i] += weights[j] * left[i];
  }
  return result;
}

function exitsOfSquare(base: Float64Array | null, exits: Float64Array, scale: number): Float64Array {
  const result = exits.slice();
  if (base !== null) addApplied(base, exits, scale, result);
  return result;
}

/** result += scale · matrix x */
function addApplied(matrix: Float64Array, x: Float64Array, scale: number, result: Float64Array): void {
  const size = x.length;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += matrix[i * size + k] * x[k];
    result[i] += scale * sum;
  }
}

function normalizeRows(base: Float64Array | null, exits: Float64Array, scale: number): void {
  if (base === null) return;
  const size = exits.length;
  for (let i = 0; i < size; i++) {
    if (exits[i] > 0.5) continue;
    // Compensated: an error here would be the error of the table.
    let sum = 0;
    let lost = 0;
    for (let k = i * size; k < (i + 1) * size; k++) {
      const next = sum + base[k];
      lost += sum >= base[k] ? sum - next + base[k] : base[k] - next + sum;
      sum = next;
    }
    const factor = (1 - exits[i]) / (scale * (sum + lost));
    for (let k = i * size; k < (i + 1) * size; k++) base[k] *= factor;
  }
}
