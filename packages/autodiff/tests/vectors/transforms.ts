// Cases about transforms, custom rules, jit and dtypes.
import {
  checkpoint,
  customJvp,
  grad,
  jacfwd,
  jacrev,
  jvp,
  linearize,
  linearTranspose,
  np,
  psum,
  scan,
  vmap,
} from "../../src/index.ts";
import type { ArrayType, Value } from "../../src/index.ts";
import { promoteTypes } from "../../src/numpy/promote.ts";
import type { Mode, VectorCase } from "./vector-case.ts";

const { array } = np;
const cube = (x: Value): Value => x.mul(x).mul(x);

/** JAX's own test of nested aux: h(x) = aux(x) sin x, where aux comes out of an inner grad. */
const nestedAux = (x: Value): Value => {
  const inner = grad((y: Value) => [y.mul(y), cube(y)] as const, { hasAux: true });
  return inner(x)[1].mul(x.sin());
};
const confusedSum = (x: Value): Value => x.mul(grad((y: Value) => x.add(y))(array(1)));
const confusedProduct = (x: Value): Value => x.mul(grad((y: Value) => x.mul(y))(array(2)));
const sinSin = (x: Value): Value => x.sin().sin();
const matrix = array([
  [1, 2, 3],
  [4, 5, 6],
]);

/** f(x) = 3x with the rule 2t, inside a scan of length one. */
const ruled = customJvp((x: Value) => x.mul(3));
ruled.defjvp(([x]: [Value], [t]: [Value]) => [ruled(x), t.mul(2)]);
const ruledScan = (x: Value): Value =>
  scan((c: Value, _x: Value) => [ruled(c), null] as const, x, array([0]))[0];
const sine = customJvp((x: Value) => x.sin());
sine.defjvp(([x]: [Value], [t]: [Value]) => [x.sin(), np.mul(2, x.cos()).mul(t)]);
const applied = customJvp((f: (x: Value) => Value, x: Value) => f(x), { nondiffArgnums: [0] });
applied.defjvp((f: (x: Value) => Value, [x]: [Value], [t]: [Value]) => [f(x), t.mul(3)]);

const counting = <A extends readonly Value[]>(
  f: (...args: A) => Value,
): { f: (...args: A) => Value; count: number } => {
  const counter = {
    count: 0,
    f: (...args: A) => {
      counter.count += 1;
      return f(...args);
    },
  };
  return counter;
};

const promotion = (a: ArrayType, b: ArrayType, expected: readonly [string, boolean]): VectorCase => ({
  run: () => {
    const { dtype, weak } = promoteTypes([a, b]);
    return [dtype === expected[0], weak === expected[1]];
  },
  expected: [true, true],
});
const scalar = (dtype: ArrayType["dtype"], weak = false): ArrayType => ({ dtype, shape: [], weak });

export const transformCases: Readonly<Record<string, VectorCase>> = {
  argnums: {
    run: (mode) =>
      mode(grad((x: Value, y: Value, z: Value) => x.add(y.mul(2)).add(z.mul(3)), { argnums: [2, 0] }))(
        array(1),
        array(1),
        array(1),
      ),
  },
  "has_aux.nested": {
    run: (mode) => [
      grad(mode(nestedAux))(array(4)),
      mode(grad(mode(nestedAux)))(array(4)),
      mode(grad(nestedAux))(array(4)),
    ],
    expected: [-78.15971151005172, -78.15971151005172, -78.15971151005172],
  },
  "perturb.1": { run: (mode) => mode(grad(confusedSum))(array(3)) },
  "perturb.2": {
    run: (mode) => [
      mode(grad(confusedProduct))(array(3)),
      mode((x: Value) => jvp(confusedProduct, [x], [array(1)])[1])(array(3)),
      mode((x: Value) => jvp((z: Value) => z.mul(jvp((y: Value) => z.mul(y), [2], [1])[1]), [x], [1])[1])(
        array(3),
      ),
    ],
    expected: [6, 6, 6],
  },
  "jac.pytree": {
    run: (mode) => {
      const f = (x: Value, y: Value): [Value, Value] => [x, y];
      const argnums = [0, 1] as const;
      return [
        mode(jacfwd(f, { argnums }))(array(0), array(1)),
        mode(jacrev(f, { argnums }))(array(0), array(1)),
      ];
    },
    expected: [1, 0, 0, 1, 1, 0, 0, 1],
  },
  linearize: {
    run: (mode: Mode) =>
      [sinSin, checkpoint(sinSin)].map((f) => {
        const [value, derivative] = linearize(mode(f), array(2));
        return [value, derivative(array(3)), derivative(array(0))];
      }),
    expected: [0.7890723435728884, -0.7669173572783735, 0, 0.7890723435728884, -0.7669173572783735, 0],
  },
  "jvp.multi": {
    run: (mode) =>
      mode((x: Value, y: Value) => jvp((a: Value, b: Value) => [a.mul(b), a.sin()], [x, y], [1, 2]))(
        array(0.5),
        array(3),
      ),
  },
  linear_transpose: {
    run: (mode) =>
      mode((ct: Value) => linearTranspose((x: Value) => np.matmul(matrix, x), np.zeros([3]))(ct))(
        array([1, 10]),
      ),
  },
  "vmap.grad": {
    run: (mode, jit) => {
      const xs = array([1, 2, 3]);
      return [
        mode(vmap(grad(cube)))(xs),
        vmap(mode(grad(cube)))(xs),
        mode(grad((x: Value) => vmap(mode(cube))(x).sum()))(xs),
        jit(vmap(grad(cube)))(xs),
        vmap(jit(grad(cube)))(xs),
      ];
    },
    expected: Array.from({ length: 5 }, () => [3, 12, 27]),
  },
  "vmap.nested": {
    run: (mode) =>
      mode(
        vmap(
          vmap((x: Value, y: Value) => x.mul(y).add(x), { inAxes: [null, 0] }),
          { inAxes: [0, null] },
        ),
      )(array([1, 2]), array([10, 20, 30])),
  },
  "vmap.tree.axes": {
    run: (mode) => {
      const f = vmap(([x, [y, z]]: readonly [Value, readonly [Value, Value]]) => np.dot(x, np.dot(y, z)), {
        inAxes: [[0, [1, 2]]],
      });
      const out = mode((x: Value, y: Value, z: Value) => f([x, [y, z]]))(
        np.ones([6, 2, 3]),
        np.ones([3, 6, 4]),
        np.ones([4, 5, 6]),
      );
      return [out.shape.slice(), out];
    },
    expected: [6, 2, 5, ...Array.from({ length: 60 }, () => 12)],
  },
  "psum.grad": {
    run: (mode) =>
      mode(grad((x: Value) => vmap((y: Value) => y.mul(psum(y, "i")), { axisName: "i" })(x).sum()))(
        array([1, 2, 3]),
      ),
  },
  "jit.retrace": {
    run: (_mode, jit) => {
      const counter = counting((x: Value) => x.add(1));
      const g = jit(counter.f);
      const f32 = (size: number): Value => array(new Float32Array(size));
      for (const x of [f32(3), f32(3), f32(4), array([1, 2, 3]), f32(3)]) g(x);
      return counter.count;
    },
    expected: 3,
  },
  "jit.grad.traces": {
    run: (_mode, jit) => {
      const counter = counting((x: Value) => x.mul(x));
      const g = jit(grad(jit(counter.f)));
      return [g(1), g(2), counter.count];
    },
    expected: [2, 4, 1],
  },
  "jit.static.fn": {
    run: (_mode, jit) => {
      const g = jit((f: (x: Value) => Value, x: Value) => f(x), { staticArgnums: 0 });
      return [g(np.sin, 1), g(np.cos, 1)];
    },
  },
  "custom_jvp.scan": {
    run: (_mode, jit) =>
      [grad(ruledScan), grad(jit(ruledScan)), jit(grad(ruledScan)), grad(grad(ruledScan))].map((g) =>
        g(array(3)),
      ),
  },
  "custom_jvp.nondiff": {
    run: (mode) => {
      const twice = (x: Value): Value => x.mul(2);
      return mode((x: Value, t: Value) => jvp((y: Value) => applied(twice as never, y), [x], [t]))(
        array(1),
        array(1),
      );
    },
  },
  "custom_jvp.vmap": {
    run: (mode) => mode(vmap((x: Value) => jvp((y: Value) => sine(y), [x], [x])))(array([0, 1, 2])),
  },
  "promote.1": promotion(scalar("i32"), scalar("f64", true), ["f64", true]),
  "promote.2": promotion(scalar("i32"), scalar("f32"), ["f32", false]),
  "promote.3": promotion(scalar("f32"), scalar("f64"), ["f64", false]),
  "promote.4": promotion(scalar("f32"), scalar("f64", true), ["f32", false]),
  // There is no 64-bit integer here: the rule is that of x64 off.
  "promote.6": promotion(scalar("u32"), scalar("i32"), ["i32", false]),
  // The narrowest float here is f32, which takes the part of float16: a float wins over an integer.
  "promote.8": promotion(scalar("f32"), scalar("i32"), ["f32", false]),
  "weak.grad": {
    run: (mode) => {
      const gradient = mode(grad((x: Value) => x))(1 as never);
      return [gradient, gradient.weak];
    },
    expected: [1, 1],
  },
};
