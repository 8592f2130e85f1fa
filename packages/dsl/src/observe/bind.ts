// bindObservations: the rows of a table as observations, as the `observe` lines of a model say.
import { PhxError } from "@phxlang/autodiff";
import type { Diagnostic, Place } from "@phxlang/autodiff";
import type { CovariateTable, Observations } from "@phxlang/graph";
import type { CheckedModel, ObserveRule } from "../check/model.ts";
import { diagnostic } from "../check/reporter.ts";
import type { DslModel } from "../dsl-model.ts";
import { didYouMean } from "../names/index.ts";
import { visitTerms } from "../terms/terms.ts";
import type { Term } from "../terms/terms.ts";
import { bindPath } from "./path-rows.ts";
import { RowValues } from "./row-values.ts";
import { bindReward, bindStop } from "./stop-rows.ts";
import { RowProblem, RowReader } from "./table.ts";
import type { ColumnTable } from "./table.ts";

export interface BoundData {
  /** One for each `observe` line of the data, in their order. */
  readonly observations: readonly Observations[];
  /** The place of the line of each: what is said about its rows points there. */
  readonly places: readonly Place[];
  readonly warnings: readonly Diagnostic[];
}

/** What the rows of one `observe` line are read with. `rows` are those that its `when` keeps. */
export interface RowContext {
  readonly model: CheckedModel;
  readonly rule: ObserveRule;
  readonly reader: RowReader;
  readonly values: RowValues;
  readonly rows: readonly number[];
  readonly covariates: CovariateTable | null;
  readonly sourceRows: Int32Array;
}

/** Throws a PhxError with diagnostics 601 to 614, each with its row and its column. */
export function bindObservations({ checked }: DslModel, name: string, table: ColumnTable): BoundData {
  const rules = checked.observes.filter((rule) => rule.data === name);
  requireColumns(rules, name, table);
  const observations: Observations[] = [];
  const warnings: Diagnostic[] = [];
  for (const rule of rules) {
    const bound = bindRule(checked, rule, table);
    observations.push(bound);
    if (bound.kind === "stop" && bound.censoring.every((kind) => kind !== 0)) {
      warnings.push(
        diagnostic("warning", "PHX610", rule.place, `every row of \`${name}\` is censored`, {
          hint: "there is nothing to estimate: look at `censored when`",
        }),
      );
    }
  }
  return { observations, places: rules.map((rule) => rule.place), warnings };
}

/** PHX601 as a value, for those who read files. `lookedIn` is where they looked. */
export function unreadableData(
  { checked }: DslModel,
  name: string,
  lookedIn: string,
  reasons: readonly string[] = [],
): Diagnostic {
  const data = checked.data.find((one) => one.name === name);
  return diagnostic(
    "error",
    "PHX601",
    data?.place,
    `cannot read "${data?.path ?? name}" (looked in ${lookedIn})`,
    {
      notes: reasons,
      hint: `\`--data ${name}=PATH\``,
    },
  );
}

function bindRule(model: CheckedModel, rule: ObserveRule, table: ColumnTable): Observations {
  const reader = new RowReader(table);
  const values = new RowValues(table);
  const { condition } = rule;
  const rows = [...table.rows.keys()].filter((row) => {
    values.moveTo(row);
    return condition === null || reader.read(row, () => values.boolean(condition)) === true;
  });
  if (rows.length === 0) {
    reader.fail("PHX614", rule.condition?.place ?? rule.place, `no row of \`${rule.data}\` is left`, {
      notes: [`${table.source} has ${table.rows.length} rows`],
      hint: "correct the `when`",
    });
  }
  reader.throwIfFailed();
  const covariates = bindCovariates(model, rule, reader, values, rows);
  const sourceRows = Int32Array.from(rows, (row) => table.rowNumbers[row]);
  const context = { model, rule, reader, values, rows, covariates, sourceRows };
  const bound = bindObservation(context);
  reader.throwIfFailed();
  return bound;
}

function bindObservation(context: RowContext): Observations {
  const { observation } = context.rule;
  switch (observation.kind) {
    case "stop":
      return bindStop(context, observation);
    case "reward":
      return bindReward(context, observation);
    case "path":
      return bindPath(context, observation);
  }
}

/** PHX602 for columns that the table does not have. */
function requireColumns(rules: readonly ObserveRule[], name: string, table: ColumnTable): void {
  const known = new Set(table.columns);
  const missing = new Map<string, Place>();
  visitTerms(rules.flatMap(termsOf), (term) => {
    if (term.op === "column" && !known.has(term.name)) missing.set(term.name, term.place);
  });
  if (missing.size === 0) return;
  const shown = table.columns.slice(0, 12).join(", ");
  const list = table.columns.length > 12 ? `${shown}, …` : shown;
  throw new PhxError(
    [...missing].map(([column, place]) =>
      diagnostic("error", "PHX602", place, `no column \`${column}\` in ${name} (${table.source})`, {
        notes: [`its columns are ${list}`],
        hint: didYouMean(column, table.columns) ?? "name one of its columns",
      }),
    ),
  );
}

function termsOf({ givens, condition, observation }: ObserveRule): readonly Term[] {
  const terms = [...givens.map((given) => given.value), condition];
  switch (observation.kind) {
    case "stop":
      terms.push(observation.cause, observation.time, observation.censored);
      break;
    case "reward":
      terms.push(observation.value);
      break;
    case "path":
      terms.push(observation.subject, observation.time, observation.exact);
      for (const cell of observation.cells) terms.push(cell.value);
  }
  return terms.filter((term) => term !== null);
}

/** Rows with equal covariates share one entry; null where no covariate is given. */
function bindCovariates(
  model: CheckedModel,
  rule: ObserveRule,
  reader: RowReader,
  values: RowValues,
  rows: readonly number[],
): CovariateTable | null {
  if (rule.givens.length === 0) return null;
  const distinct: Float64Array[] = [];
  const known = new Map<string, number>();
  const indices = Int32Array.from(rows, (row) => {
    values.moveTo(row);
    const z = Float64Array.from(model.covariates, (covariate) => covariate.defaultValue);
    for (const { covariate, value } of rule.givens) {
      z[covariate] =
        reader.read(row, () => covariateValue(values, value, model.covariates[covariate].name)) ?? 0;
    }
    const key = z.join();
    const index = known.get(key) ?? distinct.push(z) - 1;
    known.set(key, index);
    return index;
  });
  return { values: distinct, rows: indices };
}

function covariateValue(values: RowValues, term: Term, name: string): number {
  try {
    return values.number(term);
  } catch (problem) {
    if (!(problem instanceof RowProblem) || problem.code !== "PHX603") throw problem;
    const found = values.cell(term);
    throw new RowProblem(
      "PHX612",
      problem.place,
      `covariate \`${name}\` is ${JSON.stringify(found)}, not a number`,
      {
        hint: "give it a number: `if … == … then 1 else 0`",
      },
    );
  }
}
