// layout: one declaration's pieces on as many lines as the width asks for.

/** A token on its way to the page. */
export interface Piece {
  readonly text: string;
  readonly spaceBefore: boolean;
  /** Rank of a line break before this piece, the lowest being tried first; 0 where a line may not break. */
  readonly breakRank: number;
}

/** Columns before every line of a declaration but its first. */
export const indentation = 4;

/** A stretch of pieces, half-open. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Lines without their indentation. If the pieces do not fit on one line, it breaks at the places of the lowest
 * rank: as many stretches between such places go on a line as fit, and a stretch that is too long by itself breaks
 * at the next rank. What cannot break stands out. `first`: whether the first line has no indentation.
 */
export function layout(pieces: readonly Piece[], width: number, first: boolean): string[] {
  const ends = endColumns(pieces);
  /** Columns of pieces [from, to) on one line. */
  const columns = (from: number, to: number): number =>
    ends[to] - ends[from] - (pieces[from].spaceBefore ? 1 : 0);
  const lines: string[] = [];
  const waiting: Stretch[] = [{ from: 0, to: pieces.length }];
  for (let stretch = waiting.pop(); stretch !== undefined; stretch = waiting.pop()) {
    const { from, to } = stretch;
    let room = width - (first && lines.length === 0 ? 0 : indentation);
    const rank = lowestRank(pieces, stretch);
    if (columns(from, to) <= room || rank === 0) {
      lines.push(join(pieces, stretch));
      continue;
    }
    const groups: Stretch[] = [];
    let start = from;
    let reached = from;
    for (let at = from + 1; at <= to; at++) {
      if (at < to && pieces[at].breakRank !== rank) continue;
      if (reached > start && columns(start, at) > room) {
        groups.push({ from: start, to: reached });
        start = reached;
        room = width - indentation;
      }
      reached = at;
    }
    groups.push({ from: start, to });
    waiting.push(...groups.reverse());
  }
  return lines;
}

/** Entry i is the column at which piece i − 1 ends if all stand on one line. */
function endColumns(pieces: readonly Piece[]): Float64Array {
  const ends = new Float64Array(pieces.length + 1);
  for (const [index, piece] of pieces.entries()) {
    ends[index + 1] = ends[index] + Array.from(piece.text).length + (piece.spaceBefore ? 1 : 0);
  }
  return ends;
}

function lowestRank(pieces: readonly Piece[], { from, to }: Stretch): number {
  let lowest = 0;
  for (let i = from + 1; i < to; i++) {
    const rank = pieces[i].breakRank;
    if (rank !== 0 && (lowest === 0 || rank < lowest)) lowest = rank;
  }
  return lowest;
}

function join(pieces: readonly Piece[], { from, to }: Stretch): string {
  const words: string[] = [];
  for (let i = from; i < to; i++) {
    words.push(i > from && pieces[i].spaceBefore ? ` ${pieces[i].text}` : pieces[i].text);
  }
  return words.join("");
}
