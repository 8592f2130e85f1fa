// numbersOf: what an array holds, as plain numbers.
import type { Value } from "@phxlang/autodiff";

export function numbersOf(value: Value): number[] {
  return Array.from(value.dataSync());
}

export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
