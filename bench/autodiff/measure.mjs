// Interleaved runs: every contestant gets its turn in every round, so that a slow moment hits all.

/** Milliseconds per call of each contestant: `{ name: () => result }` → `{ name: { median, best } }`. */
export function measure(contestants, { rounds = 25, warmUp = 5, milliseconds = 20 } = {}) {
  const names = Object.keys(contestants);
  const repeats = {};
  for (const name of names) {
    for (let i = 0; i < warmUp; i++) contestants[name]();
    const start = performance.now();
    contestants[name]();
    repeats[name] = Math.max(1, Math.round(milliseconds / Math.max(performance.now() - start, 1e-3)));
  }
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const count = repeats[name];
      const start = performance.now();
      for (let i = 0; i < count; i++) contestants[name]();
      times[name].push((performance.now() - start) / count);
    }
  }
  return Object.fromEntries(names.map((name) => [name, summary(times[name])]));
}

/** The median, and the best for machines that are busy with other things. */
export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], best: sorted[0] };
}

export function formatTime(milliseconds) {
  if (milliseconds === undefined) return "–";
  if (milliseconds >= 100) return `${milliseconds.toFixed(0)} ms`;
  if (milliseconds >= 0.1) return `${milliseconds.toFixed(2)} ms`;
  return `${(milliseconds * 1000).toFixed(1)} µs`;
}

/** Largest |a − b| / max(|b|, 1). */
export function largestDifference(a, b) {
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    largest = Math.max(largest, Math.abs(a[i] - b[i]) / Math.max(Math.abs(b[i]), 1));
  }
  return largest;
}
