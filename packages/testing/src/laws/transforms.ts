// Laws of transforms on any function of arrays: jvp, vjp, vmap and jit agree with each other and with the function.
import type { Value } from "@phxlang/autodiff";
import { checkGrads, grad, jvp, np, PhxError, vjp, vmap } from "@phxlang/autodiff";
import { jit } from "@phxlang/runtime";
import { numbersOf } from "../numbers-of.ts";
import { agree, Disagreement } from "./law.ts";

/** A function of one or more float arrays with one result of any shape. */
export type ArrayFunction = (...args: Value[]) => Value;

export interface TransformOptions {
  /** Of jvp against differences; default 1e-5. The others are held to 1e-10, and jit to equality. */
  readonly relative?: number;
  /** What the report says of the input; default: the arguments. */
  readonly input?: string;
}

/**
 * jvp is the central difference and vjp the transpose of jvp, to the second order; vmap is a loop; jit gives the bits
 * of the eager evaluation, and so do jit of grad and jit of vmap of grad; vmap of grad is grad of the sum of vmap.
 * Throws PHX989 with the law and both numbers.
 */
export function checkTransforms(
  f: ArrayFunction,
  args: readonly Value[],
  options: TransformOptions = {},
): void {
  const { relative = 1e-5 } = options;
  const total: ArrayFunction = (...inputs) => f(...inputs).sum();
  const gradient: ArrayFunction = (...inputs) => grad(total)(...inputs);
  const batch = args.map((arg) => np.stack([arg, arg.mul(0.875), arg.mul(1.0625)]));
  const laws: readonly (readonly [string, () => void])[] = [
    [
      "jvp and vjp against differences",
      () => checkGrads(f, args, { order: 2, relative, absolute: relative / 10 }),
    ],
    ["vjp is the transpose of jvp", () => transposed(f, args)],
    ["vmap is a loop", () => equal("vmap", vmap(f)(...batch), looped(f, batch), 1e-12)],
    [
      "vmap of grad is a loop of grad",
      () => equal("vmap of grad", vmap(gradient)(...batch), looped(gradient, batch), 1e-10),
    ],
    ["jit is eager", () => equal("jit", jit(f)(...args), f(...args), 0)],
    ["jit of grad is grad", () => equal("jit of grad", jit(gradient)(...args), gradient(...args), 0)],
    [
      "jit of vmap of grad",
      () => equal("jit of vmap of grad", jit(vmap(gradient))(...batch), vmap(gradient)(...batch), 0),
    ],
    [
      "grad of the sum of vmap is vmap of grad",
      () => {
        const all: ArrayFunction = (...inputs) => vmap(total)(...inputs).sum();
        equal("grad of vmap", grad(all)(...batch), vmap(gradient)(...batch), 1e-10);
      },
    ],
  ];
  for (const [name, law] of laws) {
    try {
      law();
    } catch (error) {
      if (!(error instanceof Disagreement) && !(error instanceof PhxError)) throw error;
      throw new PhxError({
        code: "PHX989",
        what: `the function breaks the law "${name}"`,
        why: error.message,
        fix: `the input: ${options.input ?? args.map(String).join(", ")}`,
      });
    }
  }
}

/** ⟨w, J v⟩ = ⟨Jᵀ w, v⟩ */
function transposed(f: ArrayFunction, args: readonly Value[]): void {
  const directions = args.map((arg, i) => wave(arg, i));
  const [result, tangent] = jvp(f, [...args], directions);
  const weights = wave(result, 7);
  const [, pullback] = vjp(f, ...args);
  const back: readonly Value[] = pullback(weights);
  const inner = (a: Value, b: Value): number => a.mul(b).sum().item();
  const forward = inner(tangent, weights);
  const backward = back.reduce((sum, cotangent, i) => sum + inner(cotangent, directions[i]), 0);
  const scale = back.reduce(
    (sum, cotangent, i) => sum + np.abs(cotangent.mul(directions[i])).sum().item(),
    0,
  );
  agree("⟨vjp(w), v⟩", backward, forward, 1e-10, 1e-10 * scale);
}

/** Irregular numbers of the shape of an array. */
function wave(like: Value, index: number): Value {
  const numbers = Array.from({ length: like.size }, (_, i) => Math.cos(1 + 2.4 * i + 1.6 * index));
  return np.array(numbers).reshape([...like.shape]);
}

function looped(f: ArrayFunction, batch: readonly Value[]): Value {
  return np.stack(
    Array.from({ length: batch[0].shape[0] }, (_, b) => f(...batch.map((all) => np.take(all, b, 0)))),
  );
}

function equal(what: string, found: Value, expected: Value, relative: number): void {
  const [a, b] = [numbersOf(found), numbersOf(expected)];
  if (a.length !== b.length)
    throw new Disagreement(`the number of results of ${what}`, a.length, b.length, 0);
  const scale = Math.max(0, ...b.map(Math.abs));
  a.forEach((value, i) => {
    if (Number.isNaN(value) && Number.isNaN(b[i])) return;
    agree(`element ${i} of ${what}`, value, b[i], relative, relative * scale);
  });
}
