// customVjp: a function with a reverse-mode rule of its own.
import { simplify } from "../passes/simplify.ts";
import { traceProgram } from "../program-trace.ts";
import { outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import type { TreeStructure } from "../tree.ts";
import { flatten, unflatten } from "../tree.ts";
import type { TreeFunction } from "../transforms/flat-function.ts";
import { flattenValues } from "../transforms/flat-function.ts";
import { flattenTangents } from "../transforms/tangents.ts";
import type { AcceptsAll, Returns } from "../transforms/types.ts";
import { instantiateOne, tangentTypeOf } from "../transforms/zero-tangents.ts";
import type { CustomOptions, RuleContext } from "./call-with-rule.ts";
import { callWithRule } from "./call-with-rule.ts";
import type { VjpRule } from "./custom-vjp-primitive.ts";
import { customVjpPrimitive } from "./custom-vjp-primitive.ts";
import { checkClosed, checkRuleTree, checkRuleTypes, missingRule, ruleError } from "./rule-errors.ts";

/** A function with a reverse-mode rule: `defvjp` gives it, and returns the function. */
export interface CustomVjp<A extends readonly unknown[], R> {
  (...args: AcceptsAll<A>): Returns<R>;
  /**
   * `forward(...args) → [result, residuals]` and `backward(residuals, cotangent) → [cotangent of each argument]`,
   * null for a zero. With nondiffArgnums, forward gets all arguments in their places, and backward gets those
   * before the residuals and returns nothing for them.
   */
  defvjp(
    forward: (...args: A) => readonly [R, unknown],
    backward: (...args: never[]) => readonly unknown[],
  ): CustomVjp<A, R>;
}

/**
 * `const f = customVjp(g); f.defvjp(forward, backward)`: f computes what g computes; reverse mode runs forward,
 * keeps its residuals, and calls backward. Forward mode (jvp, jacfwd) is refused with PHX937.
 */
export function customVjp<A extends readonly Value[], R>(f: (...args: A) => R): CustomVjp<A, R>;
export function customVjp<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  options?: CustomOptions,
): CustomVjp<A, R>;
export function customVjp(
  f: TreeFunction,
  options: CustomOptions = {},
): CustomVjp<readonly unknown[], unknown> {
  let rules: readonly [TreeFunction, TreeFunction] | null = null;
  const custom = (...args: readonly unknown[]): unknown => {
    if (rules === null) throw missingRule("customVjp", "defvjp");
    const given = rules;
    return callWithRule(customVjpPrimitive, "customVjp", f, args, options, (context) =>
      traceRules(given, context),
    );
  };
  return Object.assign(custom as CustomVjp<readonly unknown[], unknown>, {
    defvjp(forward: TreeFunction, backward: (...args: never[]) => readonly unknown[]) {
      rules = [forward, backward as unknown as TreeFunction];
      return custom as CustomVjp<readonly unknown[], unknown>;
    },
  });
}

function traceRules(
  [forward, backward]: readonly [TreeFunction, TreeFunction],
  { fixed, withFixed, structure, types, outputStructure, resultTypes }: RuleContext,
): VjpRule {
  const forwardCall = withFixed(forward);
  let residualStructure: TreeStructure = flatten(null).structure;
  const traced = traceProgram(
    (inputs) => {
      const pair = forwardCall(...(unflatten(structure, inputs) as readonly unknown[]));
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw ruleError(
          "the forward rule of customVjp must return [result, residuals]",
          "the residuals are what the backward rule gets",
          "return an array of two",
        );
      }
      const [result, residuals] = [flattenValues(pair[0]), flattenValues(pair[1])];
      checkRuleTree(outputStructure, result.structure, "the result of the forward rule of customVjp");
      checkRuleTypes(
        resultTypes,
        result.values.map((value) => value.type),
        "the result of the forward rule of customVjp, leaf",
      );
      residualStructure = residuals.structure;
      return [...result.values, ...residuals.values];
    },
    types,
    "customVjp",
  );
  checkClosed(traced.captured, "the forward rule of customVjp");
  const residualTypes = outputTypes(traced.program).slice(resultTypes.length);
  const back = traceProgram(
    (inputs) => {
      const residuals = unflatten(residualStructure, inputs.slice(0, residualTypes.length));
      const cotangent = unflatten(outputStructure, inputs.slice(residualTypes.length));
      const cotangents = flattenTangents(backward(...fixed, residuals, cotangent), structure, types, {
        code: "PHX940",
        mismatch: "the backward rule of customVjp returned, for argument and cotangent, different",
        noun: "cotangent",
      });
      return cotangents.map((given, i) => instantiateOne({ type: types[i] }, given));
    },
    [...residualTypes, ...resultTypes.map(tangentTypeOf)],
    "customVjp",
  );
  checkClosed(back.captured, "the backward rule of customVjp");
  return { forward: simplify(traced.program), backward: simplify(back.program) };
}
