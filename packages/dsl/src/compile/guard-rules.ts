// Guards that are always or never true, by interval analysis.
import type { CheckedModel } from "../check/model.ts";
import type { Reporter } from "../check/reporter.ts";
import type { InstanceTable } from "../terms/instances.ts";
import { levels } from "../terms/kinds.ts";
import { visitTerms } from "../terms/terms.ts";
import type { Term } from "../terms/terms.ts";
import type { UnrolledModel } from "./callback.ts";

/** Collects, for each part of a `when`, whether it was always or never true over all assignments and epochs. */
export class GuardStatistics {
  readonly #table: InstanceTable;
  readonly #found = new Map<Term, { always: boolean; never: boolean }>();

  constructor(table: InstanceTable) {
    this.#table = table;
  }

  add(part: Term, node: number): void {
    const { low, high } = this.#table.interval(node);
    const before = this.#found.get(part);
    const always = low === 1 && before?.always !== false;
    const never = high === 0 && before?.never !== false;
    this.#found.set(part, { always, never });
  }

  /** Parts that are one or the other. A condition on constants alone may be meant as a switch. */
  decided(): readonly { readonly part: Term; readonly always: boolean }[] {
    return [...this.#found].flatMap(([part, { always, never }]) =>
      part.level >= levels.state && always !== never ? [{ part, always }] : [],
    );
  }
}

/** PHX412 */
export function checkGuards(
  model: CheckedModel,
  { epochs }: UnrolledModel,
  statistics: GuardStatistics,
  report: Reporter,
): void {
  for (const [i, stop] of model.stops.entries()) {
    for (const epoch of epochs) statistics.add(stop.condition, epoch.stops[i]);
  }
  for (const { part, always } of statistics.decided()) {
    const text = report.text(part.place);
    const ranges = rangesIn(part, model);
    const because = ranges === "" ? "" : ` for ${ranges}`;
    report.warning("PHX412", part.place, `\`${text}\` is always ${always ? "true" : "false"}${because}`, {
      hint: always ? "leave it out" : "correct it, or remove what it guards",
    });
  }
}

function rangesIn(part: Term, model: CheckedModel): string {
  const names = new Set<string>();
  visitTerms([part], (term) => {
    if (term.op === "element" && term.array.storage === "cells") names.add(term.array.name);
  });
  return model.states
    .filter((state) => names.has(state.name))
    .map((state) =>
      state.labels === null ? `\`${state.name} in ${state.lower}..${state.upper}\`` : `\`${state.name}\``,
    )
    .join(", ");
}
