// What the methods did while a function ran: for explanations.
import type { MethodUse } from "./accuracy.ts";

let reports: MethodUse[] | null = null;

/** Runs `compute` and returns with its result what was used for the values in it, in order. */
export function reporting<T>(compute: () => T): { readonly result: T; readonly used: readonly MethodUse[] } {
  const outer = reports;
  const own: MethodUse[] = [];
  reports = own;
  try {
    return { result: compute(), used: own };
  } finally {
    reports = outer;
  }
}

/** Called where values are computed. */
export function report(used: readonly MethodUse[]): void {
  reports?.push(...used);
}
