// Code frames: the lines that a diagnostic points at, with underlines.
import type { Place } from "@phxlang/autodiff";
import { showLine } from "./cells.ts";
import type { ShownLine } from "./cells.ts";
import type { Lines } from "./lines.ts";
import { lineIndex, lineText } from "./lines.ts";

/** How the parts of a frame are coloured; each function wraps a text. */
export interface Paint {
  readonly gutter: (text: string) => string;
  readonly primary: (text: string) => string;
  readonly secondary: (text: string) => string;
}

export interface Mark {
  readonly place: Place;
  readonly primary: boolean;
}

/** Wider lines are shown only around what is underlined. */
const maximumWidth = 140;

/** One-based number of the last line that marks touch, which sets the width of the gutter. */
export function lastLine(lines: Lines, marks: readonly Mark[]): number {
  return Math.max(...marks.map(({ place }) => lineIndex(lines, lastOffset(place)) + 1));
}

/** The last character that belongs to a place. */
function lastOffset(place: Place): number {
  return Math.max(place.span.start, place.span.end - 1);
}

/**
 * The frame as lines of text. `width` is that of the gutter's numbers. Places on one line come as underlined
 * rows; a place over several lines is bracketed on the left:
 *
 *     3 │ ╭ event coalesce for i in 1..n:
 *     4 │ │     b[i] -= 1
 *       │ ╰─────────────^ label
 */
export function frame(lines: Lines, marks: readonly Mark[], width: number, paint: Paint): string[] {
  const bar = paint.gutter(`${" ".repeat(width)} │`);
  const result: string[] = [bar];
  const single = marks.filter(({ place }) => !spansLines(lines, place));
  const multiple = marks.filter(({ place }) => spansLines(lines, place));
  const numbered = (index: number, text: string): string =>
    `${paint.gutter(`${String(index + 1).padStart(width)} │`)} ${text}`.trimEnd();

  const byLine = new Map<number, Mark[]>();
  for (const mark of single) {
    const index = lineIndex(lines, mark.place.span.start);
    byLine.set(index, [...(byLine.get(index) ?? []), mark]);
  }
  let previous = -1;
  for (const [index, onLine] of [...byLine].sort((a, b) => a[0] - b[0])) {
    if (previous !== -1 && index > previous + 1) result.push(paint.gutter(`${" ".repeat(width)} ·`));
    previous = index;
    const shown = showLine(lineText(lines, index));
    const from = windowStart(shown, lines, index, onLine);
    result.push(numbered(index, crop(shown, from)));
    for (const mark of onLine) {
      result.push(`${bar} ${underline(shown, lines, index, mark, from, paint)}`);
    }
  }
  for (const mark of multiple) {
    if (result.length > 1) result.push(paint.gutter(`${" ".repeat(width)} ·`));
    result.push(...bracketed(lines, mark, numbered, bar, paint));
  }
  return result;
}

function spansLines(lines: Lines, place: Place): boolean {
  return lineIndex(lines, place.span.start) !== lineIndex(lines, lastOffset(place));
}

/** First column that is shown: 0, or enough to the right that the first mark is in view. */
function windowStart(shown: ShownLine, lines: Lines, index: number, marks: readonly Mark[]): number {
  if (shown.columns[shown.columns.length - 1] <= maximumWidth) return 0;
  const first = Math.min(...marks.map(({ place }) => columnOf(shown, lines, index, place.span.start)));
  return first < maximumWidth - 40 ? 0 : first - 40;
}

function crop(shown: ShownLine, from: number): string {
  const total = shown.columns[shown.columns.length - 1];
  if (total <= maximumWidth) return shown.shown;
  const characters = Array.from(shown.shown);
  const text = characters.slice(from, from + maximumWidth).join("");
  return `${from > 0 ? `…${text.slice(1)}` : text}${total > from + maximumWidth ? "…" : ""}`;
}

function columnOf(shown: ShownLine, lines: Lines, index: number, offset: number): number {
  const unit = Math.min(Math.max(0, offset - lines.starts[index]), shown.columns.length - 1);
  return shown.columns[unit];
}

function underline(
  shown: ShownLine,
  lines: Lines,
  index: number,
  mark: Mark,
  from: number,
  paint: Paint,
): string {
  const { span, label } = mark.place;
  const start = columnOf(shown, lines, index, span.start) - from;
  const end = Math.min(columnOf(shown, lines, index, span.end) - from, maximumWidth);
  const sign = mark.primary ? "^" : "-";
  const row = sign.repeat(Math.max(1, end - start)) + (label === undefined ? "" : ` ${label}`);
  return " ".repeat(start) + (mark.primary ? paint.primary(row) : paint.secondary(row));
}

/** At most this many lines of a long place are shown at its beginning and at its end. */
const shownAtEnds = 3;

function bracketed(
  lines: Lines,
  mark: Mark,
  numbered: (index: number, text: string) => string,
  bar: string,
  paint: Paint,
): string[] {
  const colour = mark.primary ? paint.primary : paint.secondary;
  const first = lineIndex(lines, mark.place.span.start);
  const last = lineIndex(lines, lastOffset(mark.place));
  const result: string[] = [];
  for (let index = first; index <= last; index++) {
    if (index - first >= shownAtEnds && last - index >= shownAtEnds) {
      result.push(`${bar} ${colour("·")}`);
      index = last - shownAtEnds;
      continue;
    }
    const { shown } = showLine(lineText(lines, index));
    const text = shown.length > maximumWidth ? `${shown.slice(0, maximumWidth)}…` : shown;
    result.push(numbered(index, `${colour(index === first ? "╭" : "│")} ${text}`));
  }
  const end = columnOf(showLine(lineText(lines, last)), lines, last, lastOffset(mark.place));
  const label = mark.place.label === undefined ? "" : ` ${mark.place.label}`;
  const sign = mark.primary ? "^" : "-";
  result.push(`${bar} ${colour(`╰${"─".repeat(Math.min(end, maximumWidth) + 1)}${sign}${label}`)}`);
  return result;
}
