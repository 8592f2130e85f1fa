// Array dimensions and state ranges: whole numbers that constants decide.
import type { Range } from "../syntax/index.ts";
import { levels } from "../terms/kinds.ts";
import type { Shape } from "../terms/shape.ts";
import { checkRange } from "./binders.ts";
import { placeIn } from "./context.ts";
import type { ExpressionContext } from "./context.ts";
import { evaluateConstant } from "./evaluate.ts";

/** Arrays of more entries than this are refused. */
export const maximumEntries = 1_000_000;

const smallest = -(2 ** 31);
const largest = 2 ** 31 - 1;

/** The shape of `b[1..n, 0..m]`; null after an error. */
export function checkDimensions(
  dimensions: readonly Range[],
  name: string,
  context: ExpressionContext,
): Shape | null {
  const from: number[] = [];
  const sizes: number[] = [];
  let size = 1;
  for (const range of dimensions) {
    const ends = constantRange(range, context, `the size of \`${name}\``);
    if (ends === null) return null;
    from.push(ends.low);
    sizes.push(ends.high - ends.low + 1);
    size *= ends.high - ends.low + 1;
    if (size > maximumEntries) {
      const { report } = context.model;
      report.error(
        "PHX414",
        placeIn(context, range),
        `\`${name}\` has more than ${maximumEntries.toLocaleString("en-US")} entries`,
        {
          hint: "lower the ends of the ranges",
        },
      );
      return null;
    }
  }
  return { from, sizes };
}

/** The ends of a range that is not empty; null after an error. */
export function constantRange(
  range: Range,
  context: ExpressionContext,
  what: string,
): { readonly low: number; readonly high: number } | null {
  const { report } = context.model;
  const ends = checkRange(range, { ...context, maximum: levels.constant }, what, levels.constant);
  const low = evaluateConstant(context.model, ends.low, what);
  const high = evaluateConstant(context.model, ends.high, what);
  if (Number.isNaN(low) || Number.isNaN(high)) return null;
  const place = placeIn(context, range);
  if (low > high) {
    report.error("PHX504", place, `the range is empty: \`${report.text(place)}\``, {
      label: `from ${low} to ${high} there is no number`,
      hint: `write the smaller end first`,
    });
    return null;
  }
  if (low < smallest || high > largest) {
    report.error("PHX414", place, `a range may not reach beyond ${smallest}..${largest}`, {
      label: `this is ${low}..${high}`,
      hint: "count in larger units",
    });
    return null;
  }
  return { low, high };
}
