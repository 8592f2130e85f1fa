// Custom derivative rules: they hold in every mode and inside every transform, and are checked.
import { describe, expect, test } from "vitest";
import { array } from "../src/as-value.ts";
import { scan } from "../src/control/scan.ts";
import { customJvp } from "../src/custom/custom-jvp.ts";
import { customVjp } from "../src/custom/custom-vjp.ts";
import { interpreterDevice } from "../src/device.ts";
import { sumOverAxis } from "../src/engine-operations.ts";
import { add, mul } from "../src/primitives/arithmetic.ts";
import { cos, sin } from "../src/primitives/trigonometric.ts";
import type { Value } from "../src/trace.ts";
import { checkpoint } from "../src/transforms/checkpoint.ts";
import { grad } from "../src/transforms/grad.ts";
import { jacfwd, jacrev } from "../src/transforms/jacobian.ts";
import { makeJit } from "../src/transforms/jit.ts";
import { jvp } from "../src/transforms/jvp.ts";
import { linearize } from "../src/transforms/linearize.ts";
import { vmap } from "../src/transforms/vmap.ts";

const jit = makeJit(interpreterDevice);
const number = (x: unknown): number => Number(x);
const three = (x: Value): Value => mul(array(3), x);
const two = (t: Value): Value => mul(array(2), t);

describe("customJvp", () => {
  // The rule deliberately differs from the derivative, so that one sees which of them was used.
  const f = customJvp(three);
  f.defjvp(([x]: [Value], [t]: [Value]) => [f(x), two(t)]);

  test("its rule holds in both modes, under jit, vmap, scan and checkpoint", () => {
    const x = array(5);
    const inScan = (y: Value): Value =>
      scan((c: Value, _s: Value) => [f(c), null] as const, y, array([0]))[0];
    for (const g of [f, jit(f), jit(jit(f)), checkpoint(f), inScan, jit(inScan)] as readonly ((
      y: Value,
    ) => Value)[]) {
      expect(number(g(x))).toBe(15);
      expect(number(grad(g)(x))).toBe(2);
      expect(number(jit(grad(g))(x))).toBe(2);
      expect(number(jacfwd(g)(x))).toBe(2);
      expect(number(grad(grad(g))(x))).toBe(0);
      expect(vmap(grad(g))(array([1, 2])).js()).toEqual([2, 2]);
      expect(grad((y: Value) => sumOverAxis(vmap(g)(y), 0))(array([1, 2])).js()).toEqual([2, 2]);
      expect(number(linearize(g, x)[1](array(3)))).toBe(6);
    }
  });

  test("a rule that calls its own function gives all orders", () => {
    const s = customJvp(sin);
    s.defjvp(([x]: [Value], [t]: [Value]) => [s(x), mul(t, two(cos(x)))]);
    expect(number(grad(s)(array(0)))).toBe(2);
    const tangents = vmap((x: Value) => jvp(s, [x], [x]))(array([0, 1, 2]));
    expect(tangents[1].js()).toEqual([0, 1.0806046117362795, -1.6645873461885696]);
    expect(number(grad(grad(s))(array(0.3)))).toBeCloseTo(-2 * Math.sin(0.3), 14);
  });

  test("nondiffArgnums are handed to the rule first", () => {
    const app = customJvp((g: (x: Value) => Value, x: Value) => g(x), { nondiffArgnums: 0 });
    app.defjvp((g: (x: Value) => Value, [x]: [Value], [t]: [Value]) => [app(g, x), three(t)]);
    const [value, tangent] = jvp((x: Value) => app(two as never, x), [array(1)], [array(1)]);
    expect([number(value), number(tangent)]).toEqual([2, 3]);
  });

  test("trees go in and out", () => {
    const g = customJvp((p: { readonly a: Value; readonly b: Value }) => ({
      s: add(p.a, p.b),
      d: mul(p.a, p.b),
    }));
    g.defjvp(([p]: [{ a: Value; b: Value }], [t]: [{ a: Value; b: Value }]) => [g(p), { s: t.a, d: t.b }]);
    const jacobian = jacrev((p: { readonly a: Value; readonly b: Value }) => g(p))({ a: 1, b: 2 });
    expect([jacobian.s.a, jacobian.s.b, jacobian.d.a, jacobian.d.b].map(number)).toEqual([1, 0, 0, 1]);
  });
});

describe("customVjp", () => {
  const f = customVjp((x: Value, y: Value) => mul(sin(x), y));
  f.defvjp(
    (x, y) => [f(x, y), { x, y }],
    (residuals: { x: Value; y: Value }, ct: Value) => [mul(ct, mul(residuals.y, array(10))), null],
  );
  const y = array(2);

  test("reverse mode uses the rule under jit, vmap, scan and checkpoint", () => {
    const at = (g: (x: Value, y: Value) => Value): void => {
      expect(number(g(array(0.5), y))).toBeCloseTo(2 * Math.sin(0.5), 14);
      const [dx, dy] = grad(g, { argnums: [0, 1] })(array(0.5), y);
      expect([number(dx), number(dy)]).toEqual([20, 0]);
      expect(number(jit(grad(g))(array(0.5), y))).toBe(20);
      expect(vmap(grad(g), { inAxes: [0, null] })(array([1, 2]), y).js()).toEqual([20, 20]);
      const total = (xs: Value): Value => sumOverAxis(vmap(g, { inAxes: [0, null] })(xs, y), 0);
      expect(grad(total)(array([1, 2])).js()).toEqual([20, 20]);
      expect(jacrev(total)(array([1, 2])).js()).toEqual([20, 20]);
    };
    at(f);
    at(jit(f as (x: Value, y: Value) => Value));
    at(checkpoint(f as (x: Value, y: Value) => Value));
    at((x, k) => scan((c: Value, _s: Value) => [f(c, k), null] as const, x, array([0]))[0]);
    expect(number(grad((x: Value) => grad(f as (x: Value, y: Value) => Value)(x, x))(array(3)))).toBe(10);
  });

  test("forward mode is refused by name", () => {
    for (const run of [
      () => jvp(f as (x: Value, y: Value) => Value, [array(1), y], [array(1), y]),
      () => jacfwd(f as (x: Value, y: Value) => Value)(array(1), y),
      () => linearize((x: Value) => f(x, y), array(1))[1](array(1)),
    ]) {
      expect(run).toThrow("PHX937: can't apply forward-mode differentiation (jvp)");
    }
  });
});

describe("rules that do not fit", () => {
  const with_ = (rule: (...args: never[]) => readonly [unknown, unknown]): (() => unknown) => {
    const f = customJvp((x: Value) => x);
    f.defjvp(rule);
    return () => grad((x: Value) => f(x))(array(1));
  };
  test.each([
    ["no rule", () => customJvp((x: Value) => x)(1)],
    ["no reverse rule", () => customVjp((x: Value) => x)(1)],
    ["no pair", with_(((x: Value) => x) as never)],
    ["another tree", with_(([x]: [Value], [t]: [Value]) => [x, [t]])],
    ["another shape", with_(([x]: [Value], _t: [Value]) => [x, array([1, 2])])],
    [
      "an outer value in the rule",
      () =>
        grad((k: Value) => {
          const f = customJvp((x: Value) => x);
          f.defjvp(([x]: [Value], [t]: [Value]) => [x, mul(t, k)]);
          return f(k);
        })(array(1)),
    ],
    [
      "an outer value that is differentiated",
      () =>
        grad((k: Value) => {
          const f = customJvp((x: Value) => mul(x, k));
          f.defjvp(([x]: [Value], [t]: [Value]) => [x, t]);
          return f(k);
        })(array(1)),
    ],
  ])("%s is refused", (_name, run) => {
    expect(run).toThrow("PHX940");
  });
});
