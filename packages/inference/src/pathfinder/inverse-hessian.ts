// Inverse Hessians along the path of an optimizer, from its steps and the changes of the gradient.
import { dot } from "../optimize/line-search.ts";
import type { Iterate } from "../optimize/lbfgs.ts";

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly product: number;
}

/** Pairs that an estimate remembers, as in Stan. */
const history = 5;

/**
 * For every iterate of a minimisation after the first, an estimate of the inverse Hessian, row-major: BFGS updates by
 * the last few pairs of a diagonal that is updated along the way (Zhang, Carpenter, Gelman & Vehtari 2022, algorithms 3
 * and 4).
 */
export function inverseHessians(iterates: readonly Iterate[]): Float64Array[] {
  const dimension = iterates[0].point.length;
  let diagonal = new Float64Array(dimension).fill(1);
  let pairs: Pair[] = [];
  return iterates.slice(1).map(({ point, gradient }, l) => {
    const before = iterates[l];
    const step = point.map((x, i) => x - before.point[i]);
    const change = gradient.map((g, i) => g - before.gradient[i]);
    const product = dot(step, change);
    if (product > 1e-12 * dot(change, change)) {
      diagonal = updatedDiagonal(diagonal, { step, change, product });
      pairs = [...pairs, { step, change, product }].slice(-history);
    }
    return pairs.reduce(updated, diagonalMatrix(diagonal));
  });
}

function updatedDiagonal(diagonal: Float64Array, { step, change, product }: Pair): Float64Array<ArrayBuffer> {
  const a = diagonal.reduce((sum, d, i) => sum + change[i] * d * change[i], 0);
  const c = diagonal.reduce((sum, d, i) => sum + (step[i] * step[i]) / d, 0);
  return Float64Array.from(
    diagonal,
    (d, i) =>
      1 /
      (a / (product * d) +
        (change[i] * change[i]) / product -
        (a * step[i] * step[i]) / (product * c * d * d)),
  );
}

function diagonalMatrix(diagonal: Float64Array): Float64Array {
  const n = diagonal.length;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * (n + 1)] = diagonal[i];
  return matrix;
}

/** (I − s yᵀ/ρ) H (I − y sᵀ/ρ) + s sᵀ/ρ for ρ = sᵀy */
function updated(matrix: Float64Array, { step, change, product }: Pair): Float64Array {
  const n = step.length;
  const moved = change.map((_, i) => dot(matrix.subarray(i * n, (i + 1) * n), change));
  const scale = (1 + dot(change, moved) / product) / product;
  return matrix.map((value, at) => {
    const i = Math.floor(at / n);
    const j = at % n;
    return value + scale * step[i] * step[j] - (moved[i] * step[j] + step[i] * moved[j]) / product;
  });
}
