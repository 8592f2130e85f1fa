// Limits of unrolling: what is said when loops run too long, or a range has no end.
import type { Place } from "@phxlang/autodiff";
import { maximumInstances, TooManyInstances } from "../terms/instances.ts";
import { maximumIterations, RangeWithoutValue, TooManyIterations } from "../terms/specialiser.ts";
import type { Reporter } from "./reporter.ts";

/** PHX414 or PHX703 for an error that unrolling throws; false for any other error. */
export function reportLimit(error: unknown, place: Place, report: Reporter): boolean {
  if (error instanceof RangeWithoutValue) {
    const end = error.term.place;
    report.error("PHX703", end, `the end of a range is not a number: \`${report.text(end)}\``, {
      hint: "give two whole numbers",
    });
    return true;
  }
  if (error instanceof TooManyIterations) {
    report.error(
      "PHX414",
      place,
      `the loops run more than ${maximumIterations.toLocaleString("en-US")} times`,
      {
        hint: "tighten the ranges of the loops",
      },
    );
    return true;
  }
  if (error instanceof TooManyInstances) {
    const limit = maximumInstances.toLocaleString("en-US");
    report.error("PHX414", place, `the loops unroll to more than ${limit} expressions`, {
      hint: "tighten the ranges of the loops",
    });
    return true;
  }
  return false;
}
