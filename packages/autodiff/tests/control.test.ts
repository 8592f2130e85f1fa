// Loops and branches: values, all transforms, closures, and the errors of loops that do not fit.
import { fc, test as lawTest } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { array } from "../src/as-value.ts";
import { cond, switchCase } from "../src/control/cond.ts";
import { foriLoop } from "../src/control/for-loop.ts";
import { scan } from "../src/control/scan.ts";
import { whileLoop } from "../src/control/while-loop.ts";
import { interpreterDevice } from "../src/device.ts";
import { sumOverAxis } from "../src/engine-operations.ts";
import { add, mul, neg } from "../src/primitives/arithmetic.ts";
import { lessEqual } from "../src/primitives/comparison.ts";
import { cos, sin } from "../src/primitives/trigonometric.ts";
import type { Value } from "../src/trace.ts";
import { grad } from "../src/transforms/grad.ts";
import { hessian, jacfwd, jacrev } from "../src/transforms/jacobian.ts";
import { makeJit } from "../src/transforms/jit.ts";
import { jvp } from "../src/transforms/jvp.ts";
import { linearize } from "../src/transforms/linearize.ts";
import { vmap } from "../src/transforms/vmap.ts";

const jit = makeJit(interpreterDevice);
const number = (x: unknown): number => Number(x);
const js = (x: Value): unknown => x.js();
const close = (x: Value, y: Value, digits = 12): void => {
  expect(x.shape).toEqual(y.shape);
  x.dataSync().forEach((value, i) => expect(value).toBeCloseTo(y.dataSync()[i], digits));
};

/** A loop and the same loop unrolled by JavaScript. */
const weights = array(Array.from({ length: 19 }, (_, i) => [0.3, -0.7, 1.1, 0.4, 0.9, -0.2, 0.5][i % 7]));
const step = (c: Value, x: Value, k: Value): Value => sin(add(mul(c, k), mul(x, cos(c))));
const looped =
  (checkpoint: boolean, reverse = false) =>
  (start: Value, xs: Value, k: Value): Value => {
    const [carry, ys] = scan((c: Value, x: Value) => [step(c, x, k), mul(c, x)] as const, start, xs, {
      checkpoint,
      reverse,
    });
    return add(carry, sumOverAxis(ys, 0));
  };
const unrolled =
  (reverse = false) =>
  (start: Value, xs: Value, k: Value): Value => {
    let carry = start;
    let total: Value = array(0);
    const count = xs.shape[0];
    for (let i = 0; i < count; i++) {
      const mask = Array.from({ length: count }, (_, j) => (j === (reverse ? count - 1 - i : i) ? 1 : 0));
      const x = sumOverAxis(mul(xs, array(mask)), 0);
      total = add(total, mul(carry, x));
      carry = step(carry, x, k);
    }
    return add(carry, total);
  };

describe.each([
  ["with all residuals", false, false],
  ["with checkpoints", true, false],
  ["reversed", false, true],
  ["reversed with checkpoints", true, true],
])("scan %s", (_name, checkpoint, reverse) => {
  const f = looped(checkpoint, reverse);
  const g = unrolled(reverse);
  const args = [array(0.8), weights, array(1.3)] as const;
  const argnums = [0, 1, 2] as const;

  test("has the value and the gradients of the unrolled loop", () => {
    close(f(...args), g(...args));
    const [fs, fx, fk] = grad(f, { argnums })(...args);
    const [gs, gx, gk] = grad(g, { argnums })(...args);
    close(fs, gs);
    close(fx, gx);
    close(fk, gk);
  });

  test("has its tangent, also linearized, and under jit", () => {
    const tangents = [array(0.2), weights, array(-1)] as const;
    const [, expected] = jvp(g, args, tangents);
    close(jvp(f, args, tangents)[1], expected);
    close(linearize(f, ...args)[1](...tangents), expected);
    close(jvp(jit(f), args, tangents)[1], expected);
    close(grad(jit(f))(...args), grad(g)(...args));
    close(jit(grad(f))(...args), grad(g)(...args));
  });

  test("has its second derivatives", () => {
    close(hessian(f, { argnums: 1 })(...args), hessian(g, { argnums: 1 })(...args), 10);
    close(jacrev(grad(f))(...args), jacrev(grad(g))(...args), 10);
    close(
      jacfwd(jacfwd(f, { argnums: 1 }), { argnums: 1 })(...args),
      hessian(g, { argnums: 1 })(...args),
      10,
    );
  });

  test("batches over each of its arguments, and its gradient does", () => {
    const starts = array([0.1, 0.5, -0.4]);
    close(
      vmap(f, { inAxes: [0, null, null] })(starts, weights, args[2]),
      vmap(g, { inAxes: [0, null, null] })(starts, weights, args[2]),
    );
    close(
      vmap(grad(f, { argnums: 2 }), { inAxes: [0, null, 0] })(starts, weights, starts),
      vmap(grad(g, { argnums: 2 }), { inAxes: [0, null, 0] })(starts, weights, starts),
    );
    const rows = array([
      [1, 2, 3],
      [0.5, -1, 2],
    ]);
    close(
      vmap(f, { inAxes: [null, 0, null] })(args[0], rows, args[2]),
      vmap(g, { inAxes: [null, 0, null] })(args[0], rows, args[2]),
    );
    close(
      vmap(f, { inAxes: [null, 1, null] })(args[0], rows, args[2]),
      vmap(g, { inAxes: [null, 1, null] })(args[0], rows, args[2]),
    );
  });
});

test("scan differentiates in what its body closes over", () => {
  const f = (k: Value): Value =>
    scan((c: Value, _x: Value) => [mul(c, k), null] as const, 1, array([0, 0, 0]))[0];
  expect(number(grad(f)(array(2)))).toBe(12);
  expect(number(grad(grad(f))(array(2)))).toBe(12);
  expect(number(jit(grad(f))(array(2)))).toBe(12);
});

test("scan returns carries and stacks as trees", () => {
  const f = (x0: Value): { readonly last: Value; readonly ys: Value } => {
    const [last, ys] = scan((c: Value, x: Value) => [mul(c, x), add(c, x)] as const, x0, array([1, 2, 3]));
    return { last, ys };
  };
  const value = f(array(5));
  expect([js(value.last), js(value.ys)]).toEqual([30, [6, 7, 13]]);
  const jacobian = jacrev(f)(array(5));
  expect([js(jacobian.last), js(jacobian.ys)]).toEqual([6, [1, 1, 2]]);
});

test("a weak start takes the dtype that the body gives it", () => {
  const xs = array([1, 2, 3], "i32");
  const [sum] = scan((c: Value, x: Value) => [add(x, c.dtype === "i32" ? c : x), null] as const, 0, xs);
  expect(sum.dtype).toBe("i32");
});

test.each([
  ["another shape", () => scan((c: Value, x: Value) => [x, c] as const, array([1, 2]), array([1]))],
  ["another tree", () => scan(((c: Value, x: Value) => [[c, c], x]) as never, array(1), array([1]))],
  ["no pair", () => scan(((c: Value) => c) as never, array(1), array([1]))],
  [
    "lengths that differ",
    () => scan((c: Value, _x: Value[]) => [c, null] as const, array(1), [array([1]), array([1, 2])]),
  ],
  ["no length", () => scan((c: Value, _x: null) => [c, null] as const, array(1), null)],
  [
    "branches of two types",
    () =>
      cond(
        true,
        (x: Value) => x,
        (_x: Value) => array([1, 2]),
        array(1),
      ),
  ],
  ["branches of two trees", () => cond(true, ((x: Value) => [x]) as never, (x: Value) => x, array(1))],
  ["a predicate that is a vector", () => cond(array([1, 0], "i32"), sin, cos, array(1))],
  ["a condition that is no boolean", () => whileLoop((x: Value) => x, sin, array(1))],
  ["a loop bound that is no whole number", () => foriLoop(0, 2.5, (_i, x: Value) => x, array(1))],
])("a loop or branch with %s is refused", (_name, run) => {
  expect(run).toThrow("PHX939");
});

describe("foriLoop", () => {
  const power = (n: number) => (x: Value) => foriLoop(0, n, (_i, y: Value) => mul(y, x), array(1));

  lawTest.prop([fc.integer({ min: 0, max: 6 }), fc.double({ min: -2, max: 2, noNaN: true })])(
    "of n products is the n-th power, with its derivatives",
    (n, x) => {
      expect(number(power(n)(array(x)))).toBeCloseTo(x ** n, 10);
      expect(number(grad(power(n))(array(x)))).toBeCloseTo(n === 0 ? 0 : n * x ** (n - 1), 10);
    },
  );

  test("with traced bounds runs as a whileLoop", () => {
    const f = (n: Value, x: Value): Value => foriLoop(0, n, (_i, y: Value) => mul(y, x), array(1));
    expect(number(jit(f)(array(5, "i32"), array(2)))).toBe(32);
    expect(js(vmap(f, { inAxes: [0, null] })(array([0, 1, 4], "i32"), array(3)))).toEqual([1, 3, 81]);
  });

  test("hands the index to the body", () => {
    expect(number(foriLoop(2, 5, (i, total: Value) => add(total, i), array(0, "i32")))).toBe(9);
  });
});

describe("whileLoop", () => {
  // Doubles x until it is above a limit.
  const f = (x: Value, limit: Value): Value =>
    whileLoop(
      (y: Value) => lessEqual(y, limit),
      (y: Value) => add(y, y),
      x,
    );

  test("values, tangents, batches", () => {
    expect(number(f(array(1), array(10)))).toBe(16);
    expect(js(vmap(f)(array([1, 3, 20]), array([10, 10, 10])))).toEqual([16, 12, 20]);
    expect(js(vmap(f, { inAxes: [null, 0] })(array(1), array([1, 2, 10])))).toEqual([2, 4, 16]);
    expect(number(jvp(f, [array(1), array(10)], [array(1), array(0)])[1])).toBe(16);
    expect(number(jit(jacfwd(f))(array(3), array(10)))).toBe(4);
    expect(js(vmap(jacfwd(f))(array([1, 3, 20]), array([10, 10, 10])))).toEqual([16, 4, 1]);
    const [value, derivative] = linearize(f, array(3), array(10));
    expect([number(value), number(derivative(array(1), array(1)))]).toEqual([12, 4]);
  });

  test("reverse mode says why it cannot be", () => {
    expect(() => grad(f)(array(1), array(10))).toThrow("PHX938: reverse-mode differentiation does not work");
  });

  test("counts in a tree with an integer and closes over outer values", () => {
    const g = (k: Value): Value => {
      const [, y] = whileLoop(
        ([i]: readonly [Value, Value]) => lessEqual(i, array(2, "i32")),
        ([i, z]: readonly [Value, Value]) => [add(i, array(1, "i32")), mul(z, k)] as const,
        [array(0, "i32"), array(1)] as const,
      );
      return y;
    };
    expect(number(jacfwd(g)(array(2)))).toBe(12);
    expect(js(vmap(jacfwd(g))(array([2, 3])))).toEqual([12, 27]);
  });
});

describe("cond", () => {
  const isNegative = (x: Value): Value => lessEqual(x, mul(x, array(0)));
  const f = (x: Value): Value => cond(isNegative(x), cos, sin, x);
  const at = [0.5, -0.5, 1.2];

  test("values and derivatives are those of the branch taken, eager, jitted and batched", () => {
    const slope = (x: number): number => (x > 0 ? Math.cos(x) : -Math.sin(x));
    for (const x of at) {
      for (const g of [grad(f), jacfwd(f), jit(grad(f)), grad(jit(f))]) {
        expect(number(g(array(x)))).toBeCloseTo(slope(x), 14);
      }
      expect(number(grad(grad(f))(array(x)))).toBeCloseTo(x > 0 ? -Math.sin(x) : -Math.cos(x), 14);
    }
    close(vmap(grad(f))(array(at)), array(at.map(slope)));
    close(grad((xs: Value) => sumOverAxis(vmap(f)(xs), 0))(array(at)), array(at.map(slope)));
    const picked = (x: Value): Value =>
      cond(
        true,
        (y: Value) => mul(y, x),
        (y: Value) => add(y, y),
        x,
      );
    expect(number(grad(picked)(array(3)))).toBe(6);
    close(vmap(grad(picked))(array([1, 2])), array([2, 4]));
  });

  test("several branches, clamped index, residuals of different types", () => {
    const branches = [
      (x: Value): Value => mul(sin(x), cos(x)),
      (x: Value): Value => neg(x),
      (x: Value): Value =>
        sumOverAxis(sin(mul(array([1, 2]), vmap(() => x, { axisSize: 2, inAxes: null })())), 0),
    ];
    const g = (i: Value, x: Value): Value => switchCase(i, branches, x);
    for (const [i, chosen] of [
      [-5, 0],
      [0, 0],
      [1, 1],
      [2, 2],
      [7, 2],
    ]) {
      const index = array(i, "i32");
      expect(number(g(index, array(0.3)))).toBeCloseTo(number(branches[chosen](array(0.3))), 14);
      expect(number(grad(g, { argnums: 1 })(index, array(0.3)))).toBeCloseTo(
        number(grad(branches[chosen])(array(0.3))),
        14,
      );
      expect(number(jit(grad(g, { argnums: 1 }))(index, array(0.3)))).toBeCloseTo(
        number(grad(branches[chosen])(array(0.3))),
        14,
      );
    }
    const indices = array([-5, 0, 1, 2, 7], "i32");
    const slopes = vmap(grad(g, { argnums: 1 }), { inAxes: [0, null] })(indices, array(0.3));
    close(slopes, array([0, 0, 1, 2, 2].map((chosen) => number(grad(branches[chosen])(array(0.3))))));
  });
});
