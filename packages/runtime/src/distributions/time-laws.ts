// Densities, distribution functions and hazards of the time to absorption of a chain.
import type { Value } from "@phxlang/autodiff";
import { csrLinear } from "@phxlang/autodiff";
import {
  add,
  constantOf,
  equal,
  exp,
  less,
  log,
  mul,
  neg,
  reshape,
  sub,
  sum,
  vector,
  where,
} from "../array-operations.ts";
import type { ScaledValues } from "../primitives/exponential.ts";
import { timeAction } from "../primitives/exponential.ts";
import type { Chain } from "./chain.ts";
import type { FarTimes } from "./far-times.ts";
import { farTimes } from "./far-times.ts";
import { aliveAtEpochs, allAtEpochs, chooseEpoch, maskOf, timesWithin } from "./chain.ts";

/** A nonnegative function of times [N]: exp(logs), or scale by scale as values · exp(scales). */
interface LogScaled {
  /** −Infinity where the value is 0. */
  readonly logs: () => Value;
  readonly values: () => Value;
}

function logScaled(chain: Chain, times: Value, parts: readonly ScaledValues[]): LogScaled {
  return {
    values: () =>
      chooseEpoch(
        chain,
        times,
        parts.map(({ scales, values }) => mul(exp(scales), values)),
      ),
    logs: () => chooseEpoch(chain, times, parts.map(logOf)),
  };
}

/** log F = L + log R; R is 1 or 0, with derivatives. */
function logOf({ scales, values }: ScaledValues): Value {
  const isPositive = less(0, values);
  return where(isPositive, add(scales, log(where(isPositive, values, 1))), -Infinity);
}

/** Density of stopping with a cause (null: any) at times [N]; in discrete time at the step after times [N]. */
function stopping(chain: Chain, times: Value, cause: number | null): LogScaled {
  const alive = aliveAtEpochs(chain);
  const parts = chain.epochs.map(({ pattern, slots }, e): ScaledValues => {
    const { scale, vector: start } = alive[e];
    const left = reshape(start, [1, pattern.rowCount]);
    const right = csrLinear(pattern.exits(cause), slots);
    const within = timesWithin(chain, e, times);
    const masks = { left: maskOf(chain, e, pattern.rowCount), right: pattern.exitMask(cause) };
    const far = e + 1 < chain.epochs.length ? null : farTimes(chain, alive[e], within, cause);
    const near = far?.near ?? within;
    const action = [pattern.pattern, pattern.law, slots, left, right, near, chain.accuracy, masks] as const;
    const { scales, values } = timeAction(...action);
    return decayed({ scales: add(scale, scales), values }, far);
  });
  return logScaled(chain, times, parts);
}

/** What is left at times beyond the one that was computed; its logarithm is split as scales and values are. */
function decayed({ scales, values }: ScaledValues, far: FarTimes | null): ScaledValues {
  if (far === null) return { scales, values };
  const whole = constantOf(far.logDecay);
  return { scales: add(scales, whole), values: mul(values, exp(sub(far.logDecay, whole))) };
}

/** P(T > t). */
function surviving(chain: Chain, times: Value): LogScaled {
  const everStops = chain.epochs.every(({ pattern }) => pattern.neverCause < 0);
  if (!everStops) return occupying(chain, times, (cause, never) => cause === never, true);
  const alive = aliveAtEpochs(chain);
  const parts = chain.epochs.map(({ pattern, slots }, e): ScaledValues => {
    const { scale, vector: start } = alive[e];
    const left = reshape(start, [1, pattern.rowCount]);
    const ones = vector(new Float64Array(pattern.rowCount).fill(1));
    const within = timesWithin(chain, e, times);
    const masks = { left: maskOf(chain, e, pattern.rowCount) };
    const far = e + 1 < chain.epochs.length ? null : farTimes(chain, alive[e], within, null);
    const near = far?.near ?? within;
    const action = [pattern.pattern, pattern.law, slots, left, ones, near, chain.accuracy, masks] as const;
    const { scales, values } = timeAction(...action);
    return decayed({ scales: add(scale, scales), values }, far);
  });
  return logScaled(chain, times, parts);
}

/**
 * Probability of being stopped with a counted cause, or transient if `alive`, at times [N]. `cause`: which one is
 * counted, null for any.
 */
function occupying(
  chain: Chain,
  times: Value,
  counts: (cause: number, neverCause: number) => boolean,
  alive: boolean,
  cause: number | null = null,
): LogScaled {
  const starts = allAtEpochs(chain);
  const parts = chain.epochs.map(({ pattern, slots }, e): ScaledValues => {
    const left = reshape(starts[e], [1, pattern.rowCount + pattern.causeCount]);
    const right = pattern.indicator(alive, (cause) => counts(cause, pattern.neverCause));
    const within = timesWithin(chain, e, times);
    const masks = { left: maskOf(chain, e, pattern.rowCount + pattern.causeCount) };
    const { stopPattern, law } = pattern;
    const far = chain.epochs.length > 1 ? null : farTimes(chain, aliveAtEpochs(chain)[0], within, cause);
    const near = far?.near ?? within;
    const swept = timeAction(stopPattern, law, slots, left, vector(right), near, chain.accuracy, masks);
    if (far === null) return swept;
    const since = mul(far.stoppedSince(cause), exp(neg(swept.scales)));
    return { scales: swept.scales, values: add(swept.values, since) };
  });
  return logScaled(chain, times, parts);
}

/** P(T ≤ t, cause), from positive sums. */
function stopped(chain: Chain, times: Value, cause: number | null): LogScaled {
  return occupying(
    chain,
    times,
    (own, never) => (cause === null ? own !== never : own === cause),
    false,
    cause,
  );
}

export function density(chain: Chain, times: Value, cause: number | null): Value {
  return stopping(chain, times, cause).values();
}

export function logDensity(chain: Chain, times: Value, cause: number | null): Value {
  return stopping(chain, times, cause).logs();
}

export function cumulative(chain: Chain, times: Value, cause: number | null): Value {
  return stopped(chain, times, cause).values();
}

export function logCumulative(chain: Chain, times: Value, cause: number | null): Value {
  return stopped(chain, times, cause).logs();
}

export function survival(chain: Chain, times: Value): Value {
  return surviving(chain, times).values();
}

export function logSurvival(chain: Chain, times: Value): Value {
  return surviving(chain, times).logs();
}

export function hazard(chain: Chain, times: Value, cause: number | null): Value {
  if (chain.epochs[0].pattern.law === "discrete") {
    const before = sub(times, 1);
    const isStart = less(before, 0);
    const sure = where(isStart, 0, logSurvival(chain, where(isStart, 0, before)));
    return exp(sub(logProbability(chain, times, cause), sure));
  }
  return exp(sub(logDensity(chain, times, cause), logSurvival(chain, times)));
}

/** P(T = k) in discrete time: the mass that stops in step k, and what epochs stop when they begin. */
export function probability(chain: Chain, steps: Value, cause: number | null): Value {
  return exp(logProbability(chain, steps, cause));
}

export function logProbability(chain: Chain, steps: Value, cause: number | null): Value {
  const before = sub(steps, 1);
  const isStart = less(before, 0);
  const moving = stopping(chain, where(isStart, 0, before), cause).logs();
  let result = where(isStart, -Infinity, moving);
  for (const atom of atomsOf(chain, cause)) {
    const mass = where(equal(steps, atom.time), atom.mass, 0);
    result = logSum(result, mass);
  }
  return result;
}

/** log(exp(x) + mass), for x that may be −Infinity and mass ≥ 0. */
function logSum(x: Value, mass: Value): Value {
  const hasMass = less(0, mass);
  const isFinite = less(-Infinity, x);
  const safe = where(hasMass, mass, 1);
  const both = add(log(safe), log(add(1, exp(where(isFinite, sub(x, log(safe)), -800)))));
  return where(hasMass, both, x);
}

/** Where T has mass points: the start, and the beginnings of epochs that stop states. */
export function atomsOf(
  chain: Chain,
  cause: number | null,
): { readonly time: Value | number; readonly mass: Value }[] {
  const counted = (e: number): Float64Array => {
    const { pattern } = chain.epochs[e];
    return pattern.indicator(false, (own) => (cause === null ? own !== pattern.neverCause : own === cause));
  };
  const atoms: { time: Value | number; mass: Value }[] = [
    { time: 0, mass: sum(mul(chain.start, vector(counted(0)))) },
  ];
  if (chain.epochs.length === 1) return atoms;
  const alive = aliveAtEpochs(chain);
  for (let e = 1; e < chain.epochs.length; e++) {
    if (!stopsOnEntry(chain, e - 1)) continue;
    const { scale, entered } = alive[e];
    const mass = mul(exp(reshape(scale, [])), sum(mul(entered, vector(counted(e)))));
    atoms.push({ time: chain.times[e - 1], mass });
  }
  return atoms;
}

/** Whether a transient row of epoch e is a stop of epoch e + 1. */
function stopsOnEntry(chain: Chain, e: number): boolean {
  const { rowOffsets, columns } = chain.entries[e];
  const from = chain.epochs[e].pattern;
  const to = chain.epochs[e + 1].pattern;
  for (let row = to.rowCount; row + 1 < rowOffsets.length; row++) {
    for (let j = rowOffsets[row]; j < rowOffsets[row + 1]; j++) if (columns[j] < from.rowCount) return true;
  }
  return false;
}
