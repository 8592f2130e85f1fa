// Residuals of several branches in common slots, so that all branches return and take the same arrays.
import type { ArrayType } from "../array.ts";
import { typeText } from "../array.ts";
import { zeros } from "../engine-operations.ts";
import { callProgram } from "../evaluate-program.ts";
import { simplify } from "../passes/simplify.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import { outputTypes } from "../program-types.ts";
import type { LinearizedProgram } from "../transforms/program-transforms.ts";

export interface SharedResiduals {
  /** Inputs as the branches'. Outputs: the branch's outputs, then all slots; slots of other branches are zero. */
  readonly forward: readonly Program[];
  /** Inputs: the tangents, all inputs of the branch, all slots. */
  readonly linear: readonly Program[];
}

/** Residuals of one type share slots: there are as many of a type as the branch with most of them needs. */
export function shareResiduals(
  splits: readonly LinearizedProgram[],
  inputs: readonly ArrayType[],
  outputCount: number,
  tangents: readonly ArrayType[],
): SharedResiduals {
  const slots: ArrayType[] = [];
  const slotOf = splits.map((split) => {
    const taken = new Set<number>();
    return outputTypes(split.primal)
      .slice(outputCount)
      .map((type) => {
        const key = typeText(type);
        let slot = slots.findIndex((candidate, s) => typeText(candidate) === key && !taken.has(s));
        if (slot < 0) slot = slots.push(type) - 1;
        taken.add(slot);
        return slot;
      });
  });
  const forward = splits.map((split, b) => {
    const { program } = traceProgram(
      (values) => {
        const results = callProgram(split.primal, values);
        const filledSlots = slots.map((type, s) => {
          const residual = slotOf[b].indexOf(s);
          return residual < 0 ? zeros(type) : results[outputCount + residual];
        });
        return [...results.slice(0, outputCount), ...filledSlots];
      },
      inputs,
      "cond",
    );
    return program;
  });
  const linear = splits.map((split, b) => {
    const { program } = traceProgram(
      (values) => {
        const residuals = split.residualSources.map((source) =>
          source >= 0
            ? values[tangents.length + source]
            : values[tangents.length + inputs.length + slotOf[b][-1 - source]],
        );
        return callProgram(split.linear, [...values.slice(0, tangents.length), ...residuals]);
      },
      [...tangents, ...inputs, ...slots],
      "cond",
    );
    return simplify(program);
  });
  return { forward, linear };
}
