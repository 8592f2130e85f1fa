// printed: arbitrary values that show themselves as text in the reports of fast-check.
import * as fc from "fast-check";

/** The value with what fast-check prints instead of its fields. */
export function printed<T extends object>(value: T, text: () => string): T {
  return Object.defineProperty(value, fc.toStringMethod, { value: () => `\n${text()}`, enumerable: false });
}
