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
 * since exp(A s) of a generator does not increase the largest entry.
 */
export class ProjectedCurve {
  readonly space: KrylovSpace;
  /** T. */
  readonly matrix: StepMatrix;
  readonly table: StepTable;
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
    const witnesses = witnessTimes(times);
    const all = Float64Array.from([...witnesses, ...times]);
    const rows = trueRows(new StepWalk(this.table, [firstUnit(size, space.norm)], all), size);
    this.rows = rows.subarray(witnesses.length * size);
    const last = inverse.subarray((size - 1) * size);
    const residuals = Float64Array.from(all, (_, n) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += last[i] * rows[n * size + i];
      return space.residual * sum;
    });
    this.residuals = accumulated(all, residuals, space.shift).subarray(witnesses.length);
  }

  /** How far rounding in the squarings may reach, beside the values. */
  get rounding(): number {
    return 2 ** (this.table.levels.length - 53);
  }
}

/** The bracket of the bound at each time, from the residual there. */
function accumulated(times: Float64Array, residuals: Float64Array, shift: number): Float64Array {
  const result = new Float64Array(times.length);
  const order = Int32Array.from(times.keys()).sort((i, j) => times[i] - times[j]);
  const begin = Math.abs(residuals[order[0]]);
  let mass = 0;
  let before = order[0];
  for (const n of order) {
    const [low, high] = [Math.abs(residuals[before]), Math.abs(residuals[n])];
    mass +=
      (shift * (times[n] - times[before]) * (low + high)) / 2 + Math.abs(residuals[n] - residuals[before]);
    before = n;
    result[n] = mass + begin + high;
  }
  return result;
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
