// The log-likelihood of observed times and rewards, exact, censored and truncated.
import type { Value } from "@phxlang/autodiff";
import { NdArray, PhxError } from "@phxlang/autodiff";
import type { StopObservations } from "@phxlang/graph";
import { censoring } from "@phxlang/graph";
import { add, exp, less, log, log1p, mul, neg, sub, sum, vector, where } from "../array-operations.ts";
import type { Chain } from "./chain.ts";
import * as timeLaws from "./time-laws.ts";

/** Rows of one term: each distinct time once, with the sum of the weights of its rows. */
interface Term {
  readonly times: number[];
  readonly uppers: number[];
  readonly weights: number[];
  /** First row of each distinct time, one-based in the user's table. */
  readonly rows: number[];
}

/** Σ weight · log likelihood over some rows of stop observations that share a chain. */
export function stopLogLikelihood(chain: Chain, data: StopObservations, rows: ArrayLike<number>): Value {
  const terms = new Map<string, { term: Term; index: Map<string, number>; kind: number; cause: number }>();
  const join = (
    kind: number,
    cause: number,
    time: number,
    upper: number,
    weight: number,
    row: number,
  ): void => {
    const key = `${kind},${cause}`;
    const group = terms.get(key) ?? {
      term: { times: [], uppers: [], weights: [], rows: [] },
      index: new Map<string, number>(),
      kind,
      cause,
    };
    terms.set(key, group);
    const place = `${time},${upper}`;
    const known = group.index.get(place);
    if (known !== undefined) {
      group.term.weights[known] += weight;
      return;
    }
    group.index.set(place, group.term.times.length);
    group.term.times.push(time);
    group.term.uppers.push(upper);
    group.term.weights.push(weight);
    group.term.rows.push(row);
  };
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i];
    const weight = data.weights === null ? 1 : data.weights[r];
    const row = data.sourceRows[r];
    const upper = data.uppers === null ? Infinity : data.uppers[r];
    const isOpen = data.censoring[r] === censoring.interval && upper === Infinity;
    const kind = isOpen ? censoring.right : data.censoring[r];
    const isExact =
      kind === censoring.exact && data.times[r] === 0 && chain.epochs[0].pattern.law === "continuous";
    const cause = kind === censoring.right ? -1 : data.causes[r];
    join(
      isExact ? atStart : kind,
      cause,
      data.times[r],
      kind === censoring.interval ? upper : 0,
      weight,
      row,
    );
    const entry = data.entries === null ? 0 : data.entries[r];
    if (entry > 0) join(afterEntry, -1, entry, 0, -weight, row);
  }
  let total: Value | null = null;
  for (const { term, kind, cause } of terms.values()) {
    const logs = logOfTerm(chain, term, kind, cause < 0 ? null : cause);
    checkPossible(logs, term);
    const part = sum(mul(logs, vector(Float64Array.from(term.weights))));
    total = total === null ? part : add(total, part);
  }
  return total ?? sum(vector(new Float64Array(0)));
}

/** Kinds of terms besides those of `censoring`. */
const atStart = 4;
const afterEntry = 5;

function logOfTerm(chain: Chain, term: Term, kind: number, cause: number | null): Value {
  const times = vector(Float64Array.from(term.times));
  switch (kind) {
    case censoring.right:
    case afterEntry:
      return timeLaws.logSurvival(chain, times);
    case censoring.left:
      return timeLaws.logCumulative(chain, times, cause);
    case censoring.interval:
      return logOfInterval(chain, times, vector(Float64Array.from(term.uppers)), cause);
    case atStart:
      return logAtStart(chain, times, cause);
    default:
      return chain.epochs[0].pattern.law === "continuous"
        ? timeLaws.logDensity(chain, times, cause)
        : timeLaws.logProbability(chain, times, cause);
  }
}

/** log P(a < T ≤ b): from distribution functions where most is still to come, else from survival functions. */
function logOfInterval(chain: Chain, lower: Value, upper: Value, cause: number | null): Value {
  const fromBelow = logDifference(
    timeLaws.logCumulative(chain, upper, cause),
    timeLaws.logCumulative(chain, lower, cause),
  );
  if (cause !== null) return fromBelow;
  const surviving = timeLaws.logSurvival(chain, lower);
  const fromAbove = logDifference(surviving, timeLaws.logSurvival(chain, upper));
  return where(less(surviving, Math.log(0.5)), fromAbove, fromBelow);
}

/** log(e^x − e^y) for y ≤ x. */
function logDifference(x: Value, y: Value): Value {
  const isDifferent = less(y, x);
  const gap = where(isDifferent, sub(y, x), -1);
  return where(isDifferent, add(x, log1p(neg(exp(gap)))), -Infinity);
}

/** An observation at 0 is the atom at 0 where the start may stop, else the density there. */
function logAtStart(chain: Chain, times: Value, cause: number | null): Value {
  const [atom] = timeLaws.atomsOf(chain, cause);
  const { rowCount } = chain.epochs[0].pattern;
  if (!chain.startMask.subarray(rowCount).includes(1)) return timeLaws.logDensity(chain, times, cause);
  const hasMass = less(0, atom.mass);
  const logMass = where(hasMass, log(where(hasMass, atom.mass, 1)), -Infinity);
  return mul(logMass, vector(new Float64Array(times.shape[0]).fill(1)));
}

/** PHX606 for a concrete log-likelihood of −∞. */
function checkPossible(logs: Value, term: Term): void {
  if (!(logs instanceof NdArray)) return;
  const index = logs.elements.indexOf(-Infinity);
  if (index < 0 || term.weights[index] === 0) return;
  throw impossibleRow(term.rows[index], `time ${term.times[index]}`);
}

export function impossibleRow(row: number, what: string): PhxError {
  return new PhxError({
    code: "PHX606",
    what: `row ${row}: the model gives ${what} probability 0`,
    why: "the log-likelihood would be minus infinity whatever the other rows",
    fix: "correct or drop the row, or let the model do what it shows",
  });
}
