// The log-likelihood of observed times and rewards, exact, censored and truncated.
import type { Value } from "@phxlang/autodiff";
import { NdArray, PhxError } from "@phxlang/autodiff";
import type { StopObservations } from "@phxlang/graph";
import { censoring } from "@phxlang/graph";
import {
  add,
  concatenate,
  exp,
  less,
  log,
  log1p,
  mul,
  neg,
  sub,
  sum,
  take,
  vector,
  where,
} from "../array-operations.ts";
import type { Chain } from "./chain.ts";
import * as timeLaws from "./time-laws.ts";

/** Rows of one kind and cause: each distinct time once. */
interface Term {
  readonly kind: number;
  readonly cause: number;
  readonly times: number[];
  readonly uppers: number[];
  /** Sum of the weights of the rows of each distinct time. */
  readonly weights: number[];
  /** First row of each distinct time, one-based in the user's table. */
  readonly rows: number[];
  readonly index: Map<string, number>;
}

/** A distinct time of a term, and how its logarithm enters a row: +1 for what was seen, −1 for being seen at all. */
interface Contribution {
  readonly term: Term;
  readonly place: number;
  readonly sign: 1 | -1;
}

/** Σ weight · log likelihood over some rows of stop observations that share a chain. */
export function stopLogLikelihood(chain: Chain, data: StopObservations, rows: ArrayLike<number>): Value {
  const { terms } = termsOf(chain, data, rows);
  const parts = terms.map((term) =>
    sum(mul(checkedLogs(chain, term), vector(Float64Array.from(term.weights)))),
  );
  return parts.length === 0 ? sum(vector(new Float64Array(0))) : parts.reduce(add);
}

/** weight · log likelihood of each of some rows: [rows]. */
export function stopLogLikelihoods(chain: Chain, data: StopObservations, rows: ArrayLike<number>): Value {
  const { terms, contributions } = termsOf(chain, data, rows);
  if (terms.length === 0) return vector(new Float64Array(0));
  const offsets = new Map<Term, number>();
  let length = 0;
  for (const term of terms) {
    offsets.set(term, length);
    length += term.times.length;
  }
  const logs = concatenate(terms.map((term) => checkedLogs(chain, term)));
  const places = (sign: 1 | -1): number[] =>
    contributions.map((own) => {
      const found = own.find((contribution) => contribution.sign === sign);
      return found === undefined ? -1 : (offsets.get(found.term) ?? 0) + found.place;
    });
  const seen = take(logs, places(1));
  const each = places(-1).every((place) => place < 0) ? seen : sub(seen, take(logs, places(-1)));
  const weights = Float64Array.from(rows, (row) => data.weights?.[row] ?? 1);
  return mul(each, vector(weights));
}

/** The distinct times of rows by kind and cause, and for each row what its log likelihood is made of. */
function termsOf(
  chain: Chain,
  data: StopObservations,
  rows: ArrayLike<number>,
): { readonly terms: readonly Term[]; readonly contributions: readonly (readonly Contribution[])[] } {
  const terms = new Map<string, Term>();
  const join = (row: number, sign: 1 | -1, kind: number, cause: number, time: number, upper = 0) => {
    const key = `${kind},${cause}`;
    let term = terms.get(key);
    if (term === undefined) {
      term = { kind, cause, times: [], uppers: [], weights: [], rows: [], index: new Map() };
      terms.set(key, term);
    }
    let place = term.index.get(`${time},${upper}`);
    if (place === undefined) {
      place = term.times.push(time) - 1;
      term.index.set(`${time},${upper}`, place);
      term.uppers.push(upper);
      term.weights.push(0);
      term.rows.push(data.sourceRows[row]);
    }
    term.weights[place] += sign * (data.weights?.[row] ?? 1);
    return { term, place, sign };
  };
  const isContinuous = chain.epochs[0].pattern.law === "continuous";
  const contributions = Array.from(rows, (row): Contribution[] => {
    const time = data.times[row];
    const upper = data.uppers?.[row] ?? Infinity;
    const isOpen = data.censoring[row] === censoring.interval && upper === Infinity;
    const kind = isOpen ? censoring.right : data.censoring[row];
    const cause = kind === censoring.right ? -1 : data.causes[row];
    const isStart = kind === censoring.exact && time === 0 && isContinuous;
    const seen =
      kind === censoring.interval
        ? join(row, 1, kind, cause, time, upper)
        : join(row, 1, isStart ? atStart : kind, cause, time);
    const entry = data.entries?.[row] ?? 0;
    const limit = data.limits?.[row] ?? Infinity;
    if (limit < Infinity) {
      return [
        seen,
        entry > 0
          ? join(row, -1, censoring.interval, -1, entry, limit)
          : join(row, -1, censoring.left, -1, limit),
      ];
    }
    return entry > 0 ? [seen, join(row, -1, afterEntry, -1, entry)] : [seen];
  });
  return { terms: [...terms.values()], contributions };
}

/** Log likelihoods of the distinct times of a term; PHX606 for a concrete −∞ of a row that counts. */
function checkedLogs(chain: Chain, term: Term): Value {
  const logs = logOfTerm(chain, term, term.kind, term.cause < 0 ? null : term.cause);
  checkPossible(logs, term);
  return logs;
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
  return where(less(surviving, -Math.LN2), fromAbove, fromBelow);
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
