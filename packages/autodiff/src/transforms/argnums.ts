// argnums: choosing the arguments that a transform acts on, and fixing the others.
import { PhxError } from "../errors.ts";
import { map } from "../tree.ts";
import type { TreeFunction } from "./flat-function.ts";
import { leafValue } from "./flat-function.ts";

export interface ChosenArguments {
  /** The function of the chosen arguments alone. */
  readonly f: TreeFunction;
  readonly args: readonly unknown[];
}

/** Negative numbers count from the last argument, as in JAX. */
export function chosenArguments(
  f: TreeFunction,
  args: readonly unknown[],
  argnums: number | readonly number[],
  transform: string,
): ChosenArguments {
  const numbers = typeof argnums === "number" ? [argnums] : argnums;
  const positions = numbers.map((number) => {
    const position = number < 0 ? number + args.length : number;
    if (!Number.isInteger(number) || position < 0 || position >= args.length) {
      throw new PhxError({
        code: "PHX933",
        what: `argnums of ${transform} names argument ${number}, and the call has ${args.length}`,
        why: "arguments are numbered from 0",
        fix: "pass more arguments or correct argnums",
      });
    }
    return position;
  });
  if (args.length === 1 && positions.length === 1) return { f, args };
  // The other arguments are constants; their numbers become values too, so that f always sees values.
  const constants = args.map((argument, i) =>
    positions.includes(i) ? argument : map(constantLeaf, argument),
  );
  return {
    args: positions.map((position) => args[position]),
    f: (...chosen) => {
      const all: unknown[] = constants.slice();
      positions.forEach((position, i) => (all[position] = chosen[i]));
      return f(...all);
    },
  };
}

/** Anything array-like as a value; other leaves (functions, texts) as they are. */
function constantLeaf(leaf: unknown): unknown {
  const arrayLike = typeof leaf === "number" || typeof leaf === "boolean" || ArrayBuffer.isView(leaf);
  return arrayLike ? leafValue(leaf) : leaf;
}
