// Groups of observed times: rows with the same covariates share a curve.
import { censoring } from "@phxlang/graph";
import type { StopObservations } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";

/** Rows with the same covariates, with the times of those rows. */
export interface Group {
  readonly name: string;
  readonly with: Readonly<Record<string, number>>;
  readonly times: readonly number[];
  readonly isCensored: readonly boolean[];
  readonly weights: readonly number[];
}

/** Groups by covariate values, in the order of their first rows; every row counts as exact or as censored on the right. */
export function groupRows(observations: readonly StopObservations[], model: Model): readonly Group[] {
  const groups = new Map<
    string,
    { with: Record<string, number>; times: number[]; isCensored: boolean[]; weights: number[] }
  >();
  for (const rows of observations) {
    for (let row = 0; row < rows.count; row++) {
      const values =
        rows.covariates === null ? [] : Array.from(rows.covariates.values[rows.covariates.rows[row]]);
      const covariates = Object.fromEntries(
        model.covariates.slice(0, values.length).map((name, i) => [name, values[i]]),
      );
      const name = Object.entries(covariates)
        .map(([covariate, value]) => `${covariate} = ${value}`)
        .join(", ");
      const group = groups.get(name) ?? { with: covariates, times: [], isCensored: [], weights: [] };
      groups.set(name, group);
      group.times.push(rows.times[row]);
      group.isCensored.push(rows.censoring[row] === censoring.right);
      group.weights.push(rows.weights?.[row] ?? 1);
    }
  }
  return Array.from(groups, ([name, group]) => ({ name: name === "" ? "model" : name, ...group }));
}
