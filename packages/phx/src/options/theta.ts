// --theta: all parameter values in order, some of them by name, or first the one and then the other.
import { isAssignment, readAssignments } from "./assignments.ts";
import type { Value } from "./assignments.ts";
import { readNumberList } from "./numbers.ts";

/** What was asked for: the file's defaults, replaced by the list if there is one, then by the named values. */
export interface ThetaTexts {
  readonly list: readonly number[] | undefined;
  readonly named: ReadonlyMap<string, Value>;
}

/** Texts, weakest first. A list replaces everything before it. */
export function readTheta(texts: readonly string[]): ThetaTexts {
  const lastList = texts.findLastIndex((text) => !isAssignment(text));
  return {
    list: lastList < 0 ? undefined : readNumberList(texts[lastList].trim().replace(/^\[(.*)\]$/s, "$1")),
    named: readAssignments(texts.slice(lastList + 1)),
  };
}
