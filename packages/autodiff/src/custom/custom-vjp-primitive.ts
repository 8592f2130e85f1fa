// The primitives behind customVjp: the function itself, and the linear map that only reverse mode can run.
import type { ArrayType, DType } from "../array.ts";
import { isFloat } from "../array.ts";
import { bind } from "../bind.ts";
import { PhxError } from "../errors.ts";
import { callProgram } from "../evaluate-program.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Program } from "../program.ts";
import type { Value } from "../trace.ts";
import { present, splitTangents } from "../transforms/call-primitive.ts";
import { instantiateOne } from "../transforms/zero-tangents.ts";
import type { LazyRule } from "./lazy-rule.ts";
import type { RuleParameters } from "./rule-parameters.ts";
import { checkOuterTangents, ruleFreeRules } from "./rule-parameters.ts";

export interface VjpRule {
  /** Inputs: the arguments. Outputs: results, then residuals. */
  readonly forward: Program;
  /** Inputs: residuals, then a cotangent for each result. Outputs: a cotangent for each argument. */
  readonly backward: Program;
}

function forwardModeError(name: string): PhxError {
  return new PhxError({
    code: "PHX937",
    what: `can't apply forward-mode differentiation (jvp) to ${name}, which was made by customVjp`,
    why: "its rule is for reverse mode only; jvp, jacfwd, hvp and the outer half of hessian use forward mode",
    fix: "use customJvp, whose rule serves both modes, or reverse mode (grad, vjp, jacrev)",
  });
}

export const customVjpPrimitive: Primitive<RuleParameters<VjpRule>> = {
  name: "custom_vjp",
  documentation: "runs a program on its operands; reverse mode uses rules given by the user",
  ...ruleFreeRules<VjpRule>(
    () => customVjpPrimitive,
    ({ forward, backward }, whole) => ({ forward: whole(forward), backward: whole(backward) }),
  ),
  jvp(_primals, _tangents, { name }) {
    throw forwardModeError(name);
  },
  linearize(primals, tangents, { program, rule, argumentCount, name }) {
    checkOuterTangents(tangents.slice(argumentCount), `customVjp of ${name}`);
    const args = primals.slice(0, argumentCount);
    const outputs = callProgram(rule.get().forward, args);
    const count = program.outputs.length;
    const results = outputs.slice(0, count);
    const residuals = outputs.slice(count);
    const nonzero = results.map((result) => isFloat(result.dtype));
    const outTangents = bind(customVjpLinearPrimitive, [...residuals, ...present(tangents)], {
      rule,
      name,
      residualCount: residuals.length,
      marked: tangents.slice(0, argumentCount).map((tangent) => tangent !== null),
      results: results.map(({ type }) => [type.dtype, type.shape] as const),
    });
    return splitTangents([...results, ...outTangents], count, nonzero);
  },
};

interface LinearParameters extends Parameters {
  readonly rule: LazyRule<VjpRule>;
  readonly name: string;
  readonly residualCount: number;
  readonly marked: readonly boolean[];
  /** dtype and shape of each result of the function. */
  readonly results: readonly (readonly [DType, readonly number[]])[];
}

/** Operands: residuals, then the tangents of the marked arguments. It can be transposed and nothing else. */
const customVjpLinearPrimitive: Primitive<LinearParameters> = {
  name: "custom_vjp_linear",
  documentation: "the derivative of a customVjp function; only reverse mode can run it",
  type: (_operands, parameters) => resultTypes(parameters).filter((type) => isFloat(type.dtype)),
  evaluate(_operands, { name }) {
    throw forwardModeError(name);
  },
  jvp(_primals, _tangents, { name }) {
    throw forwardModeError(name);
  },
  batch(_operands, _axes, { name }) {
    throw forwardModeError(name);
  },
  transpose(cotangents, operands, parameters) {
    const { rule, residualCount, marked } = parameters;
    const residuals = operands
      .slice(0, residualCount)
      .filter((operand): operand is Value => !(operand instanceof LinearOperand));
    let next = 0;
    const given = resultTypes(parameters).map((type) =>
      instantiateOne({ type }, isFloat(type.dtype) ? cotangents[next++] : null),
    );
    const back = callProgram(rule.get().backward, [...residuals, ...given]);
    return [...residuals.map(() => null), ...back.filter((_, i) => marked[i])];
  },
};

function resultTypes({ results }: LinearParameters): ArrayType[] {
  return results.map(([dtype, shape]) => ({ dtype, shape }));
}
