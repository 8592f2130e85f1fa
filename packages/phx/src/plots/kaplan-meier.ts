// The Kaplan–Meier estimate of a survival function from times of which some are right-censored.

export interface KaplanMeier {
  /** Starts at 0, then each distinct time of an event, then the last time of all. */
  readonly times: readonly number[];
  /** Estimated P(T > t) from times[i] until times[i + 1]. */
  readonly survival: readonly number[];
  readonly censoredTimes: readonly number[];
  /** The estimate at each censored time. */
  readonly censoredSurvival: readonly number[];
}

/**
 * Product over event times t ≤ x of 1 − (weight of events at t) / (weight at risk just before t). Where an event and
 * a censoring share a time, the event comes first (Kaplan and Meier 1958).
 */
export function kaplanMeier(
  times: ArrayLike<number>,
  isCensored: (index: number) => boolean,
  weight: (index: number) => number = () => 1,
): KaplanMeier {
  const order = Array.from({ length: times.length }, (_, index) => index).sort(
    (left, right) => times[left] - times[right] || Number(isCensored(left)) - Number(isCensored(right)),
  );
  let atRisk = order.reduce((sum, index) => sum + weight(index), 0);
  let survival = 1;
  const result = {
    times: [0],
    survival: [1],
    censoredTimes: [] as number[],
    censoredSurvival: [] as number[],
  };
  for (let from = 0; from < order.length;) {
    const time = times[order[from]];
    let to = from;
    let events = 0;
    let leaving = 0;
    const censoredHere: number[] = [];
    for (; to < order.length && times[order[to]] === time; to++) {
      leaving += weight(order[to]);
      if (isCensored(order[to])) censoredHere.push(time);
      else events += weight(order[to]);
    }
    if (events > 0) {
      survival *= 1 - events / atRisk;
      result.times.push(time);
      result.survival.push(survival);
    }
    for (const censored of censoredHere) {
      result.censoredTimes.push(censored);
      result.censoredSurvival.push(survival);
    }
    atRisk -= leaving;
    from = to;
  }
  const end = order.length === 0 ? 0 : times[order[order.length - 1]];
  if (end > result.times[result.times.length - 1]) {
    result.times.push(end);
    result.survival.push(survival);
  }
  return result;
}
