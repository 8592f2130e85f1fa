// Laws that every primitive obeys, as assertions on a function of vectors.
import type { Value } from "@phxlang/autodiff";
import { jvp, NdArray, vjp, vmap } from "@phxlang/autodiff";
import { expect } from "vitest";

export type VectorFunction = (...inputs: Value[]) => Value;

export function vectorOf(numbers: ArrayLike<number>, shape?: readonly number[]): NdArray {
  return new NdArray(Float64Array.from(numbers), shape ?? [numbers.length], "f64");
}

export function numbers(x: unknown): number[] {
  if (!(x instanceof NdArray)) throw new Error("not a concrete array");
  return Array.from(x.elements);
}

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-300);
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    if (!(error <= tolerance * scale)) {
      expect.fail(
        `entry ${i}: ${actual[i]} is not ${expected[i]} (${error / scale} of the largest, allowed ${tolerance})`,
      );
    }
  }
}

function move(point: NdArray, direction: NdArray, step: number): NdArray {
  return new NdArray(
    (point.elements as Float64Array).map((x, i) => x + step * direction.elements[i]),
    point.shape,
    "f64",
  );
}

/** Tangents are Richardson-extrapolated central differences. */
export function checkJvp(f: VectorFunction, point: NdArray[], direction: NdArray[], tolerance: number): void {
  const difference = (step: number): number[] => {
    const ahead = numbers(f(...point.map((x, i) => move(x, direction[i], step))));
    const behind = numbers(f(...point.map((x, i) => move(x, direction[i], -step))));
    return ahead.map((x, i) => (x - behind[i]) / (2 * step));
  };
  const coarse = difference(2e-3);
  const fine = difference(1e-3);
  const expected = fine.map((x, i) => (4 * x - coarse[i]) / 3);
  const [, tangent] = jvp(f, point, direction);
  expectClose(numbers(tangent), expected, tolerance);
}

/** ⟨cotangent, ∂f·direction⟩ = ⟨∂fᵀ·cotangent, direction⟩ */
export function checkVjp(f: VectorFunction, point: NdArray[], direction: NdArray[], tolerance: number): void {
  const [result, tangent] = jvp(f, point, direction);
  const cotangent = vectorOf(
    numbers(result).map((_, i) => Math.cos(3 * i + 1)),
    (result as NdArray).shape,
  );
  const [, pullback] = vjp(f, ...point);
  const back = (pullback as (ct: Value) => Value[])(cotangent);
  const forward = numbers(tangent).reduce((sum, x, i) => sum + x * cotangent.elements[i], 0);
  const backward = back.reduce(
    (sum, x, i) => sum + numbers(x).reduce((inner, y, j) => inner + y * direction[i].elements[j], 0),
    0,
  );
  expectClose([backward], [forward], tolerance);
}

/** vmap is a loop, whichever of the inputs carry the batch. */
export function checkVmap(
  f: VectorFunction,
  point: NdArray[],
  direction: NdArray[],
  tolerance: number,
): void {
  const size = 3;
  for (let mask = 1; mask < 1 << point.length; mask = mask * 2 + 1) {
    const isBatched = (i: number): boolean => ((mask >> i) & 1) === 1;
    const item = (b: number): NdArray[] =>
      point.map((x, i) => (isBatched(i) ? move(x, direction[i], 0.1 * b) : x));
    const stacked = point.map((x, i) =>
      isBatched(i)
        ? vectorOf(Array.from({ length: size }, (_, b) => Array.from(item(b)[i].elements)).flat(), [
            size,
            ...x.shape,
          ])
        : x,
    );
    const inAxes = point.map((_, i) => (isBatched(i) ? 0 : null));
    const batched = vmap(f, { inAxes })(...stacked);
    const expected = Array.from({ length: size }, (_, b) => numbers(f(...item(b)))).flat();
    expectClose(numbers(batched), expected, tolerance);
  }
}

/** All of it, for f and for its directional derivative, and its gradient under vmap. */
export function checkAllRules(
  f: VectorFunction,
  point: NdArray[],
  direction: NdArray[],
  tolerance: { readonly difference: number; readonly exact: number },
): void {
  const inner = point.map((x, i) =>
    vectorOf(
      Array.from(x.elements, (_, j) => Math.sin(i + 2 * j + 1)),
      x.shape,
    ),
  );
  const derivative: VectorFunction = (...inputs) => jvp(f, inputs, inner)[1];
  const gradient: VectorFunction = (...inputs) => {
    const [result, pullback] = vjp(f, ...inputs);
    const ones = vectorOf(new Float64Array(result.size).fill(1), result.shape);
    return (pullback as (ct: Value) => Value[])(ones)[0];
  };
  for (const g of [f, derivative, gradient]) {
    checkJvp(g, point, direction, tolerance.difference);
    checkVjp(g, point, direction, tolerance.exact);
    checkVmap(g, point, direction, tolerance.exact);
  }
}
