// Curves of a problem: Krylov spaces large enough for its times and its tolerance, kept for derivatives.
import { special } from "@phxlang/autodiff";
import type { DensityMethod } from "../accuracy.ts";
import { areEqual } from "../are-equal.ts";
import type { OperatorPattern } from "../../patterns/operator-pattern.ts";
import type { KrylovSpace } from "./krylov-space.ts";
import { krylovSpace } from "./krylov-space.ts";
import { eliminationOf } from "./pattern-elimination.ts";
import { ProjectedCurve } from "./projected-curve.ts";

/** Spaces are enlarged through these dimensions until they are large enough; the first one depends on the tolerance. */
const dimensions = [30, 40, 50, 60, 70, 80];

/** A gradient meets other vectors on the right than the values do: its error may be so much larger. */
const companionFactor = 10;

function dimensionsFor(tolerance: number): number[] {
  return dimensions.slice(tolerance >= 1e-7 ? 0 : tolerance >= 1e-10 ? 1 : 2);
}

/** Asked for by name, the tolerance is of the largest value; else of each. */
export function krylovUnit(method: DensityMethod): CurveRequest["relativeTo"] {
  return method === "krylov" ? "largest" : "each";
}

/** exp(A t) start (side "right") or exp(Aᵀ t) start (side "left") at times, met by `others` on the other side. */
export interface CurveRequest {
  readonly pattern: OperatorPattern;
  readonly slots: Float64Array;
  readonly side: "right" | "left";
  /** [rows] */
  readonly start: Float64Array;
  /** Row-major vectors of the other side. */
  readonly others: Float64Array;
  /** Row of `others` that each time belongs to. */
  readonly otherOfTime: Float64Array;
  readonly times: Float64Array;
  /** Errors beyond this much of each value, or of the largest, make the space larger. */
  readonly tolerance: number;
  readonly relativeTo: "each" | "largest";
  /** For a left side: the values that the right side gave, with their errors. */
  readonly companion: Pick<SpaceCurve, "values" | "errors"> | null;
}

export interface SpaceCurve {
  readonly curve: ProjectedCurve;
  /** Row-major vectors of the other side in the space, each of its dimension. */
  readonly projected: Float64Array;
  /** F_n. */
  readonly values: Float64Array;
  /**
   * Estimates of absolute errors. Of a right side: a bound of what the space cannot see, and rounding. Of a left side,
   * which starts with fast parts that it need not follow since they die out before they meet the right side: how far
   * its values are from those of the right side, with room.
   */
  readonly errors: Float64Array;
  /** The part of the errors that no larger space takes away. */
  readonly rounding: Float64Array;
}

interface KeptCurve {
  readonly request: CurveRequest;
  readonly curve: SpaceCurve;
}

/** The newest last: values and their derivatives ask for the same. */
const recent: KeptCurve[] = [];
const keptCount = 24;

export function spaceCurve(request: CurveRequest): SpaceCurve {
  const known = recent.find((kept) => isSame(kept.request, request));
  if (known !== undefined) return known.curve;
  const { pattern, slots, start, side, times } = request;
  const elimination = eliminationOf(pattern);
  const space = { elimination, slots, start, side, shift: shiftOf(times) };
  const curve = krylovSpace(space, dimensionsFor(request.tolerance), (found) => {
    const result = curveIn(request, found, elimination.traceRows);
    return { result, isEnough: isEnough(result, request) };
  });
  const copy = { ...request, slots: slots.slice(), start: start.slice(), others: request.others.slice() };
  recent.push({ request: { ...copy, times: times.slice() }, curve });
  if (recent.length > keptCount) recent.shift();
  return curve;
}

/**
 * Whether all times are served that a larger space could serve. A right side takes half of the tolerance: the other half
 * is for the left side that may come to it.
 */
function isEnough({ values, errors, rounding }: SpaceCurve, request: CurveRequest): boolean {
  const { companion, relativeTo } = request;
  const tolerance = companion === null ? request.tolerance / 2 : request.tolerance;
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  return errors.every((error, n) => {
    const wanted = tolerance * (relativeTo === "each" ? values[n] : largest);
    return error <= wanted || (relativeTo === "each" && rounding[n] > wanted);
  });
}

/**
 * About 10 / a typical time: the space then serves times from a thirtieth of it to many times as much. A power of 2, so
 * that a few times more or less ask for the same space.
 */
function shiftOf(times: Float64Array): number {
  const positive = times.filter((time) => time > 0).toSorted();
  return positive.length === 0 ? 1 : 2 ** Math.round(special.log2(10 / positive[positive.length >> 1]));
}

function curveIn(request: CurveRequest, space: KrylovSpace, traceRows: Int32Array): SpaceCurve {
  const { others, otherOfTime, times, start, companion } = request;
  const curve = new ProjectedCurve(space, times);
  const m = space.dimension;
  const rows = start.length;
  const count = others.length / rows;
  const projected = new Float64Array(count * m);
  const values = new Float64Array(times.length);
  const errors = new Float64Array(times.length);
  const rounding = new Float64Array(times.length);
  const magnitudes = new Float64Array(times.length);
  const nextSize = sizeOf(space.next, 0, rows);
  const sizes = Array.from({ length: count }, (_, k) => sizeOf(others, k * rows, rows));
  for (let k = 0; k < count; k++) {
    for (let r = 0; r < rows; r++) {
      const x = others[k * rows + r];
      if (x === 0) continue;
      const row = traceRows[r];
      for (let j = 0; j < m; j++) projected[k * m + j] += x * space.basis[j * rows + row];
    }
  }
  for (let n = 0; n < times.length; n++) {
    const k = otherOfTime[n];
    let magnitude = 0;
    for (let j = 0; j < m; j++) {
      const term = projected[k * m + j] * curve.rows[n * m + j];
      values[n] += term;
      magnitude += Math.abs(term);
    }
    const { sum, length } = sizes[k];
    const unseen =
      companion === null
        ? sum * nextSize.largest * curve.residuals[n]
        : companionFactor * Math.abs(values[n] - companion.values[n]) + companion.errors[n];
    rounding[n] = 2 ** -50 * space.norm * length;
    errors[n] = unseen;
    magnitudes[n] = magnitude;
  }
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  for (let n = 0; n < times.length; n++) {
    // Squarings round relative to what is left at their time.
    rounding[n] += curve.rounding * Math.min(magnitudes[n], largest);
    errors[n] = Number.isFinite(values[n]) ? errors[n] + rounding[n] : Infinity;
  }
  return { curve, projected, values, errors, rounding };
}

function sizeOf(
  vector: Float64Array,
  from: number,
  length: number,
): { readonly sum: number; readonly largest: number; readonly length: number } {
  let sum = 0;
  let largest = 0;
  let squares = 0;
  for (let i = from; i < from + length; i++) {
    const magnitude = Math.abs(vector[i]);
    sum += magnitude;
    largest = Math.max(largest, magnitude);
    squares += magnitude * magnitude;
  }
  return { sum, largest, length: Math.sqrt(squares) };
}

function isSameCompanion(own: CurveRequest["companion"], other: CurveRequest["companion"]): boolean {
  if (own === null || other === null) return own === other;
  return areEqual(own.values, other.values) && areEqual(own.errors, other.errors);
}

function isSame(own: CurveRequest, other: CurveRequest): boolean {
  return (
    own.pattern === other.pattern &&
    own.side === other.side &&
    isSameCompanion(own.companion, other.companion) &&
    own.tolerance === other.tolerance &&
    own.relativeTo === other.relativeTo &&
    areEqual(own.times, other.times) &&
    areEqual(own.slots, other.slots) &&
    areEqual(own.start, other.start) &&
    areEqual(own.others, other.others) &&
    areEqual(own.otherOfTime, other.otherOfTime)
  );
}
