// Exact values as doubles, and what counts as equal.
import { fileURLToPath } from "node:url";
import { load, NdArray } from "phxlang";
import type { CompileOptions, Model } from "phxlang";
import { expect } from "vitest";

/** The double nearest to a fraction of whole numbers of any size, or to a decimal number. */
export function exactValue(text: string): number {
  const fraction = /^(-?\d+)\/(\d+)$/.exec(text);
  if (fraction === null) return Number(text);
  const digits = 40n;
  const scaled = (BigInt(fraction[1]) * 10n ** digits) / BigInt(fraction[2]);
  return Number(`${scaled}e-${digits}`);
}

export function example(name: string, options: CompileOptions = {}): Promise<Model> {
  return load(fileURLToPath(new URL(`../${name}.phx`, import.meta.url)), options);
}

/** Elements of a result, row-major. */
export function numbers(value: unknown): number[] {
  if (value instanceof NdArray) return Array.from(value.elements);
  throw new Error("not a concrete array");
}

/** Every entry within `tolerance`, relative to the expected one. */
export function expectClose(value: unknown, expected: number | readonly number[], tolerance = 1e-13): void {
  const found = typeof value === "number" ? [value] : numbers(value);
  const wanted = typeof expected === "number" ? [expected] : expected;
  expect(found.length).toBe(wanted.length);
  for (const [index, number] of wanted.entries()) {
    const error = Math.abs(found[index] - number);
    expect(error, `${found[index]} for ${number}`).toBeLessThanOrEqual(tolerance * Math.abs(number));
  }
}
