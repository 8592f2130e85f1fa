// StepWalk: exp(A t) start for many times, through the binary digits of their numbers of steps, and the way back.
import { special } from "@phxlang/autodiff";
import type { Jet } from "../../jets/subsets.ts";
import type { Parts } from "./matrix-jets.ts";
import { addMatrixProduct, noParts } from "./matrix-jets.ts";
import type { StepMatrix } from "./step-matrix.ts";
import { fillSeriesWeights, stepOf } from "./step-matrix.ts";
import type { StepTable } from "./step-table.ts";

/** One row of `size` numbers for each time; row n counts 2^exponents[n]. */
export interface TimeRows {
  readonly parts: Parts;
  readonly exponents: Float64Array;
}

/** The times that take a level, and their rows before they do. */
interface Stage {
  readonly rows: Int32Array;
  readonly before: TimeRows;
}

/** Number of levels that times need. */
export function levelCountOf(matrix: Pick<StepMatrix, "rate" | "series">, largestTime: number): number {
  const step = stepOf(matrix);
  let count = 1;
  while (2 ** count <= Math.floor(largestTime / step)) count++;
  return count;
}

export class StepWalk {
  /** exp(A t_n) start. */
  readonly ends: TimeRows;
  readonly #table: StepTable;
  readonly #stages: Stage[] = [];
  /** Pʲ start, row j. */
  readonly #powers: Parts;
  /** Row n: weights of the powers in what remains of time n after whole steps. */
  readonly #weights: Float64Array;
  readonly #count: number;

  /** The table must have `levelCountOf` levels for the largest time. */
  constructor(table: StepTable, start: Jet, times: Float64Array) {
    this.#table = table;
    const { size, product, series } = table.matrix;
    const count = times.length;
    this.#count = count;
    this.#powers = powersOf(product, start, size, series.terms);
    this.#weights = new Float64Array(count * series.terms);
    const wholes = new Float64Array(count);
    for (let n = 0; n < count; n++) {
      wholes[n] = Math.floor(times[n] / table.step);
      const rest = times[n] - wholes[n] * table.step;
      fillSeriesWeights(table.matrix, rest, this.#weights, n * series.terms);
    }
    const parts = noParts(start.length);
    addMatrixProduct(parts, { jet: [this.#weights] }, { jet: this.#powers }, [count, series.terms, size], 1);
    const exponents = new Float64Array(count);
    this.ends = { parts, exponents };
    for (let j = 0; j < table.levels.length; j++) {
      const rows = rowsWithDigit(wholes, j);
      const before = takeRows(this.ends, rows, size);
      this.#stages.push({ rows, before });
      if (rows.length === 0) continue;
      const level = table.levels[j];
      const after = noParts(start.length);
      const factor = { jet: level.parts, transposed: true };
      addMatrixProduct(after, { jet: before.parts }, factor, [rows.length, size, size], 1);
      putRows(this.ends, rows, after, level.exponent, size);
    }
  }

  /**
   * From cotangents of the ends to the derivative in the start; adds derivatives in the product of the matrix to
   * `productBar` if there is one. With another table they travel by that one: see StepTable.backward.
   */
  backward(cotangents: TimeRows, left: StepTable, productBar: Parts | null): Jet {
    const { size, series } = this.#table.matrix;
    const leftSize = left.matrix.size;
    const length = cotangents.parts.length;
    const bars: Parts[] = [];
    for (let j = this.#stages.length - 1; j >= 0; j--) {
      const { rows, before } = this.#stages[j];
      const bar = noParts(length);
      bars.unshift(bar);
      if (rows.length === 0) continue;
      const level = left.levels[j];
      const own = takeRows(cotangents, rows, leftSize);
      if (productBar !== null) {
        const scaled = own.parts.map((part) => part?.slice() ?? null);
        rows.forEach((_, i) => {
          const bits = own.exponents[i] + before.exponents[i] + this.#table.levels[j].exponent;
          scaleRow(scaled, i, leftSize, 2 ** bits);
        });
        const shape = [leftSize, rows.length, size] as const;
        addMatrixProduct(bar, { jet: scaled, transposed: true }, { jet: before.parts }, shape, 1);
      }
      const earlier = noParts(length);
      const square = [rows.length, leftSize, leftSize] as const;
      addMatrixProduct(earlier, { jet: own.parts }, { jet: level.parts }, square, 1);
      putRows(cotangents, rows, earlier, level.exponent, leftSize);
    }
    for (let n = 0; n < this.#count; n++) {
      scaleRow(cotangents.parts, n, leftSize, 2 ** cotangents.exponents[n]);
      cotangents.exponents[n] = 0;
    }
    const powerBars = noParts(length);
    const weights = { jet: [this.#weights], transposed: true };
    const shape = [series.terms, this.#count, leftSize] as const;
    addMatrixProduct(powerBars, weights, { jet: cotangents.parts }, shape, 1);
    if (productBar !== null) {
      const fromLevels = this.#table.backward(bars, left);
      for (const [a, part] of fromLevels.entries()) addTo(productBar, a, part);
    }
    return this.#descendPowers(powerBars, left, productBar);
  }

  /** Back through powers_{j+1} = P powers_j. */
  #descendPowers(powerBars: Parts, left: StepTable, productBar: Parts | null): Jet {
    const { size, series } = this.#table.matrix;
    const leftSize = left.matrix.size;
    let bar: Parts = rowOf(powerBars, series.terms - 1, leftSize);
    for (let j = series.terms - 2; j >= 0; j--) {
      if (productBar !== null) {
        const power = { jet: rowOf(this.#powers, j, size) };
        addMatrixProduct(productBar, { jet: bar }, power, [leftSize, 1, size], 1);
      }
      const earlier = rowOf(powerBars, j, leftSize).map((part) => part?.slice() ?? null);
      addMatrixProduct(earlier, { jet: bar }, { jet: left.matrix.product }, [1, leftSize, leftSize], 1);
      bar = earlier;
    }
    return bar;
  }
}

function powersOf(product: Jet, start: Jet, size: number, terms: number): Parts {
  const powers = noParts(start.length);
  let row: Parts = [...start];
  for (let j = 0; j < terms; j++) {
    for (const [a, part] of row.entries()) {
      if (part !== null) (powers[a] ??= new Float64Array(terms * size)).set(part, j * size);
    }
    const next = noParts(start.length);
    addMatrixProduct(next, { jet: row }, { jet: product, transposed: true }, [1, size, size], 1);
    row = next;
  }
  return powers;
}

function rowOf(rows: Jet, j: number, size: number): Parts {
  return rows.map((part) => part?.subarray(j * size, (j + 1) * size) ?? null);
}

/** Places n where digit j of the whole number wholes[n] is 1. */
function rowsWithDigit(wholes: Float64Array, j: number): Int32Array {
  const rows: number[] = [];
  for (let n = 0; n < wholes.length; n++) if (Math.floor(wholes[n] / 2 ** j) % 2 === 1) rows.push(n);
  return Int32Array.from(rows);
}

function takeRows({ parts, exponents }: TimeRows, rows: Int32Array, size: number): TimeRows {
  return {
    parts: parts.map((part) => {
      if (part === null) return null;
      const taken = new Float64Array(rows.length * size);
      rows.forEach((n, i) => taken.set(part.subarray(n * size, (n + 1) * size), i * size));
      return taken;
    }),
    exponents: Float64Array.from(rows, (n) => exponents[n]),
  };
}

/** Writes rows back, with their exponents raised and their entries brought near 1. */
function putRows(target: TimeRows, rows: Int32Array, from: Parts, raised: number, size: number): void {
  for (const [a, part] of from.entries()) {
    if (part === null) continue;
    const own = (target.parts[a] ??= new Float64Array(target.exponents.length * size));
    rows.forEach((n, i) => own.set(part.subarray(i * size, (i + 1) * size), n * size));
  }
  for (const n of rows) {
    target.exponents[n] += raised;
    const largest = largestOfRow(target.parts, n, size);
    if (!(largest > 0) || Math.abs(special.log2(largest)) < 100 || largest === Infinity) continue;
    const bits = Math.round(special.log2(largest));
    scaleRow(target.parts, n, size, 2 ** -bits);
    target.exponents[n] += bits;
  }
}

function largestOfRow(parts: Jet, n: number, size: number): number {
  let largest = 0;
  for (const [a, part] of parts.entries()) {
    if (part === null || (a > 0 && parts[0] !== null)) continue;
    for (let i = n * size; i < (n + 1) * size; i++) largest = Math.max(largest, Math.abs(part[i]));
  }
  return largest;
}

function scaleRow(parts: Jet, n: number, size: number, factor: number): void {
  for (const part of parts) {
    if (part !== null) for (let i = n * size; i < (n + 1) * size; i++) part[i] *= factor;
  }
}

function addTo(target: Parts, component: number, part: Float64Array | null): void {
  if (part === null) return;
  const own = target[component];
  if (own === null) target[component] = part.slice();
  else for (let i = 0; i < part.length; i++) own[i] += part[i];
}
