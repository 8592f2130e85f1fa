// Pytrees in types: what transforms accept and return follows from the function, as values do.
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  array,
  cond,
  customJvp,
  foriLoop,
  grad,
  hessian,
  interpreterDevice,
  jacrev,
  jvp,
  linearize,
  makeJit,
  makePmap,
  scan,
  tree,
  valueAndGrad,
  vjp,
  vmap,
  whileLoop,
} from "../src/index.ts";
import type { MapTree, Value } from "../src/index.ts";

interface Theta {
  readonly rate: Value;
  readonly shape: { readonly a: Value; readonly list: readonly [Value, Value] };
}
const theta = { rate: 2, shape: { a: 3, list: [array(1), 5] } } as const;
const loss = (t: Theta): Value => t.rate.mul(t.shape.a).mul(t.shape.list[0]).add(t.shape.list[1]);
const jit = makeJit(interpreterDevice);
const pmap = makePmap(interpreterDevice);

describe("types follow the trees", () => {
  test("a gradient has the tree of its argument", () => {
    const gradient = grad(loss)(theta);
    expectTypeOf(gradient).toEqualTypeOf<{
      rate: Value;
      shape: { a: Value; list: [Value, Value] };
    }>();
    expect(tree.leaves(gradient).map(Number)).toEqual([3, 2, 6, 1]);
    const [value, again] = valueAndGrad(loss)(theta);
    expectTypeOf(value).toEqualTypeOf<Value>();
    expectTypeOf(again).toEqualTypeOf(gradient);
  });

  test("argnums and hasAux shape the result", () => {
    const f = (x: Value, t: Theta, n: { readonly k: Value }): Value => loss(t).mul(x).mul(n.k);
    const args = [1, theta, { k: 2 }] as const;
    expectTypeOf(grad(f)(...args)).toEqualTypeOf<Value>();
    expectTypeOf(grad(f, { argnums: 2 })(...args)).toEqualTypeOf<{ k: Value }>();
    expectTypeOf(grad(f, { argnums: [2, 0] })(...args)).toEqualTypeOf<[{ k: Value }, Value]>();
    const withAux = grad((x: Value) => [x, { note: "text" }] as const, { hasAux: true });
    expectTypeOf(withAux(1)).toEqualTypeOf<[Value, { readonly note: "text" }]>();
    expect(withAux(1)[1].note).toBe("text");
  });

  test("functions of values need no annotations", () => {
    const f = grad((x) => x.mul(x));
    expectTypeOf(f(3)).toEqualTypeOf<Value>();
    expectTypeOf(vmap((x, y) => x.mul(y))(array([1]), array([2]))).toEqualTypeOf<Value>();
    expectTypeOf(jit((x) => [x, x.sin()] as const)(1)).toEqualTypeOf<[Value, Value]>();
    expect(Number(f(3))).toBe(6);
  });

  test("jvp, vjp, linearize and the jacobians", () => {
    const f = (x: Value, t: Theta): { readonly y: Value; readonly z: Value } => ({ y: x, z: loss(t) });
    const [out, tangent] = jvp(f, [1, theta], [1, theta]);
    expectTypeOf(out).toEqualTypeOf<{ y: Value; z: Value }>();
    expectTypeOf(tangent).toEqualTypeOf(out);
    const [, pullback] = vjp(f, 1, theta);
    const [cx, ct] = pullback({ y: 1, z: 1 });
    expectTypeOf(cx).toEqualTypeOf<Value>();
    expectTypeOf(ct.shape.list).toEqualTypeOf<[Value, Value]>();
    const [, derivative] = linearize(f, 1, theta);
    expectTypeOf(derivative(1, theta)).toEqualTypeOf(out);
    const jacobian = jacrev(f, { argnums: 1 })(1, theta);
    expectTypeOf(jacobian.z.shape.a).toEqualTypeOf<Value>();
    const second = hessian(loss)(theta);
    expectTypeOf(second.rate.shape.list[1]).toEqualTypeOf<Value>();
    expect(Number(second.rate.shape.a)).toBe(1);
    expect(Number(cx)).toBe(1);
  });

  test("vmap, pmap, jit, loops and custom rules keep trees", () => {
    const f = (t: { readonly a: Value }): { readonly b: readonly [Value] } => ({ b: [t.a] });
    const batch = { a: array([1, 2]) };
    expectTypeOf(vmap(f)(batch)).toEqualTypeOf<{ b: [Value] }>();
    expectTypeOf(pmap(f)(batch)).toEqualTypeOf<{ b: [Value] }>();
    expectTypeOf(jit(f)(batch)).toEqualTypeOf<{ b: [Value] }>();
    expectTypeOf(jit((n: number, x: Value) => x.mul(n), { staticArgnums: 0 })(2, 3)).toEqualTypeOf<Value>();
    const [carry, ys] = scan((c: Value, x: { readonly k: Value }) => [c, x] as const, 1, { k: array([1]) });
    expectTypeOf(carry).toEqualTypeOf<Value>();
    expectTypeOf(ys).toEqualTypeOf<{ k: Value }>();
    expectTypeOf(foriLoop(0, 2, (_i, c: { readonly x: Value }) => c, { x: 1 })).toEqualTypeOf<{ x: Value }>();
    expectTypeOf(
      whileLoop(
        (c: Value) => c.less(2),
        (c: Value) => c.add(1),
        0,
      ),
    ).toEqualTypeOf<Value>();
    expectTypeOf(
      cond(
        true,
        (x: Value) => ({ x }),
        (x: Value) => ({ x }),
        1,
      ),
    ).toEqualTypeOf<{ x: Value }>();
    expectTypeOf(customJvp((x: Value, k: Value) => x.mul(k))).toBeCallableWith(1, 2);
    expect(ys.k.js()).toEqual([1]);
  });

  test("misuse does not type-check", () => {
    const misuse = [
      // @ts-expect-error a string is no leaf
      () => grad(loss)({ rate: "2", shape: theta.shape }),
      // @ts-expect-error an argument is missing
      () => grad((x: Value, y: Value) => x.mul(y))(1),
      // @ts-expect-error a gradient needs one number
      () => grad((x: Value) => [x, x]),
      // @ts-expect-error tangents have the tree of the primals
      () => jvp(loss, [theta], [{ rate: 1 }]),
    ];
    expect(misuse).toHaveLength(4);
    expectTypeOf<MapTree<{ a: Value; b: readonly number[] }, boolean>>().toEqualTypeOf<{
      a: boolean;
      b: boolean[];
    }>();
  });
});
