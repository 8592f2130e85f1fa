// Comparisons of results with reference values.
import type { Value } from "@phxlang/autodiff";
import { NdArray } from "@phxlang/autodiff";
import { expect } from "vitest";

export function elementsOf(x: Value): number[] {
  if (!(x instanceof NdArray)) throw new Error("not a concrete array");
  return Array.from(x.elements);
}

/**
 * Relative to each entry; with a floor, relative to at least that share of the largest entry, and of `size`: what
 * is 0 by cancellation has no relative accuracy.
 */
export function expectNear(
  actual: Value,
  expected: number | readonly number[],
  tolerance: number,
  floor = 0,
  size = 0,
): void {
  const found = elementsOf(actual);
  const wanted = typeof expected === "number" ? [expected] : expected;
  expect(found.length).toBe(wanted.length);
  const least = floor * Math.max(size, ...wanted.map(Math.abs));
  for (const [i, want] of wanted.entries()) {
    const allowed = Math.max(tolerance * Math.max(Math.abs(want), least), 1e-300);
    if (found[i] === want || Math.abs(found[i] - want) <= allowed) continue;
    expect.fail(
      `entry ${i}: ${found[i]} instead of ${want}: ${Math.abs(found[i] - want) / allowed} allowances`,
    );
  }
}

/** "7/10" and "0.7" alike. */
export function fraction(text: string): number {
  const [numerator, denominator] = text.split("/");
  return Number(numerator) / Number(denominator ?? 1);
}
