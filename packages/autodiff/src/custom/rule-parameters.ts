// What the primitives of customJvp and customVjp have in common: they run a program, and batch it with its rule.
import { bind } from "../bind.ts";
import { evaluateProgram } from "../evaluate-program.ts";
import { dependentOutputs } from "../passes/dependence.ts";
import type { Primitive, Tangent } from "../primitive.ts";
import type { Program } from "../program.ts";
import { outputTypes } from "../program-types.ts";
import type { CallParameters } from "../transforms/call-primitive.ts";
import { batchAll } from "../transforms/call-primitive.ts";
import { batchProgram } from "../transforms/program-transforms.ts";
import { LazyRule } from "./lazy-rule.ts";
import { ruleError } from "./rule-errors.ts";

export interface RuleParameters<R> extends CallParameters {
  readonly rule: LazyRule<R>;
  /** Operands after these are values that the function closes over: they must not be differentiated. */
  readonly argumentCount: number;
}

/**
 * The rules that do not differentiate. Under a batch everything is given the batch axis, so that the batched form of
 * the rule does not depend on what was batched; `batchRule` makes it with the batching of one program.
 */
export function ruleFreeRules<R>(
  self: () => Primitive<RuleParameters<R>>,
  batchRule: (rule: R, whole: (program: Program) => Program) => R,
): Required<Pick<Primitive<RuleParameters<R>>, "type" | "inline" | "dependence" | "evaluate" | "batch">> {
  return {
    type: (_operands, { program }) => outputTypes(program),
    inline: ({ program }) => program,
    dependence: (operands, { program }) => dependentOutputs(program, operands),
    evaluate: (operands, { program }) => evaluateProgram(program, operands),
    batch(operands, axes, parameters, size, axisName) {
      const whole = (program: Program): Program => {
        const inputs = Array.from({ length: program.inputCount }, () => true);
        const outputs = Array.from(program.outputs, () => true);
        return batchProgram(program, inputs, size, axisName, outputs).program;
      };
      const every = operands.map(() => true);
      const results = bind(self(), batchAll(operands, axes, every, size), {
        ...parameters,
        program: whole(parameters.program),
        rule: new LazyRule(() => batchRule(parameters.rule.get(), whole)),
      });
      return { results, axes: results.map(() => 0) };
    },
  };
}

/** A value that the function closes over has no place in the rule, so it must not carry a tangent. */
export function checkOuterTangents(tangents: readonly Tangent[], what: string): void {
  if (tangents.every((tangent) => tangent === null)) return;
  throw ruleError(
    `${what} is differentiated in a value that it closes over`,
    "the rule speaks of the arguments only",
    "pass the value as an argument, or stop its gradient",
  );
}
