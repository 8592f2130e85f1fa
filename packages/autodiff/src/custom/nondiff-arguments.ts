// nondiffArgnums: arguments that a custom rule gets as they are.
import { PhxError } from "../errors.ts";
import type { TreeFunction } from "../transforms/flat-function.ts";

export interface SplitArguments {
  readonly fixed: readonly unknown[];
  readonly differentiable: readonly unknown[];
  /** A function as a function of the differentiable arguments alone. */
  readonly call: TreeFunction;
}

export function splitArguments(
  args: readonly unknown[],
  nondiffArgnums: number | readonly number[] | undefined,
  f: TreeFunction,
): SplitArguments {
  const numbers = nondiffArgnums === undefined ? [] : [nondiffArgnums].flat();
  const positions = numbers.map((number) => {
    const position = number < 0 ? number + args.length : number;
    if (Number.isInteger(position) && position >= 0 && position < args.length) return position;
    throw new PhxError({
      code: "PHX933",
      what: `nondiffArgnums names argument ${number}, and the call has ${args.length}`,
      why: "arguments are numbered from 0",
      fix: "pass more arguments or correct nondiffArgnums",
    });
  });
  const isFixed = args.map((_, i) => positions.includes(i));
  return {
    fixed: positions.map((position) => args[position]),
    differentiable: args.filter((_, i) => !isFixed[i]),
    call: (...given) => {
      let next = 0;
      return f(...args.map((argument, i) => (isFixed[i] ? argument : given[next++])));
    },
  };
}
