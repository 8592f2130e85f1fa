// Rows of `observe d: stop …` and `observe d: reward …`.
import { censoring } from "@phxlang/graph";
import type { RewardObservations, StopObservations } from "@phxlang/graph";
import type { ObservedReward, ObservedStop } from "../check/model.ts";
import { didYouMean } from "../names/index.ts";
import type { Term } from "../terms/terms.ts";
import type { RowContext } from "./bind.ts";
import { checkTime } from "./row-values.ts";
import { numberIn, RowProblem } from "./table.ts";

export function bindStop(context: RowContext, observed: ObservedStop): StopObservations {
  const { model, rows, values, reader, covariates, sourceRows } = context;
  const count = rows.length;
  const times = new Float64Array(count);
  const kinds = new Uint8Array(count);
  const causes = new Int32Array(count).fill(-1);
  for (const [i, row] of rows.entries()) {
    values.moveTo(row);
    reader.read(row, () => {
      const { time, censored, cause } = observed;
      times[i] = checkTime(values.number(time), time.place, model.kind === "discrete");
      const isCensored = censored !== null && values.boolean(censored);
      kinds[i] = isCensored ? censoring.right : censoring.exact;
      // Of a row that is still going on, no cause is known.
      if (cause !== null && !isCensored) causes[i] = causeOf(context, cause);
    });
  }
  return {
    kind: "stop",
    count,
    times,
    uppers: null,
    censoring: kinds,
    causes,
    entries: null,
    weights: null,
    covariates,
    sourceRows,
  };
}

/** Causes match by name, or by position counting from 1. */
function causeOf({ model, values }: RowContext, term: Term): number {
  const names = model.causes.map((cause) => cause.name);
  const cell = values.cell(term);
  const byName = names.indexOf(String(cell));
  if (byName >= 0) return byName;
  const position = typeof cell === "number" ? cell : numberIn(cell);
  if (Number.isInteger(position) && position >= 1 && position <= names.length) return position - 1;
  throw new RowProblem("PHX605", term.place, `cause "${cell}" is none of ${quoted(names)}`, {
    hint: didYouMean(String(cell), names) ?? "correct the row, or declare the cause: `stop NAME when …`",
  });
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

export function bindReward(context: RowContext, observed: ObservedReward): RewardObservations {
  const { rows, values, reader, covariates, sourceRows } = context;
  const found = Float64Array.from(rows, (row) => {
    values.moveTo(row);
    return reader.read(row, () => values.number(observed.value)) ?? 0;
  });
  return {
    kind: "reward",
    reward: observed.reward,
    count: rows.length,
    values: found,
    weights: null,
    covariates,
    sourceRows,
  };
}
