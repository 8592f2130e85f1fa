// A scalar function of a model's unconstrained parameters as a LogDensity, compiled for a device.
import type { Device, Value } from "@phxlang/autodiff";
import { array, hessian, makeJit, makePmap, PhxError, valueAndGrad, vmap } from "@phxlang/autodiff";
import { cpuDevice } from "@phxlang/runtime";
import { numbersOf, stacked } from "../concrete.ts";
import type { Evaluation, LogDensity } from "../log-density.ts";

/**
 * Errors that belong to a point, not to the problem: rates that are negative or not finite there, times of too many steps,
 * parameters that rounding has put on their bounds.
 */
const pointErrors: ReadonlySet<string> = new Set(["PHX702", "PHX703", "PHX805", "PHX901", "PHX902"]);

/**
 * Points are evaluated in groups of at most this many lanes, whatever their number: the program, and so every bit of
 * its results, does not depend on how many workers share the groups.
 */
const laneLimit = 8;

/**
 * `f` as a density. A search or a trajectory may try points so far out that the model cannot be evaluated there
 * (PHX805: too many steps; rates that overflow): they count as density 0, so the point is rejected and shows as a
 * divergence, and `refusals` counts them. Every other error ends the fit.
 */
export function modelDensity(
  dimension: number,
  f: (u: Value) => Value,
  device: Device = cpuDevice,
): LogDensity {
  const jit = makeJit(device);
  const refusals = new Map<string, number>();
  const gradients = new Program(dimension, device, valueAndGrad(f), refusals);
  const values = new Program(dimension, device, (u: Value) => [f(u)], refusals);
  const curvature = jit(hessian(f));
  const evaluationOf = (outputs: readonly Float64Array[] | null): Evaluation =>
    outputs === null
      ? { value: -Infinity, gradient: new Float64Array(dimension) }
      : { value: outputs[0][0], gradient: outputs[1] };
  return {
    dimension,
    refusals,
    evaluate: (point) => evaluationOf(gradients.at(point)),
    evaluateAll: (points) => gradients.atAll(points).map(evaluationOf),
    valuesOfAll: (points) =>
      Float64Array.from(values.atAll(points), (outputs) => (outputs === null ? -Infinity : outputs[0][0])),
    information: (point) => numbersOf(curvature(array(point))).map((x) => -x),
  };
}

/** A function of one point, for one point or for many; null where the model refuses the point. */
class Program {
  readonly #dimension: number;
  readonly #single: (u: Value) => readonly Value[];
  readonly #lanes: (u: Value) => readonly Value[];
  readonly #groups: ((u: Value) => readonly Value[]) | null;
  readonly #refusals: Map<string, number>;

  constructor(
    dimension: number,
    device: Device,
    f: (u: Value) => readonly Value[],
    refusals: Map<string, number>,
  ) {
    const jit = makeJit(device);
    const lanes = vmap(f);
    this.#dimension = dimension;
    this.#single = jit(f);
    this.#lanes = jit(lanes);
    this.#groups = device.compileMapped === undefined ? null : makePmap(device)(lanes);
    this.#refusals = refusals;
  }

  at(point: Float64Array): readonly Float64Array[] | null {
    try {
      if (!point.every(Number.isFinite)) throw notFinite();
      return this.#single(array(point)).map(numbersOf);
    } catch (error) {
      if (!isPointError(error)) throw error;
      this.#refusals.set(error.code, (this.#refusals.get(error.code) ?? 0) + 1);
      return null;
    }
  }

  atAll(points: readonly Float64Array[]): readonly (readonly Float64Array[] | null)[] {
    if (points.length === 0) return [];
    try {
      if (!points.every((point) => point.every(Number.isFinite))) throw notFinite();
      return this.#inGroups(points);
    } catch (error) {
      if (!isPointError(error)) throw error;
    }
    // One refused point stops its whole group: found one by one, it gives its place to a point that is not refused.
    const alone = points.map((point) => this.at(point));
    const spare = points.find((_, i) => alone[i] !== null);
    if (spare === undefined) return alone;
    const found = this.#inGroups(points.map((point, i) => (alone[i] === null ? spare : point)));
    return alone.map((outputs, i) => (outputs === null ? null : found[i]));
  }

  #inGroups(points: readonly Float64Array[]): readonly (readonly Float64Array[])[] {
    const size = Math.min(laneLimit, points.length);
    const groups = grouped(points, size);
    const dimension = this.#dimension;
    const results =
      this.#groups === null || groups.length === 1
        ? groups.flatMap((group) => perLane(this.#lanes(stacked(group, [size, dimension])), size))
        : perLane(
            this.#groups(stacked(groups.flat(), [groups.length, size, dimension])),
            groups.length * size,
          );
    return results.slice(0, points.length);
  }
}

/** Whether an error belongs to a point, so that another point may be tried. */
export function isPointError(error: unknown): error is PhxError {
  return error instanceof PhxError && pointErrors.has(error.code);
}

function notFinite(): PhxError {
  return new PhxError({ code: "PHX901", what: "a search left the range of numbers" });
}

/** Groups of equal size; the last one is filled up with its last point. */
function grouped(points: readonly Float64Array[], size: number): Float64Array[][] {
  const groups: Float64Array[][] = [];
  for (let first = 0; first < points.length; first += size) {
    groups.push(Array.from({ length: size }, (_, lane) => points[Math.min(first + lane, points.length - 1)]));
  }
  return groups;
}

/** Outputs with lanes as their first axes, taken apart. */
function perLane(outputs: readonly Value[], count: number): Float64Array[][] {
  const numbers = outputs.map(numbersOf);
  return Array.from({ length: count }, (_, lane) =>
    numbers.map((all) => {
      const size = all.length / count;
      return all.slice(lane * size, (lane + 1) * size);
    }),
  );
}
