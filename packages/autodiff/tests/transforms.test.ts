// Laws of the transforms, on small smooth functions: each transform against its definition.
import { fc, test as lawTest } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import "../src/numpy/install.ts";
import { array } from "../src/as-value.ts";
import { add, mul, neg } from "../src/primitives/arithmetic.ts";
import { cos, sin } from "../src/primitives/trigonometric.ts";
import type { Value } from "../src/trace.ts";
import { allGather, axisIndex, pmax, pmean, psum } from "../src/transforms/collectives.ts";
import { grad, valueAndGrad } from "../src/transforms/grad.ts";
import { hessian, hvp, jacfwd, jacrev } from "../src/transforms/jacobian.ts";
import { jvp } from "../src/transforms/jvp.ts";
import { linearTranspose } from "../src/transforms/linear-transpose.ts";
import { linearize } from "../src/transforms/linearize.ts";
import { stopGradient } from "../src/transforms/stop-gradient.ts";
import { vjp } from "../src/transforms/vjp.ts";
import { vmap } from "../src/transforms/vmap.ts";
import { sumOverAxis } from "../src/engine-operations.ts";

const number = (x: unknown): number => Number(x);
const reals = fc.double({ min: -3, max: 3, noNaN: true });
const smooth = (x: Value, y: Value): Value => add(mul(sin(x), y), mul(cos(mul(x, y)), x));

describe("laws", () => {
  // The difference errs by h²/6 times the third derivative, which is below 10⁴ here.
  lawTest.prop([reals, reals, reals, reals])("jvp is the central difference", (x, y, tx, ty) => {
    const h = 1e-5;
    const at = (s: number): number => number(smooth(array(x + s * tx), array(y + s * ty)));
    const [value, tangent] = jvp(smooth, [array(x), array(y)], [array(tx), array(ty)]);
    expect(number(value) - at(0)).toBeCloseTo(0, 15);
    expect(Math.abs(number(tangent) - (at(h) - at(-h)) / (2 * h))).toBeLessThan(1e-6);
  });

  lawTest.prop([reals, reals, reals, reals, reals])("vjp is the transpose of jvp", (x, y, tx, ty, ct) => {
    const [, tangent] = jvp(smooth, [array(x), array(y)], [array(tx), array(ty)]);
    const [, pullback] = vjp(smooth, array(x), array(y));
    const [cx, cy] = pullback(array(ct));
    expect(number(cx) * tx + number(cy) * ty).toBeCloseTo(number(tangent) * ct, 10);
  });

  lawTest.prop([fc.array(reals, { minLength: 1, maxLength: 5 }), reals])("vmap is a loop", (xs, y) => {
    const batched = vmap(smooth, { inAxes: [0, null] })(array(xs), y);
    expect(batched.js()).toEqual(xs.map((x) => number(smooth(array(x), array(y)))));
  });

  lawTest.prop([reals])("grad of grad of sin is minus sin, to any depth", (x) => {
    const derivatives = [sin, grad(sin), grad(grad(sin)), grad(grad(grad(sin))), grad(grad(grad(grad(sin))))];
    const expected = [Math.sin(x), Math.cos(x), -Math.sin(x), -Math.cos(x), Math.sin(x)];
    derivatives.forEach((f, i) => expect(number(f(array(x)))).toBeCloseTo(expected[i], 12));
  });
});

describe("perturbations are never confused", () => {
  const forward = (f: (x: Value) => Value) => (x: Value) => jvp(f, [x], [array(1)])[1];
  for (const [name, outer, inner] of [
    ["reverse over reverse", grad, grad],
    ["forward over forward", forward, forward],
    ["forward over reverse", forward, grad],
    ["reverse over forward", grad, forward],
  ] as const) {
    test(name, () => {
      const sum = (x: Value): Value => mul(x, inner((y: Value) => add(x, y))(array(1)));
      expect(number(outer(sum)(array(3)))).toBe(1);
      const product = (x: Value): Value => mul(x, inner((y: Value) => mul(x, y))(array(2)));
      expect(number(outer(product)(array(3)))).toBe(6);
    });
  }
});

describe("grad", () => {
  test("argnums chooses arguments, in the order given", () => {
    const f = (x: Value, y: Value, z: Value): Value => add(add(x, mul(array(2), y)), mul(array(3), z));
    const [dz, dx] = grad(f, { argnums: [2, 0] })(array(1), array(1), array(1));
    expect([number(dz), number(dx)]).toEqual([3, 1]);
    expect(number(grad(f, { argnums: -1 })(array(1), array(1), array(1)))).toBe(3);
  });

  test("gradients have the tree of the argument", () => {
    const f = (theta: { readonly a: Value; readonly list: readonly [Value, Value] }): Value =>
      mul(theta.a, mul(theta.list[0], theta.list[1]));
    const gradient = grad(f)({ a: 2, list: [3, 5] });
    expect([gradient.a, ...gradient.list].map(number)).toEqual([15, 10, 6]);
  });

  test("aux stays differentiable by the outer transform", () => {
    const inner = grad((x: Value) => [mul(x, x), { cube: mul(x, mul(x, x)) }] as const, { hasAux: true });
    const h = (x: Value): Value => mul(inner(x)[1].cube, sin(x));
    expect(number(grad(h)(array(4)))).toBeCloseTo(-78.15971151005172, 12);
    const [[value, aux], gradient] = valueAndGrad((x: Value) => [sin(x), "text"] as const, { hasAux: true })(
      0,
    );
    expect([number(value), aux, number(gradient)]).toEqual([0, "text", 1]);
  });

  test("an argument that does not matter has a zero gradient", () => {
    const gradient = grad((x: Value, _y: Value) => sin(x), { argnums: 1 })(array(1), array(2));
    expect(number(gradient)).toBe(0);
  });

  test("stopGradient hides its argument", () => {
    expect(number(grad((x: Value) => mul(x, stopGradient(x)))(array(3)))).toBe(3);
  });
});

test("arrays and traced arrays give their entries along axis 0", () => {
  const f = (theta: Value): Value => {
    const [a, b] = theta;
    let total = mul(a, b);
    for (const entry of theta) total = add(total, sin(entry));
    return total;
  };
  expect(grad(f)(array([0.5, 2])).js()).toEqual([2 + Math.cos(0.5), 0.5 + Math.cos(2)]);
  expect(
    [
      ...array([
        [1, 2],
        [3, 4],
      ]),
    ].map((row) => row.js()),
  ).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(() => [...array(1)]).toThrow(TypeError);
});

test("linearize runs the function once", () => {
  let runs = 0;
  const f = (x: Value): Value => {
    runs += 1;
    return sin(sin(x));
  };
  const [value, derivative] = linearize(f, array(2));
  expect(number(value)).toBeCloseTo(0.7890723435728884, 14);
  expect(number(derivative(array(3)))).toBeCloseTo(-0.7669173572783735, 14);
  expect(number(derivative(array(0)))).toBeCloseTo(0, 15);
  expect(runs).toBe(1);
});

test("jacobians and hessians agree between modes", () => {
  const f = (v: Value): Value => mul(sin(v), v);
  const point = array([0.5, -1, 2]);
  const g = (v: Value): Value => sumOverAxis(mul(f(v), v), 0);
  const close = (x: Value, y: Value): void => {
    x.dataSync().forEach((value, i) => expect(value).toBeCloseTo(y.dataSync()[i], 14));
  };
  close(jacfwd(f)(point), jacrev(f)(point));
  const h = hessian(g)(point).js() as number[][];
  expect(h[0][0]).toBeCloseTo(2 * Math.sin(0.5) + 4 * 0.5 * Math.cos(0.5) - 0.25 * Math.sin(0.5), 12);
  expect(h[0][1]).toBe(0);
  const [hv] = hvp(g, [point], [array([1, 0, 0])]);
  expect((hv.js() as number[])[0]).toBeCloseTo(h[0][0], 12);
  const tree = jacrev((x: Value, y: Value) => [x, y] as const, { argnums: [0, 1] })(array(0), array(1));
  expect(tree.map((row) => row.map(number))).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test("linearTranspose transposes what is linear", () => {
  const transposed = linearTranspose(
    (x: Value) =>
      sumOverAxis(
        mul(
          x,
          array([
            [1, 2, 3],
            [4, 5, 6],
          ]),
        ),
        0,
      ),
    array([
      [0, 0, 0],
      [0, 0, 0],
    ]),
  );
  const [back] = transposed(array([1, 10, 100]));
  expect(back.js()).toEqual([
    [1, 20, 300],
    [4, 50, 600],
  ]);
  expect(() => linearTranspose(sin, array(1))).toThrow("PHX942");
});

describe("vmap", () => {
  test("axes may be negative, nested, null, and placed", () => {
    const x = array([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const f = (pair: { readonly a: Value; readonly b: readonly [Value, Value] }): Value =>
      mul(pair.a, mul(pair.b[0], pair.b[1]));
    const out = vmap(f, { inAxes: [{ a: -1, b: [1, null] }], outAxes: -1 })({
      a: x,
      b: [x, array([10, 100])],
    });
    expect(out.js()).toEqual([
      [10, 40, 90],
      [1600, 2500, 3600],
    ]);
  });

  test("a result without batch axis is repeated, or kept with outAxes null", () => {
    const f = (x: Value): [Value, Value] => [x, array(7)];
    const [, repeated] = vmap(f)(array([1, 2]));
    expect(repeated.js()).toEqual([7, 7]);
    const [, single] = vmap(f, { outAxes: [0, null] })(array([1, 2]));
    expect(single.shape).toEqual([]);
  });

  test("misfits are told in words", () => {
    expect(() => vmap(smooth, { inAxes: [0] })(array([1]), array([1]))).toThrow("PHX933");
    expect(() => vmap(sin)(1)).toThrow("its rank should be at least 1, but is only 0");
    expect(() => vmap(smooth)(array([1, 2]), array([1, 2, 3]))).toThrow("different lengths: 2");
    expect(() => vmap(sin, { inAxes: null })(1)).toThrow("nothing to map over");
    expect(() => vmap(sin, { outAxes: null })(array([1]))).toThrow("depends on the batch");
  });
});

describe("collectives", () => {
  const js = (x: Value): unknown => x.js();
  test("sum, mean, maximum, gather and index over a named axis", () => {
    const f = (x: Value): Value[] => [
      psum(x, "i"),
      pmean(x, "i"),
      pmax(x, "i"),
      allGather(x, "i"),
      axisIndex("i"),
    ];
    const results = vmap(f, { axisName: "i" })(array([1, 2, 6]));
    expect(results.map(js)).toEqual([
      [9, 9, 9],
      [3, 3, 3],
      [6, 6, 6],
      [
        [1, 2, 6],
        [1, 2, 6],
        [1, 2, 6],
      ],
      [0, 1, 2],
    ]);
  });

  test("a constant is summed as often as there are members", () => {
    expect(js(vmap((x: Value) => mul(x, psum(1, "i")), { axisName: "i" })(array([1, 2, 3])))).toEqual([
      3, 6, 9,
    ]);
  });

  test("gradients go through, inside and outside of the map", () => {
    const f = (x: Value): Value => mul(x, psum(x, "i"));
    const total = (x: Value): Value => sumOverAxis(vmap(f, { axisName: "i" })(x), 0);
    expect(js(grad(total)(array([1, 2, 3])))).toEqual([12, 12, 12]);
    const gathered = (x: Value): Value => mul(sumOverAxis(allGather(x, "i"), 0), x);
    expect(js(vmap(grad(f), { axisName: "i" })(array([1, 2, 3])))).toEqual(
      js(vmap(grad(gathered), { axisName: "i" })(array([1, 2, 3]))),
    );
  });

  test("nested axes are told apart by name", () => {
    const f = (x: Value): Value => add(psum(x, "row"), neg(psum(x, "column")));
    const out = vmap(vmap(f, { axisName: "column" }), { axisName: "row" })(
      array([
        [1, 2],
        [3, 5],
      ]),
    );
    expect(js(out)).toEqual([
      [1, 4],
      [-4, -1],
    ]);
  });

  test("outside their axis they are refused", () => {
    expect(() => psum(1, "i")).toThrow("PHX936");
    expect(() => vmap((x: Value) => psum(x, "j"), { axisName: "i" })(array([1]))).toThrow(
      'bound here are "i"',
    );
  });
});
