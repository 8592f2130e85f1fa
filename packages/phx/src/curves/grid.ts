// Times to evaluate at where nobody named any.
import { PhxError } from "@phxlang/autodiff";
import type { Distribution } from "@phxlang/runtime";
import { numbersOf } from "../numbers-of.ts";
import type { Session } from "../session.ts";

/**
 * `count` times (fewer in discrete time) in equal, round steps from 0 until 99 % of the distribution, and at least
 * `reach`, is covered.
 */
export function defaultTimes(
  session: Session,
  variable: Distribution,
  count: number,
  reach = 0,
): Float64Array {
  const [quantile] = numbersOf(variable.quantile(session.theta, [0.99], session.evaluation));
  const end = Math.max(quantile, reach);
  if (!Number.isFinite(end)) {
    throw new PhxError({
      code: "PHX995",
      what: "there is no natural range of times to choose",
      why: "99 % of the distribution is not reached in finite time",
      fix: "give the times: --times 0:10:0.5",
    });
  }
  const wanted = end > 0 ? end / (count - 1) : 1;
  const step =
    variable.kind === "discrete" ? Math.max(1, Math.ceil(wanted)) : count > 50 ? wanted : roundUp(wanted);
  const length = Math.ceil(end / step - 1e-9) + 1;
  return Float64Array.from({ length }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The next of 1, 2, 2.5 and 5 times a power of ten. */
function roundUp(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const mantissa = wanted / power;
  return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 2.5 ? 2.5 : mantissa <= 5 ? 5 : 10);
}
