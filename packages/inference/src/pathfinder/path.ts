// One path of Pathfinder: the best normal approximation along the way of an optimizer to a mode.
import type { Value } from "@phxlang/autodiff";
import type { LogDensity } from "../log-density.ts";
import { cholesky, logDiagonal, timesTriangle } from "../matrices/cholesky.ts";
import { minimize } from "../optimize/lbfgs.ts";
import { noStart } from "../posterior/starting-points.ts";
import { randomStream } from "../random-stream.ts";
import type { RandomStream } from "../random-stream.ts";
import { inverseHessians } from "./inverse-hessian.ts";

/** A normal distribution on unconstrained space. */
export interface NormalApproximation {
  readonly mean: Float64Array;
  /** Lower triangle L, row-major, with L Lᵀ the covariance. */
  readonly scale: Float64Array;
}

export interface Path {
  readonly approximation: NormalApproximation;
  /** Evidence lower bound of the approximation, by Monte Carlo. */
  readonly elbo: number;
  readonly draws: readonly ApproximateDraw[];
}

export interface ApproximateDraw {
  readonly point: Float64Array;
  /** Log density of the target, up to its constant. */
  readonly logDensity: number;
  /** Log density of the approximation, up to (2π)^(−d/2). */
  readonly logApproximation: number;
}

export interface PathOptions {
  /** Draws from the best approximation. */
  readonly draws: number;
  /** Draws by which approximations are compared; default 25. */
  readonly elboDraws?: number;
}

/** Starts are within this distance of the given centre in every unconstrained coordinate, as in Stan. */
const startRange = 2;
const startAttempts = 100;

/** Runs one path from a random start around `center`. PHX831 where no start of a hundred has a finite density. */
export function runPath(density: LogDensity, center: Float64Array, key: Value, options: PathOptions): Path {
  const { draws, elboDraws = 25 } = options;
  const stream = randomStream(key);
  const { iterates } = minimize(
    (point) => {
      const { value, gradient } = density.evaluate(point);
      return { value: -value, gradient: gradient.map((g) => -g) };
    },
    findStart(density, center, stream),
    { gradientTolerance: 1e-6 },
  );
  const matrices = inverseHessians(iterates);
  let best: Path | null = null;
  for (const [l, matrix] of matrices.entries()) {
    const { point, gradient } = iterates[l + 1];
    const scale = cholesky(matrix, density.dimension);
    if (!scale.every(Number.isFinite)) continue;
    const n = density.dimension;
    const mean = point.map((x, i) => {
      let sum = x;
      for (let j = 0; j < n; j++) sum -= matrix[i * n + j] * gradient[j];
      return sum;
    });
    const approximation = { mean, scale };
    const tried = drawFrom(approximation, elboDraws, density, stream);
    const elbo = tried.reduce((sum, draw) => sum + draw.logDensity - draw.logApproximation, 0) / elboDraws;
    if (best === null || elbo > best.elbo) best = { approximation, elbo, draws: tried };
  }
  if (best === null) throw noStart();
  return { ...best, draws: drawFrom(best.approximation, draws, density, stream) };
}

function findStart(density: LogDensity, center: Float64Array, stream: RandomStream): Float64Array {
  for (let attempt = 0; attempt < startAttempts; attempt++) {
    const start = center.map((x) => x + startRange * (2 * stream.uniform() - 1));
    const { value, gradient } = density.evaluate(start);
    // An optimizer cannot begin where the density is flat to the last bit.
    if (Number.isFinite(value) && gradient.every(Number.isFinite) && gradient.some((g) => g !== 0))
      return start;
  }
  throw noStart();
}

function drawFrom(
  { mean, scale }: NormalApproximation,
  count: number,
  density: LogDensity,
  stream: RandomStream,
): ApproximateDraw[] {
  const logScale = logDiagonal(scale, mean.length);
  const drawn = Array.from({ length: count }, () => {
    const z = mean.map(() => stream.normal());
    const moved = timesTriangle(scale, z);
    return {
      point: mean.map((x, i) => x + moved[i]),
      logApproximation: -0.5 * z.reduce((sum, x) => sum + x * x, 0) - logScale,
    };
  });
  const values = density.valuesOfAll(drawn.map(({ point }) => point));
  return drawn.map((draw, i) => ({ ...draw, logDensity: Number.isNaN(values[i]) ? -Infinity : values[i] }));
}
