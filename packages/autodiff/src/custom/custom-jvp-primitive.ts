// The primitive behind customJvp: runs a program, and differentiates by the rule that comes with it.
import { isFloat } from "../array.ts";
import { bind } from "../bind.ts";
import { callProgram, evaluateProgram } from "../evaluate-program.ts";
import { dependentOutputs } from "../passes/dependence.ts";
import { inlineCalls } from "../passes/inline-calls.ts";
import type { LinearSplit } from "../passes/split-linear.ts";
import { splitLinear } from "../passes/split-linear.ts";
import type { Batched, Primitive, Tangent } from "../primitive.ts";
import type { Program } from "../program.ts";
import { outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import type { CallParameters } from "../transforms/call-primitive.ts";
import { batchAll } from "../transforms/call-primitive.ts";
import { batchProgram } from "../transforms/program-transforms.ts";
import { instantiate } from "../transforms/zero-tangents.ts";
import { LazyRule } from "./lazy-rule.ts";
import { ruleError } from "./rule-errors.ts";

export interface CustomJvpParameters extends CallParameters {
  /** Inputs: the arguments, then their tangents. Outputs: results, then their tangents. */
  readonly rule: LazyRule<Program>;
  /** Operands after these are values that the function closes over: they must not be differentiated. */
  readonly argumentCount: number;
}

export const customJvpPrimitive: Primitive<CustomJvpParameters> = {
  name: "custom_jvp",
  documentation: "runs a program on its operands; its derivative is a rule given by the user",
  type: (_operands, { program }) => outputTypes(program),
  inline: ({ program }) => program,
  dependence: (operands, { program }) => dependentOutputs(program, operands),
  evaluate: (operands, { program }) => evaluateProgram(program, operands),
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
  // Everything is given the batch axis, so that the rule's batched form does not depend on what was batched.
  batch(operands, axes, parameters, size, axisName): Batched {
    const { program, rule, argumentCount } = parameters;
    const every = operands.map(() => true);
    const everyOutput = Array.from(program.outputs, () => true);
    const batched = batchProgram(program, every, size, axisName, everyOutput).program;
    const batchedRule = new LazyRule(() => {
      const inner = rule.get();
      const inputs = Array.from({ length: inner.inputCount }, () => true);
      return batchProgram(
        inner,
        inputs,
        size,
        axisName,
        Array.from(inner.outputs, () => true),
      ).program;
    });
    const results = bind(customJvpPrimitive, batchAll(operands, axes, every, size), {
      ...parameters,
      program: batched,
      rule: batchedRule,
      argumentCount,
    });
    return { results, axes: everyOutput.map(() => 0) };
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

/** A value that the function closes over has no place in the rule, so it must not carry a tangent. */
export function checkOuterTangents(tangents: readonly Tangent[], what: string): void {
  if (tangents.every((tangent: Value | null) => tangent === null)) return;
  throw ruleError(
    `${what} is differentiated in a value that it closes over`,
    "the rule speaks of the arguments only",
    "pass the value as an argument, or stop its gradient",
  );
}
