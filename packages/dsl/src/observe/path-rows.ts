// Rows of `observe d: path …`: states seen at times, gathered by subject.
import type { PathObservations } from "@phxlang/graph";
import type { CheckedState, ObservedPath } from "../check/model.ts";
import { didYouMean } from "../names/index.ts";
import { isEnum } from "../terms/kinds.ts";
import type { Term } from "../terms/terms.ts";
import type { RowContext } from "./bind.ts";
import { checkTime } from "./row-values.ts";
import type { RowValues } from "./row-values.ts";
import { quoted } from "./stop-rows.ts";
import { numberIn, RowProblem } from "./table.ts";

interface PathRow {
  /** Position among the rows that the `when` keeps. */
  readonly index: number;
  readonly time: number;
  readonly cells: readonly number[];
  readonly exact: boolean;
}

/** Subjects are in the order of their first rows; their rows need not stand together. */
export function bindPath(context: RowContext, observed: ObservedPath): PathObservations {
  const { model, rows, values, reader, covariates, sourceRows } = context;
  const subjects = new Map<string, PathRow[]>();
  for (const [index, row] of rows.entries()) {
    values.moveTo(row);
    reader.read(row, () => {
      const subject = String(values.cell(observed.subject));
      const time = checkTime(values.number(observed.time), observed.time.place, model.kind === "discrete");
      const cells = observed.cells.map(({ state, value }) => cellValue(values, state, value));
      const exact = observed.exact !== null && values.boolean(observed.exact);
      const path = subjects.get(subject) ?? [];
      subjects.set(subject, path);
      path.push({ index, time, cells, exact });
    });
  }
  for (const [subject, path] of subjects) reportOrder(context, observed, subject, path);
  const ordered = [...subjects.values()].flat();
  const subjectOffsets = new Int32Array(subjects.size + 1);
  let offset = 0;
  for (const [s, path] of [...subjects.values()].entries()) {
    offset += path.length;
    subjectOffsets[s + 1] = offset;
  }
  return {
    kind: "path",
    count: ordered.length,
    subjectOffsets,
    times: Float64Array.from(ordered, (row) => row.time),
    cells: observed.cells.map((one) => one.cell),
    cellValues: Int32Array.from(ordered.flatMap((row) => row.cells)),
    exact: Uint8Array.from(ordered, (row) => (row.exact ? 1 : 0)),
    weights: null,
    covariates:
      covariates === null
        ? null
        : { values: covariates.values, rows: Int32Array.from(ordered, (row) => covariates.rows[row.index]) },
    sourceRows: Int32Array.from(ordered, (row) => sourceRows[row.index]),
  };
}

function reportOrder(
  { reader, sourceRows }: RowContext,
  observed: ObservedPath,
  subject: string,
  path: readonly PathRow[],
): void {
  for (let i = 1; i < path.length; i++) {
    if (path[i].time >= path[i - 1].time) continue;
    const where = `rows ${sourceRows[path[i - 1].index]}, ${sourceRows[path[i].index]}`;
    const message = `rows of id ${subject} are not in time order (${where})`;
    reader.fail("PHX607", observed.time.place, message, {
      notes: [`the times are ${path[i - 1].time} and ${path[i].time}`],
      hint: "sort the rows of each id by time",
    });
    return;
  }
}

/** Enum values match by text, or by position counting from 1; whole numbers must lie in the range of the cell. */
function cellValue(values: RowValues, state: CheckedState, term: Term): number {
  const { name, labels, lower, upper } = state;
  if (state.kind === "bool") return values.boolean(term) ? 1 : 0;
  if (labels === null) {
    const number = values.number(term);
    if (Number.isInteger(number) && number >= lower && number <= upper) return number;
    throw new RowProblem("PHX605", term.place, `${number} is not in \`${name} in ${lower}..${upper}\``, {
      hint: "correct the row, or widen the range of the state",
    });
  }
  const cell = values.cell(term);
  // An expression that gives an enum value gives its position from 0.
  if (isEnum(term.kind) && typeof cell === "number") return cell;
  const byName = labels.indexOf(String(cell));
  if (byName >= 0) return byName;
  const position = typeof cell === "number" ? cell : numberIn(cell);
  if (Number.isInteger(position) && position >= 1 && position <= labels.length) return position - 1;
  throw new RowProblem(
    "PHX605",
    term.place,
    `"${cell}" is none of ${quoted(labels)}, nor a position from 1 to ${labels.length}`,
    {
      hint: didYouMean(String(cell), labels) ?? "correct the row, or add the value to the state",
    },
  );
}
