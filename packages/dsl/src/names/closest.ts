// closest: the name that was probably meant, for every "did you mean".

/**
 * The candidate that `name` was most likely meant to be, or null. Looked for in this order: the same letters in
 * another case; the same word in singular or plural; the same words in snake_case or camelCase; the nearest in
 * Damerau–Levenshtein distance, if that is at most max(1, length / 3). Ties go to the earlier candidate.
 */
export function closest(name: string, candidates: Iterable<string>): string | null {
  const others = [...new Set(candidates)].filter((candidate) => candidate !== name);
  for (const same of [lowerCase, singular, joined]) {
    const wanted = same(name);
    const match = others.find((candidate) => same(candidate) === wanted);
    if (match !== undefined) return match;
  }
  let best: string | null = null;
  // A name that shares nothing with the candidate is not a misspelling of it, however short both are.
  let bestDistance = Math.min(Math.max(1, Math.floor(name.length / 3)), name.length - 1) + 1;
  for (const candidate of others) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(lowerCase(name), lowerCase(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The words "did you mean `x`?", or undefined when nothing is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const match = closest(name, candidates);
  return match === null ? undefined : `did you mean \`${match}\`?`;
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}

function singular(name: string): string {
  const lower = name.toLowerCase();
  if (lower.length > 3 && lower.endsWith("ies")) return `${lower.slice(0, -3)}y`;
  if (lower.length > 4 && /(?:ch|sh|s|x|z)es$/.test(lower)) return lower.slice(0, -2);
  return lower.length > 2 && lower.endsWith("s") && !lower.endsWith("ss") ? lower.slice(0, -1) : lower;
}

function joined(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

/**
 * Damerau–Levenshtein distance in its restricted form: insertions, deletions, substitutions, and exchanges of
 * neighbours, no stretch being edited twice.
 */
export function editDistance(left: string, right: string): number {
  const width = right.length + 1;
  let beforePrevious = new Int32Array(width);
  let previous = new Int32Array(width);
  let current = new Int32Array(width);
  for (let j = 0; j < width; j++) previous[j] = j;
  for (let i = 1; i <= left.length; i++) {
    current[0] = i;
    for (let j = 1; j < width; j++) {
      const same = left[i - 1] === right[j - 1];
      let distance = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        distance = Math.min(distance, beforePrevious[j - 2] + 1);
      }
      current[j] = distance;
    }
    [beforePrevious, previous, current] = [previous, current, beforePrevious];
  }
  return previous[width - 1];
}
