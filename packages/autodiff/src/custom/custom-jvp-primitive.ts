// The primitive behind customJvp: runs a program, and differentiates by the rule that comes with it.
import { isFloat } from "../array.ts";
import { callProgram } from "../evaluate-program.ts";
import { inlineCalls } from "../passes/inline-calls.ts";
import type { LinearSplit } from "../passes/split-linear.ts";
import { splitLinear } from "../passes/split-linear.ts";
import type { Primitive } from "../primitive.ts";
import type { Program } from "../program.ts";
import { instantiate } from "../transforms/zero-tangents.ts";
import { ruleError } from "./rule-errors.ts";
import type { RuleParameters } from "./rule-parameters.ts";
import { checkOuterTangents, ruleFreeRules } from "./rule-parameters.ts";

/** The rule's inputs: the arguments, then their tangents. Its outputs: results, then their tangents. */
export const customJvpPrimitive: Primitive<RuleParameters<Program>> = {
  name: "custom_jvp",
  documentation: "runs a program on its operands; its derivative is a rule given by the user",
  ...ruleFreeRules<Program>(
    () => customJvpPrimitive,
    (rule, whole) => whole(rule),
  ),
  jvp(primals, tangents, { rule, argumentCount, name }) {
    checkOuterTangents(tangents.slice(argumentCount), `customJvp of ${name}`);
    const args = primals.slice(0, argumentCount);
    const program = rule.get();
    const results = callProgram(program, [...args, ...instantiate(args, tangents)]);
    const count = results.length / 2;
    return {
      primals: results.slice(0, count),
      tangents: results
        .slice(0, count)
        .map((primal, i) => (isFloat(primal.dtype) ? results[count + i] : null)),
    };
  },
  // The part of the rule that does not read the tangents is run on the primals alone.
  linearize(primals, tangents, { rule, argumentCount, name }) {
    checkOuterTangents(tangents.slice(argumentCount), `customJvp of ${name}`);
    const args = primals.slice(0, argumentCount);
    const { split, flat } = splitRule(rule.get());
    const count = flat.outputs.length / 2;
    if (split.linearOutputs.slice(0, count).includes(true)) {
      throw ruleError(
        `the rule of customJvp of ${name} makes the result depend on the tangents`,
        "the result is the function's value, whatever the tangent",
        "compute the first entry of what the rule returns from the primals alone",
      );
    }
    const known = callProgram(split.known, args);
    const knownCount = known.length - split.residualCount;
    const linear = callProgram(split.linear, [...instantiate(args, tangents), ...known.slice(knownCount)]);
    let nextKnown = 0;
    let nextLinear = 0;
    const outputs = split.linearOutputs.map((flag) => (flag ? linear[nextLinear++] : known[nextKnown++]));
    const results = outputs.slice(0, count);
    return {
      primals: results,
      tangents: results.map((primal, i) => (isFloat(primal.dtype) ? outputs[count + i] : null)),
    };
  },
};

interface RuleSplit {
  readonly flat: Program;
  readonly split: LinearSplit;
}

const splits = new WeakMap<Program, RuleSplit>();

/** Calls are inlined first, so that one equation does not compute values and tangents together. */
function splitRule(program: Program): RuleSplit {
  let found = splits.get(program);
  if (found === undefined) {
    const flat = inlineCalls(program, (primitive) => primitive.name === "call");
    const isTangent = Array.from({ length: flat.inputCount }, (_, i) => 2 * i >= flat.inputCount);
    found = { flat, split: splitLinear(flat, isTangent) };
    splits.set(program, found);
  }
  return found;
}
