// np's statistics beyond means: quantiles, covariances, interpolation and integration of sampled functions.
import type { ArrayLike } from "../as-value.ts";
import { range } from "../primitives/layout.ts";
import { moveAxis, reshape } from "../primitives/structural.ts";
import type { Value } from "../trace.ts";
import { normalizeAxis } from "./axes.ts";
import { matmul } from "./contraction.ts";
import { add, clip, div, floor, isclose, minimum, mul, sub, where } from "./elementwise.ts";
import { searchsorted, sort, take } from "./indexing.ts";
import { floatOf, promoteFloat } from "./promote.ts";
import { all, mean, sum } from "./reductions.ts";
import { transpose } from "./shaping.ts";

/** Whether all entries are close, as isclose says: a bool scalar. */
export function allclose(x: ArrayLike, y: ArrayLike, rtol = 1e-5, atol = 1e-8): Value {
  return all(isclose(x, y, rtol, atol));
}

/**
 * Quantiles q in [0, 1] along an axis (the flattened array without one), linear between neighbours. The axes of q come
 * first. Differentiable in x: the weights of the two neighbours.
 */
export function quantile(x: ArrayLike, q: ArrayLike, axis?: number): Value {
  const [given, probability] = promoteFloat([x, q]);
  const flat = axis === undefined ? reshape(given, [given.size]) : given;
  const at = axis === undefined ? 0 : normalizeAxis(axis, flat.shape.length);
  const sorted = moveAxis(sort(flat, at), at, 0);
  const last = sorted.shape[0] - 1;
  const place = mul(probability, last);
  const below = clip(floor(place), 0, last);
  const lower = take(sorted, below.astype("i32"), 0);
  const upper = take(sorted, minimum(add(below, 1), last).astype("i32"), 0);
  const weight = sub(place, below);
  const aligned = reshape(weight, [...weight.shape, ...range(sorted.shape.length - 1).map(() => 1)]);
  return add(mul(lower, sub(1, aligned)), mul(upper, aligned));
}

/** The quantile ½. */
export function median(x: ArrayLike, axis?: number): Value {
  return quantile(x, 0.5, axis);
}

/** The covariance matrix [k, k] of variables in rows [k, n], divided by n − ddof (default 1). */
export function cov(x: ArrayLike, ddof = 1): Value {
  const given = floatOf(x);
  const value = given.shape.length === 1 ? reshape(given, [1, given.shape[0]]) : given;
  const centered = sub(value, mean(value, { axis: 1, keepdims: true }));
  const matrix = div(matmul(centered, transpose(centered)), value.shape[1] - ddof);
  return given.shape.length === 1 ? reshape(matrix, []) : matrix;
}

/** The piecewise linear function through (xs, ys), xs ascending, at x; constant beyond the ends. */
export function interp(x: ArrayLike, xs: ArrayLike, ys: ArrayLike): Value {
  const [at, knots, values] = promoteFloat([x, xs, ys]);
  const last = knots.shape[0] - 1;
  const right = clip(searchsorted(knots, at, "right"), 1, last);
  const left = sub(right, 1);
  const [x0, x1] = [take(knots, left, 0), take(knots, right, 0)];
  const [y0, y1] = [take(values, left, 0), take(values, right, 0)];
  // Knots may coincide: the step between them is taken at the right one.
  const width = sub(x1, x0);
  const safe = where(width.equal(0), 1, width);
  const inside = add(y0, mul(sub(y1, y0), div(sub(at, x0), safe)));
  const below = at.less(take(knots, 0, 0));
  const above = at.greater(take(knots, last, 0));
  return where(below, take(values, 0, 0), where(above, take(values, last, 0), inside));
}

/** The integral of samples y along an axis (default the last) by trapezoids: at places x, or dx apart. */
export function trapezoid(y: ArrayLike, x?: ArrayLike, dx = 1, axis = -1): Value {
  const value = floatOf(y);
  const at = normalizeAxis(axis, value.shape.length);
  const last = moveAxis(value, at, value.shape.length - 1);
  const n = last.shape[last.shape.length - 1];
  const places = range(Math.max(0, n - 1));
  const heads = take(last, Int32Array.from(places), last.shape.length - 1);
  const tails = take(
    last,
    Int32Array.from(places, (i) => i + 1),
    last.shape.length - 1,
  );
  const widths = x === undefined ? dx : widthsOf(floatOf(x), places);
  return sum(mul(mul(0.5, add(heads, tails)), widths), -1);
}

function widthsOf(x: Value, places: readonly number[]): Value {
  return sub(
    take(
      x,
      Int32Array.from(places, (i) => i + 1),
      -1,
    ),
    take(x, Int32Array.from(places), -1),
  );
}
