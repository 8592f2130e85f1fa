// Errors of custom derivative rules.
import type { ArrayType } from "../array.ts";
import { isFloat, sameShape, typeText } from "../array.ts";
import { PhxError } from "../errors.ts";
import type { TreeStructure } from "../tree.ts";
import { structureText } from "../tree.ts";

export function ruleError(what: string, why: string, fix: string): PhxError {
  return new PhxError({ code: "PHX940", what, why, fix });
}

export function missingRule(kind: string, define: string): PhxError {
  return ruleError(
    `a function made by ${kind} was called before its rule was given`,
    "without the rule it has no derivative",
    `call ${define} on it first`,
  );
}

export function checkRuleTree(expected: TreeStructure, given: TreeStructure, what: string): void {
  if (expected.key === given.key) return;
  throw ruleError(
    `${what} has the tree ${structureText(given)}, and ${structureText(expected)} is needed`,
    "a rule speaks of the same results and arguments as its function",
    "return the tree of the function",
  );
}

/** Types must agree but for the weak flag; integers and booleans have tangents of any type. */
export function checkRuleTypes(
  expected: readonly ArrayType[],
  given: readonly ArrayType[],
  what: string,
): void {
  expected.forEach((type, i) => {
    if (!isFloat(type.dtype)) return;
    if (type.dtype === given[i].dtype && sameShape(type.shape, given[i].shape)) return;
    throw ruleError(
      `${what} ${i} is ${typeText(given[i])}, and ${typeText(type)} is needed`,
      "tangents and cotangents have the shape and dtype of what they belong to",
      "convert, reshape or reduce in the rule",
    );
  });
}

export function checkClosed(captured: readonly unknown[], what: string): void {
  if (captured.length === 0) return;
  throw ruleError(
    `${what} closes over a traced value`,
    "a rule is run at another time than its function, when the outer value is gone",
    "pass the value as an argument (nondiffArgnums names arguments that are not differentiated)",
  );
}
