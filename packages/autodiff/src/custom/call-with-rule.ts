// callWithRule: what calls of customJvp and customVjp functions have in common, from arguments to the primitive.
import type { ArrayType } from "../array.ts";
import { bind } from "../bind.ts";
import { simplify } from "../passes/simplify.ts";
import type { Primitive } from "../primitive.ts";
import { traceProgram } from "../program-trace.ts";
import { outputTypes } from "../program-types.ts";
import { Tracer } from "../trace.ts";
import type { TreeStructure } from "../tree.ts";
import type { TreeFunction } from "../transforms/flat-function.ts";
import { FlatFunction, flattenValues } from "../transforms/flat-function.ts";
import { LazyRule } from "./lazy-rule.ts";
import { splitArguments } from "./nondiff-arguments.ts";
import type { RuleParameters } from "./rule-parameters.ts";

export interface CustomOptions {
  /** Arguments that are not differentiated and are handed to the rule first; they may be anything. */
  readonly nondiffArgnums?: number | readonly number[];
}

/** What a rule is traced for. */
export interface RuleContext {
  /** The arguments of nondiffArgnums. */
  readonly fixed: readonly unknown[];
  /** A function of all arguments as one of the differentiable ones. */
  readonly withFixed: (f: TreeFunction) => TreeFunction;
  /** Tree and leaf types of the differentiable arguments. */
  readonly structure: TreeStructure;
  readonly types: readonly ArrayType[];
  readonly outputStructure: TreeStructure;
  readonly resultTypes: readonly ArrayType[];
}

/** Runs f at once where nothing is traced; otherwise binds the primitive, whose rule is traced when it is needed. */
export function callWithRule<R>(
  primitive: Primitive<RuleParameters<R>>,
  transform: string,
  f: TreeFunction,
  args: readonly unknown[],
  { nondiffArgnums }: CustomOptions,
  traceRule: (context: RuleContext) => R,
): unknown {
  const { fixed, differentiable, call } = splitArguments(args, nondiffArgnums, f);
  const { values, structure } = flattenValues(differentiable);
  const flat = new FlatFunction(call, structure);
  if (!values.some((value) => value instanceof Tracer)) return flat.outputTree(flat.call(values));
  const types = values.map((value) => value.type);
  const { program, captured } = traceProgram(flat.call, types, transform);
  const rule = new LazyRule(() =>
    traceRule({
      fixed,
      withFixed: (g) => splitArguments(args, nondiffArgnums, g).call,
      structure,
      types,
      outputStructure: flat.outputStructure,
      resultTypes: outputTypes(program),
    }),
  );
  const results = bind(primitive, [...values, ...captured], {
    program: simplify(program),
    rule,
    argumentCount: values.length,
    name: f.name === "" ? "function" : f.name,
  });
  return flat.outputTree(results);
}
