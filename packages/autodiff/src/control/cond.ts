// cond: one of several branches, chosen by an index; only the chosen one runs.
import type { ArrayType } from "../array.ts";
import { sameShape, typeText } from "../array.ts";
import { bind } from "../bind.ts";
import { convertTo } from "../engine-operations.ts";
import { PhxError } from "../errors.ts";
import { outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { structureText } from "../tree.ts";
import type { TreeFunction } from "../transforms/flat-function.ts";
import { FlatFunction, flattenValues, leafValue } from "../transforms/flat-function.ts";
import type { AcceptsAll, Returns } from "../transforms/types.ts";
import type { Leaf } from "../tree.ts";
import { condPrimitive } from "./cond-primitive.ts";
import { traceBranches } from "./trace-branches.ts";

/**
 * `cond(predicate, onTrue, onFalse, ...operands)`: the result of one of two functions of the operands, which
 * must have one tree and one type (PHX939). The predicate is a scalar "bool" or integer. Only the chosen branch
 * runs; under vmap with a batched predicate both run and np.where picks.
 */
export function cond<A extends readonly unknown[], R>(
  predicate: Leaf,
  onTrue: (...operands: A) => R,
  onFalse: (...operands: A) => R,
  ...operands: AcceptsAll<A>
): Returns<R> {
  const value = leafValue(predicate);
  checkScalar(value, "the predicate of cond");
  const branches = [onFalse, onTrue] as unknown as readonly TreeFunction[];
  // Numbers other than 0 and 1 are true, as in JAX.
  return choose(convertTo(convertTo(value, "bool"), "i32"), branches, operands, "cond") as Returns<R>;
}

/** `switchCase(index, branches, ...operands)`: branch number `index`, clamped to the branches there are. */
export function switchCase<A extends readonly unknown[], R>(
  index: Leaf,
  branches: readonly ((...operands: A) => R)[],
  ...operands: AcceptsAll<A>
): Returns<R> {
  const value = leafValue(index);
  checkScalar(value, "the index of switchCase");
  const functions = branches as unknown as readonly TreeFunction[];
  return choose(convertTo(value, "i32"), functions, operands, "switchCase") as Returns<R>;
}

function choose(
  index: Value,
  branches: readonly TreeFunction[],
  operands: readonly unknown[],
  name: string,
): unknown {
  const { values, structure } = flattenValues(operands);
  const types = values.map((value) => value.type);
  const flats = branches.map((branch) => new FlatFunction(branch, structure));
  const { programs, captured } = traceBranches(
    flats.map((flat) => flat.call),
    types,
    name,
  );
  const [first] = flats;
  flats.forEach((flat, i) => {
    if (flat.outputStructure.key !== first.outputStructure.key) {
      throw branchError(
        `${name}: branch 0 returns the tree ${structureText(first.outputStructure)} and branch ${i} ${structureText(flat.outputStructure)}`,
      );
    }
    checkTypes(outputTypes(programs[0]), outputTypes(programs[i]), i, name);
  });
  return first.outputTree(bind(condPrimitive, [index, ...values, ...captured], { branches: programs }));
}

function checkScalar(value: Value, what: string): void {
  if (value.ndim === 0 && ((value.dtype !== "f64" && value.dtype !== "f32") || value.weak)) return;
  throw new PhxError({
    code: "PHX939",
    what: `${what} is ${typeText(value.type)}`,
    why: "a branch is chosen by one boolean or one integer",
    fix: "reduce it (any, all, an element), compare it, or choose elementwise with np.where",
  });
}

function checkTypes(a: readonly ArrayType[], b: readonly ArrayType[], branch: number, name: string): void {
  a.forEach((type, i) => {
    if (type.dtype === b[i].dtype && sameShape(type.shape, b[i].shape)) return;
    throw branchError(
      `${name}: result ${i} of branch 0 is ${typeText(type)} and of branch ${branch} ${typeText(b[i])}`,
    );
  });
}

function branchError(what: string): PhxError {
  return new PhxError({
    code: "PHX939",
    what,
    why: "all branches must return one tree of one type, because the choice is made when the program runs",
    fix: "convert or reshape the results of one branch",
  });
}
