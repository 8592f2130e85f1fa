// Line search for the strong Wolfe conditions.
import type { Evaluation } from "../log-density.ts";

/** A point of the line: step length, value of the function that is minimised, slope along the line. */
interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
  readonly point: Float64Array;
  readonly evaluation: Evaluation;
}

export interface LineSearchResult {
  readonly step: number;
  readonly point: Float64Array;
  readonly evaluation: Evaluation;
  readonly evaluations: number;
}

const sufficientDecrease = 1e-4;
const curvature = 0.9;
const evaluationLimit = 40;

/**
 * Finds a step that satisfies the strong Wolfe conditions for a minimisation from `start` along a descent direction
 * (Nocedal & Wright 2006, algorithms 3.5 and 3.6, with cubic interpolation), or null when there is none to be found
 * within rounding. A step that is still going down at `longestStep` is taken as it is.
 */
export function searchLine(
  minimised: (point: Float64Array) => Evaluation,
  start: Float64Array,
  initial: Evaluation,
  direction: Float64Array,
  firstStep: number,
  longestStep: number,
): LineSearchResult | null {
  let evaluations = 0;
  const evaluate = (step: number): LinePoint => {
    evaluations++;
    const point = start.map((x, i) => x + step * direction[i]);
    const evaluation = minimised(point);
    const value = Number.isFinite(evaluation.value) ? evaluation.value : Infinity;
    const slope = value === Infinity ? Infinity : dot(evaluation.gradient, direction);
    return { step, value, slope, point, evaluation };
  };
  const origin: LinePoint = {
    step: 0,
    value: initial.value,
    slope: dot(initial.gradient, direction),
    point: start,
    evaluation: initial,
  };
  const mayEvaluate = (): boolean => evaluations < evaluationLimit;
  const isLowEnough = (p: LinePoint): boolean =>
    p.value <= origin.value + sufficientDecrease * p.step * origin.slope;
  const isFlatEnough = (p: LinePoint): boolean => Math.abs(p.slope) <= -curvature * origin.slope;
  const finish = (p: LinePoint): LineSearchResult => ({
    step: p.step,
    point: p.point,
    evaluation: p.evaluation,
    evaluations,
  });

  let previous = origin;
  let step = Math.min(firstStep, longestStep);
  while (mayEvaluate()) {
    const current = evaluate(step);
    if (!isLowEnough(current) || (previous !== origin && current.value >= previous.value)) {
      return zoom(previous, current);
    }
    if (isFlatEnough(current) || (step === longestStep && current.slope < 0)) return finish(current);
    if (current.slope >= 0) return zoom(current, previous);
    previous = current;
    step = Math.min(2 * step, longestStep);
  }
  return null;

  /** Between `low` (the better end) and `high` lies an acceptable step. */
  function zoom(low: LinePoint, high: LinePoint): LineSearchResult | null {
    while (mayEvaluate()) {
      const width = Math.abs(high.step - low.step);
      if (width <= 1e-16 * Math.max(low.step, high.step)) break;
      const current = evaluate(interpolate(low, high));
      if (!isLowEnough(current) || current.value >= low.value) {
        high = current;
      } else {
        if (isFlatEnough(current)) return finish(current);
        if (current.slope * (high.step - low.step) >= 0) high = low;
        low = current;
      }
    }
    // Near the optimum the value is flat within rounding: any decrease is progress.
    return low.step > 0 && low.value <= origin.value ? finish(low) : null;
  }
}

/** Minimiser of the cubic through both ends, kept away from them; the middle where there is no such cubic. */
function interpolate(a: LinePoint, b: LinePoint): number {
  const width = b.step - a.step;
  const middle = a.step + width / 2;
  if (!Number.isFinite(b.value) || !Number.isFinite(b.slope)) return a.step + width / 10;
  const secant = (3 * (a.value - b.value)) / width + a.slope + b.slope;
  const discriminant = secant * secant - a.slope * b.slope;
  if (!(discriminant >= 0)) return middle;
  const root = Math.sign(width) * Math.sqrt(discriminant);
  const step = b.step - (width * (b.slope + root - secant)) / (b.slope - a.slope + 2 * root);
  const low = Math.min(a.step, b.step) + 0.05 * Math.abs(width);
  const high = Math.max(a.step, b.step) - 0.05 * Math.abs(width);
  return step >= low && step <= high ? step : middle;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
