// ProjectedCurve: exp(A t) start in a Krylov space, and a bound of what the space cannot see.
import type { StepMatrix } from "../dense/step-matrix.ts";
import { longSeries } from "../dense/step-matrix.ts";
import { StepTable } from "../dense/step-table.ts";
import { levelCountOf, StepWalk } from "../dense/step-walk.ts";
import type { KrylovSpace } from "./krylov-space.ts";
import { inverseOf } from "./small-inverse.ts";

/** Times besides those asked for at which the residual is looked at. */
const witnessCount = 24;

/**
 * exp(A t) start ≈ Vᵀ exp(T t) e₁ norm with T = γ I − H⁻¹. The residual of the differential equation is
 * φ(t) (γ I − A) next with φ(t) = h e_mᵀ H⁻¹ exp(T t) e₁ norm. Integrated against left exp(A (t − s)), by parts:
 *   |error of left exp(A t) start| ≤ c (γ ∫₀ᵗ |φ| + var₀ᵗ φ + |φ(0)| + |φ(t)|),  c = ‖left‖₁ ‖next‖_∞,
 * since exp(A s) of a generator does not increase the largest entry. (For a space of Aᵀ the norms change places.)
 */
export class ProjectedCurve {
  readonly space: KrylovSpace;
  /** T. */
  readonly matrix: StepMatrix;
  readonly table: StepTable;
  readonly walk: StepWalk;
  /** Row n: exp(T t_n) e₁ norm. */
  readonly rows: Float64Array;
  /** γ ∫ |φ| + var φ + |φ(0)| + |φ(t_n)| at each time. */
  readonly residuals: Float64Array;

  constructor(space: KrylovSpace, times: Float64Array) {
    const size = space.dimension;
    const inverse = inverseOf(space.hessenberg, size);
    this.space = space;
    this.matrix = projectedMatrix(space, inverse);
    this.table = new StepTable(this.matrix, levelsFor(this.matrix, times));
    const first = firstUnit(size, space.norm);
    this.walk = new StepWalk(this.table, [first], times);
    this.rows = trueRows(this.walk, size);
    const witnesses = witnessTimes(times);
    const between = trueRows(new StepWalk(this.table, [first], witnesses), size);
    const last = inverse.subarray((size - 1) * size);
    const sample = (time: number, rows: Float64Array, n: number, place: number): Sample => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += last[i] * rows[n * size + i];
      return { time, residual: space.residual * sum, place };
    };
    const samples = [
      ...Array.from(witnesses, (time, n) => sample(time, between, n, -1)),
      ...Array.from(times, (time, n) => sample(time, this.rows, n, n)),
    ];
    this.residuals = accumulated(samples, space.shift, times.length);
  }

  /** How far rounding in the squarings may reach, beside the values. */
  get rounding(): number {
    return 2 ** (this.table.levels.length - 53);
  }
}

export function firstUnit(size: number, length: number): Float64Array {
  const first = new Float64Array(size);
  first[0] = length;
  return first;
}

function projectedMatrix(space: KrylovSpace, inverse: Float64Array): StepMatrix {
  const size = space.dimension;
  const matrix = inverse.map((x, i) => (i % (size + 1) === 0 ? space.shift : 0) - x);
  return stepMatrix(matrix, size, 0);
}

/** A general matrix; `rate` is used where it is larger than the norms. */
export function stepMatrix(matrix: Float64Array, size: number, rate: number): StepMatrix {
  const rowSums = new Float64Array(size);
  const columnSums = new Float64Array(size);
  matrix.forEach((x, i) => {
    rowSums[Math.floor(i / size)] += Math.abs(x);
    columnSums[i % size] += Math.abs(x);
  });
  const norm = Math.min(Math.max(...rowSums), Math.max(...columnSums));
  const own = Math.max(rate, norm, Number.MIN_VALUE);
  return {
    size,
    product: [matrix.map((x) => x / own)],
    rate: own,
    shift: 0,
    exits: null,
    series: longSeries,
  };
}

export function levelsFor(matrix: StepMatrix, times: Float64Array): number {
  return levelCountOf(
    matrix,
    times.reduce((most, time) => Math.max(most, time), 0),
  );
}

/** 0, then geometric from far below the first time to the last. */
function witnessTimes(times: Float64Array): Float64Array {
  const positive = times.filter((time) => time > 0);
  const last = positive.reduce((most, time) => Math.max(most, time), 0);
  const first = positive.reduce((least, time) => Math.min(least, time), last) / 64;
  const witnesses = new Float64Array(witnessCount);
  for (let k = 1; k < witnessCount; k++) {
    witnesses[k] = Math.min(last, first * (last / first) ** ((k - 1) / (witnessCount - 2)));
  }
  return last > 0 ? witnesses : new Float64Array(1);
}

/** Row n: exp of the walk's matrix at time n, applied to its start. */
export function trueRows({ ends }: StepWalk, size: number): Float64Array {
  const rows = ends.parts[0] ?? new Float64Array(0);
  return rows.map((x, i) => x * 2 ** ends.exponents[Math.floor(i / size)]);
}

interface Sample {
  readonly time: number;
  readonly residual: number;
  /** Among the times asked for, or −1. */
  readonly place: number;
}

/** The bracket of the bound, by place of the times. */
function accumulated(samples: readonly Sample[], shift: number, count: number): Float64Array {
  const result = new Float64Array(count);
  const ordered = samples.toSorted((x, y) => x.time - y.time);
  let area = 0;
  let variation = 0;
  let before = ordered[0];
  const begin = Math.abs(before.residual);
  for (const sample of ordered) {
    const [low, high] = [Math.abs(before.residual), Math.abs(sample.residual)];
    area += ((sample.time - before.time) * (low + high)) / 2;
    variation += Math.abs(sample.residual - before.residual);
    before = sample;
    if (sample.place >= 0) result[sample.place] = shift * area + variation + begin + high;
  }
  return result;
}
