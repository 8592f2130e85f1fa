// Lines of a text: from offsets to what people count, lines and columns from one.

export interface Position {
  /** From one. */
  readonly line: number;
  /** From one, in characters (code points); a tab is one character. */
  readonly column: number;
}

/** The lines of a text; ends of lines are `\n`, `\r\n` and `\r`. */
export interface Lines {
  readonly text: string;
  /** Offset at which each line begins; ascending, the first is 0. */
  readonly starts: readonly number[];
}

export function linesOf(text: string): Lines {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return { text, starts };
}

/** Index (from zero) of the line that holds an offset; offsets beyond the text lie in the last line. */
export function lineIndex(lines: Lines, offset: number): number {
  let low = 0;
  let high = lines.starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (lines.starts[middle] <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** A line without its end. */
export function lineText(lines: Lines, index: number): string {
  const end = lines.starts[index + 1] ?? lines.text.length;
  return lines.text.slice(lines.starts[index], end).replace(/[\r\n]+$/, "");
}

export function positionOf(lines: Lines, offset: number): Position {
  const index = lineIndex(lines, offset);
  const before = lines.text.slice(lines.starts[index], Math.min(offset, lines.text.length));
  return { line: index + 1, column: Array.from(before).length + 1 };
}
