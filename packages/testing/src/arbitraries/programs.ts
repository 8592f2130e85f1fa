// programs: random differentiable functions of arrays, for testing what transforms programs.
import type { Value } from "@phxlang/autodiff";
import { np } from "@phxlang/autodiff";
import * as fc from "fast-check";
import { printed } from "./printed.ts";

/** A smooth function of two vectors of length `size`, the second of which has positive entries. */
export interface RandomFunction {
  readonly f: (x: Value, y: Value) => Value;
  /** Where it is smooth: x in [−2, 2], y in [0.2, 3]. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** As it would be written. */
  readonly text: string;
}

interface Expression {
  readonly text: string;
  readonly evaluate: (x: Value, y: Value) => Value;
}

interface Expressions {
  vector: Expression;
  positive: Expression;
}

const unary: readonly (readonly [string, (a: Value) => Value])[] = [
  ["sin", np.sin],
  ["tanh", np.tanh],
  ["softplus", (a) => np.log1p(np.exp(a))],
  ["neg", (a) => a.neg()],
  ["cumsum", (a) => np.cumsum(a)],
  ["flip", (a) => np.flip(a)],
];
const binary: readonly (readonly [string, (a: Value, b: Value) => Value])[] = [
  ["add", (a, b) => a.add(b)],
  ["sub", (a, b) => a.sub(b)],
  ["mul", (a, b) => a.mul(b)],
];
const towardsPositive: readonly (readonly [string, (a: Value) => Value])[] = [
  ["sqrt", np.sqrt],
  ["log1p", np.log1p],
  ["reciprocal", (a) => np.array(1).div(a.add(0.5))],
];

const call = (name: string, ...args: readonly Expression[]): string =>
  `${name}(${args.map(({ text }) => text).join(", ")})`;

const { vector } = fc.letrec<Expressions>(
  (tie: fc.LetrecTypedTie<Expressions>): fc.LetrecValue<Expressions> => ({
    vector: fc.oneof(
      { maxDepth: 4, depthSize: "small", withCrossShrink: true },
      fc.constant<Expression>({ text: "x", evaluate: (x) => x }),
      fc.tuple(fc.constantFrom(...unary), tie("vector")).map(([[name, apply], a]): Expression => ({
        text: call(name, a),
        evaluate: (x, y) => apply(a.evaluate(x, y)),
      })),
      fc
        .tuple(fc.constantFrom(...binary), tie("vector"), tie("vector"))
        .map(([[name, apply], a, b]): Expression => ({
          text: call(name, a, b),
          evaluate: (x, y) => apply(a.evaluate(x, y), b.evaluate(x, y)),
        })),
      fc.tuple(tie("vector"), tie("positive")).map(([a, b]): Expression => ({
        text: call("div", a, b),
        evaluate: (x, y) => a.evaluate(x, y).div(b.evaluate(x, y)),
      })),
      tie("positive"),
    ),
    positive: fc.oneof(
      { maxDepth: 3, depthSize: "small", withCrossShrink: true },
      fc.constant<Expression>({ text: "y", evaluate: (_, y) => y }),
      fc
        .tuple(fc.constantFrom(...towardsPositive), tie("positive"))
        .map(([[name, apply], a]): Expression => ({
          text: call(name, a),
          evaluate: (x, y) => apply(a.evaluate(x, y)),
        })),
      tie("vector").map((a): Expression => ({
        text: `exp(tanh(${a.text}))`,
        evaluate: (x, y) => np.exp(np.tanh(a.evaluate(x, y))),
      })),
    ),
  }),
);

/** Functions (x, y) → vector, built of elementwise operations, sums along the vector and reversals. */
export function programs(): fc.Arbitrary<RandomFunction> {
  return fc
    .tuple(
      vector,
      fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 2, max: 30 })), {
        minLength: 1,
        maxLength: 4,
      }),
    )
    .map(([expression, points]) => {
      const value = {
        f: expression.evaluate,
        x: points.map(([tenths]) => tenths / 10),
        y: points.map(([, tenths]) => tenths / 10),
        text: expression.text,
      };
      return printed(
        value,
        () => `${value.text}\nat x = [${value.x.join(", ")}], y = [${value.y.join(", ")}]`,
      );
    });
}
