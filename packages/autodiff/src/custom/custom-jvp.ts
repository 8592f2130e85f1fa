// customJvp: a function with a derivative rule of its own, for forward and reverse mode alike.
import type { ArrayType } from "../array.ts";
import { simplify } from "../passes/simplify.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import type { Value } from "../trace.ts";
import { unflatten } from "../tree.ts";
import type { TreeFunction } from "../transforms/flat-function.ts";
import { flattenValues } from "../transforms/flat-function.ts";
import { tangentTypeOf } from "../transforms/zero-tangents.ts";
import type { AcceptsAll, Returns } from "../transforms/types.ts";
import type { CustomOptions, RuleContext } from "./call-with-rule.ts";
import { callWithRule } from "./call-with-rule.ts";
import { customJvpPrimitive } from "./custom-jvp-primitive.ts";
import { checkClosed, checkRuleTree, checkRuleTypes, missingRule, ruleError } from "./rule-errors.ts";

/** A function with a rule: `defjvp` gives it, and returns the function. */
export interface CustomJvp<A extends readonly unknown[], R> {
  (...args: AcceptsAll<A>): Returns<R>;
  /**
   * `(primals, tangents) → [result, tangent of the result]`, both lists with one entry per argument; tangents
   * of integers are zeros. With nondiffArgnums these arguments come first and are missing in the lists. The
   * rule must be linear in the tangents. It may call the function itself.
   */
  defjvp(rule: (...args: never[]) => readonly [unknown, unknown]): CustomJvp<A, R>;
}

/**
 * `const f = customJvp(g); f.defjvp((primals, tangents) => [result, tangent])`: f computes what g computes and
 * differentiates as the rule says, in both modes and to any order that the rule itself can be differentiated.
 */
export function customJvp<A extends readonly Value[], R>(f: (...args: A) => R): CustomJvp<A, R>;
export function customJvp<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  options?: CustomOptions,
): CustomJvp<A, R>;
export function customJvp(
  f: TreeFunction,
  options: CustomOptions = {},
): CustomJvp<readonly unknown[], unknown> {
  let rule: TreeFunction | null = null;
  const custom = (...args: readonly unknown[]): unknown => {
    if (rule === null) throw missingRule("customJvp", "defjvp");
    const given = rule;
    return callWithRule(customJvpPrimitive, "customJvp", f, args, options, (context) =>
      traceRule(given, context),
    );
  };
  return Object.assign(custom as CustomJvp<readonly unknown[], unknown>, {
    defjvp(given: (...args: never[]) => readonly [unknown, unknown]) {
      rule = given as unknown as TreeFunction;
      return custom as CustomJvp<readonly unknown[], unknown>;
    },
  });
}

/** Inputs: primals, then a tangent for each of them. Outputs: results, then a tangent for each of them. */
function traceRule(
  rule: TreeFunction,
  { fixed, structure, types, outputStructure, resultTypes }: RuleContext,
): Program {
  const { program, captured } = traceProgram(
    (inputs) => {
      const primals = unflatten(structure, inputs.slice(0, types.length));
      const tangents = unflatten(structure, inputs.slice(types.length));
      const pair = rule(...fixed, primals, tangents);
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw ruleError(
          "the rule of customJvp must return [result, tangent]",
          "it gives the value and its derivative",
          "return an array of two",
        );
      }
      const [result, tangent] = [flattenValues(pair[0]), flattenValues(pair[1])];
      checkRuleTree(outputStructure, result.structure, "the result of the rule of customJvp");
      checkRuleTree(outputStructure, tangent.structure, "the tangent of the rule of customJvp");
      const typesOf = (leaves: readonly Value[]): ArrayType[] => leaves.map((leaf) => leaf.type);
      checkRuleTypes(resultTypes, typesOf(result.values), "the result of the rule of customJvp, leaf");
      checkRuleTypes(resultTypes, typesOf(tangent.values), "the tangent of the rule of customJvp, leaf");
      return [...result.values, ...tangent.values];
    },
    [...types, ...types.map(tangentTypeOf)],
    "customJvp",
  );
  checkClosed(captured, "the rule of customJvp");
  return simplify(program);
}
