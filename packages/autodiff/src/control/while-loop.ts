// whileLoop: runs a body as long as a condition on the carry holds.
import { typeText } from "../array.ts";
import { bind } from "../bind.ts";
import { PhxError } from "../errors.ts";
import { simplify } from "../passes/simplify.ts";
import { traceProgram } from "../program-trace.ts";
import { outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { structureText, unflatten } from "../tree.ts";
import { flattenValues } from "../transforms/flat-function.ts";
import type { Accepts, Returns } from "../transforms/types.ts";
import { traceCarryLoop } from "./carry-types.ts";
import { whilePrimitive } from "./while-primitive.ts";

/**
 * `whileLoop(condition, body, initial)`: carry = body(carry) while condition(carry), a scalar "bool", holds. The
 * number of steps may depend on values, so that reverse mode, which would have to keep every step, is an error
 * (PHX938); forward mode and vmap work.
 */
export function whileLoop<C>(
  condition: (carry: C) => Value | boolean,
  body: (carry: C) => C,
  initial: Accepts<C>,
): Returns<C> {
  const carry = flattenValues(initial);
  const treeOf = (values: readonly Value[]): C => unflatten(carry.structure, values) as C;
  const step = (inputs: readonly Value[]): readonly Value[] => {
    const next = flattenValues(body(treeOf(inputs)));
    if (next.structure.key === carry.structure.key) return next.values;
    throw new PhxError({
      code: "PHX939",
      what: `whileLoop: the carry starts as the tree ${structureText(carry.structure)} and the body returns ${structureText(next.structure)}`,
      why: "the carry goes round the loop and so keeps its tree",
      fix: "make the initial carry and the body's carry agree",
    });
  };
  const loop = traceCarryLoop(step, carry.values, [], "whileLoop");
  const test = traceProgram(
    (inputs) => flattenValues(condition(treeOf(inputs))).values,
    loop.carry.map((value) => value.type),
    "whileLoop",
  );
  const [decision, ...others] = outputTypes(test.program);
  if (others.length > 0 || decision?.dtype !== "bool" || decision.shape.length > 0) {
    throw new PhxError({
      code: "PHX939",
      what: `whileLoop: the condition returns ${outputTypes(test.program).map(typeText).join(", ")}`,
      why: "whether to go on is one boolean",
      fix: "return a comparison of scalars, or reduce with any() or all()",
    });
  }
  const results = bind(whilePrimitive, [...loop.carry, ...test.captured, ...loop.captured], {
    condition: simplify(test.program),
    body: loop.program,
    conditionConstants: test.captured.length,
  });
  return unflatten(carry.structure, results) as Returns<C>;
}
