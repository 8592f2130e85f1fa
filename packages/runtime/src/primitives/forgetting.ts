// The time at which a chain has forgotten its start, as a primitive without derivatives.
import type { Primitive, Value } from "@phxlang/autodiff";
import { bind, NdArray, special } from "@phxlang/autodiff";
import type { EliminationTrace } from "@phxlang/graph";
import { report } from "../densities/report.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import { forgettingTime } from "../uniformization/quasi-stationary.ts";
import { valueDepth } from "../uniformization/reference-sweep.ts";
import type { BatchedParameters } from "./leading-batch.ts";
import { batchByLeadingAxis, batchedType, batchLength, itemOf } from "./leading-batch.ts";

type ForgettingParameters = BatchedParameters & {
  readonly pattern: OperatorPattern;
  readonly trace: EliminationTrace;
  /** Of the steps of a sweep, those that the search may take. */
  readonly share: number;
};

/** What the powers before the limit leave behind, relative to the value. */
const truncation = special.exp(-valueDepth);

/**
 * The result decides where a formula takes over from a sweep, not what the value is: it carries no derivative.
 */
export const forgetting: Primitive<ForgettingParameters> = {
  name: "forgetting_time",
  documentation:
    "slots, left [rows], right [rows], times [N] → [1], the time from which left e^{S t} decays at one rate; Infinity where no time is beyond it",
  type: (operands, { batched }) => [batchedType([1], batchLength(operands, batched))],
  evaluate(operands, { pattern, trace, share, batched }, [type]) {
    const length = batchLength(operands, batched) ?? 1;
    const result = Float64Array.from({ length }, (_, b) => {
      const [slots, left, right, times] = operands.map((operand, i) => itemOf(operand, batched[i] === 1, b));
      const largestTime = times.reduce((most, time) => Math.max(most, time), 0);
      const problem = { pattern, trace, slots, left, right, largestTime, share };
      const { time: limit, work } = forgettingTime(problem);
      const beyond = times.filter((time) => time > limit).length;
      if (beyond > 0) report([{ method: "quasi-stationary", times: beyond, work, error: truncation }]);
      return limit;
    });
    return [new NdArray(result, type.shape, "f64")];
  },
  jvp: (primals, _tangents, parameters) => ({
    primals: bind(forgetting, primals, parameters),
    tangents: [null],
  }),
  batch: (operands, axes, parameters, size) =>
    batchByLeadingAxis(operands, axes, parameters.batched, size, (merged, batched) =>
      bind(forgetting, merged, { ...parameters, batched }),
    ),
};

/**
 * The time [1] from which left [rows] has forgotten itself, for times [N] and a product with right [rows]. The search takes
 * at most a share of the steps that a sweep would take.
 */
export function forgettingTimeOf(
  pattern: OperatorPattern,
  trace: EliminationTrace,
  slots: Value,
  left: Value,
  right: Value,
  times: Value,
  share: number,
): Value {
  return bind(forgetting, [slots, left, right, times], { pattern, trace, share, batched: [0, 0, 0, 0] })[0];
}
