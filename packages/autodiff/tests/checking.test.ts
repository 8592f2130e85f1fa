// checkGrads and debugNans: they find what is wrong, name it, and are silent where nothing is.
import { describe, expect, test } from "vitest";
import {
  array,
  checkGrads,
  checkpoint,
  cond,
  customJvp,
  customVjp,
  debugNans,
  grad,
  interpreterDevice,
  makeJit,
  np,
  scan,
  stopGradient,
  vmap,
} from "../src/index.ts";
import type { Value } from "../src/index.ts";

const jit = makeJit(interpreterDevice);

describe("checkGrads", () => {
  const smooth = (t: { readonly a: Value; readonly b: Value }, n: Value): readonly [Value, Value] => [
    t.a.sin().mul(t.b.exp()).sum(),
    t.b.mul(t.a).tanh().add(n),
  ];
  const args = [{ a: array([0.3, -0.7]), b: 0.4 }, array(2, "i32")] as const;

  test("passes what is right, to third order", () => {
    checkGrads(smooth, args, { order: 3 });
    checkGrads(jit(smooth), args, { order: 2 });
    checkGrads(checkpoint(smooth), args, { order: 2 });
    checkGrads((x: Value) => x.mul(x).sum(), [np.ones([3], "f32")]);
    checkGrads(
      (x: Value) =>
        scan((c: Value, k: Value) => [c.mul(k).sin(), c] as const, x, array([1, 2, 3]), { checkpoint: true }),
      [0.7],
      { order: 2 },
    );
  });

  test("finds a wrong forward rule, and where it is", () => {
    const wrong = customJvp((x: Value) => x.sin());
    wrong.defjvp(([x]: [Value], [t]: [Value]) => [x.sin(), t.mul(x.cos()).mul(1.001)]);
    const run = (): void => checkGrads((x: Value) => wrong(x), [array([0.5, 1])]);
    expect(run).toThrow(
      /PHX926: derivatives disagree: jvp of f, result 0, element 0 is 0\.4746\d+, and the central difference is 0\.4741/,
    );
  });

  test("finds a wrong reverse rule, and a wrong second derivative", () => {
    const wrong = customVjp((x: Value) => x.sin());
    wrong.defvjp(
      (x) => [x.sin(), x],
      (x: Value, ct: Value) => [ct.mul(x.cos()).neg()],
    );
    expect(() => checkGrads((x: Value) => wrong(x), [0.5], { modes: ["reverse"] })).toThrow("vjp of f");
    const firstOrder = customJvp((x: Value) => x.sin());
    firstOrder.defjvp(([x]: [Value], [t]: [Value]) => [x.sin(), t.mul(stopGradient(x.cos()))]);
    checkGrads((x: Value) => firstOrder(x), [0.5]);
    expect(() => checkGrads((x: Value) => firstOrder(x), [0.5], { order: 2 })).toThrow("jvp of jvp of f");
  });
});

describe("debugNans", () => {
  const f = (x: Value): Value => x.sub(2).log().mul(0).add(x);

  test("computes what the function computes where all is well", () => {
    expect(debugNans(f)(3).js()).toBe(3);
    expect(debugNans(grad(f))(3).js()).toBe(1);
    expect(debugNans(vmap(f))(array([3, 4])).js()).toEqual([3, 4]);
    expect(grad(debugNans(f))(3).js()).toBe(1);
  });

  test("names the operation that made the NaN and the line, inside other transforms too", () => {
    for (const run of [
      () => debugNans(f)(1),
      () => debugNans(jit(f))(1),
      () => debugNans(checkpoint(f))(1),
      () => debugNans(vmap(f))(array([3, 1])),
      () => grad(debugNans(f))(1),
      () => vmap(debugNans(f))(array([3, 1])),
    ]) {
      expect(run).toThrow(/PHX944: invalid value \(nan\) encountered in log, .*checking\.test\.ts:\d+/);
    }
    // The derivative of the branch that np.where does not take.
    const unsafe = (x: Value): Value => np.where(x.greater(0), x.sqrt(), 0);
    expect(() => debugNans(grad(unsafe))(0)).toThrow(/in (mul|div)/);
    expect(() =>
      debugNans((x: Value) =>
        cond(
          true,
          (y: Value) => y.log(),
          (y: Value) => y,
          x,
        ),
      )(-1),
    ).toThrow("in cond");
    expect(() => debugNans((_x: Value) => array(-1).log())(1)).toThrow("PHX944");
  });
});
