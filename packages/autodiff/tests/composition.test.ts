// Transforms in random compositions: a function built with jit, checkpoint, scan, cond, vmap, pmap, custom rules and
// inner derivatives has all the derivatives of the same function built from plain operations.
import { fc, test as lawTest } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import {
  array,
  checkpoint,
  cond,
  customJvp,
  foriLoop,
  grad,
  hessian,
  interpreterDevice,
  jacfwd,
  jacrev,
  jvp,
  linearize,
  makeJit,
  makePmap,
  np,
  psum,
  scan,
  vmap,
} from "../src/index.ts";
import type { Value } from "../src/index.ts";

const jit = makeJit(interpreterDevice);
const pmap = makePmap(interpreterDevice);

type Binary = (x: Value, y: Value) => Value;

/** One way to make a function of two numbers out of one or two others, and the same in plain operations. */
interface Combinator {
  readonly name: string;
  readonly built: (f: Binary, g: Binary) => Binary;
  readonly plain: (f: Binary, g: Binary) => Binary;
}

const steps = [0.3, -0.5, 0.8, 0.2, 0.4];
const correct = (f: Binary): Binary => {
  const custom = customJvp(f);
  custom.defjvp((primals: [Value, Value], tangents: [Value, Value]) => jvp(f, primals, tangents));
  return custom;
};
const sumOf = (values: readonly Value[]): Value => values.reduce((total, value) => total.add(value));

const combinators: readonly Combinator[] = [
  { name: "compose", built: (f, g) => (x, y) => f(g(x, y), y), plain: (f, g) => (x, y) => f(g(x, y), y) },
  {
    name: "multiply",
    built: (f, g) => (x, y) => f(x, y).mul(g(y, x)),
    plain: (f, g) => (x, y) => f(x, y).mul(g(y, x)),
  },
  { name: "jit", built: (f) => jit(f), plain: (f) => f },
  { name: "checkpoint", built: (f) => checkpoint(f), plain: (f) => f },
  { name: "customJvp", built: correct, plain: (f) => f },
  {
    name: "cond",
    built: (f, g) => (x, y) => cond(x.greater(y), f, g, x, y),
    plain: (f, g) => (x, y) => np.where(x.greater(y), f(x, y), g(x, y)),
  },
  ...[false, true].map((recompute): Combinator => ({
    name: recompute ? "scan with checkpoints" : "scan",
    built: (f, g) => (x, y) => {
      const step = (c: Value, s: Value): readonly [Value, Value] => [f(c, s.mul(y)), g(c, s)];
      const [last, stack] = scan(step, x, array(steps), { checkpoint: recompute });
      return last.add(stack.sum());
    },
    plain: (f, g) => (x, y) => {
      let carry = x;
      const stack: Value[] = [];
      for (const s of steps) {
        stack.push(g(carry, array(s)));
        carry = f(carry, array(s).mul(y));
      }
      return carry.add(sumOf(stack));
    },
  })),
  {
    name: "foriLoop",
    built: (f) => (x, y) => foriLoop(0, 3, (i, c: Value) => f(c, y.mul(i.add(1))), x),
    plain: (f) => (x, y) => [1, 2, 3].reduce((c, i) => f(c, y.mul(i)), x),
  },
  {
    name: "vmap",
    built: (f) => (x, y) => vmap(f, { inAxes: [0, null] })(np.stack([x, y, x.mul(y)]), y).sum(),
    plain: (f) => (x, y) => sumOf([x, y, x.mul(y)].map((z) => f(z, y))),
  },
  {
    name: "pmap with psum",
    built: (f, g) => (x, y) =>
      pmap((z: Value) => f(z, psum(g(z, y), "i")), { axisName: "i" })(np.stack([x, y])).sum(),
    plain: (f, g) => (x, y) => {
      const total = g(x, y).add(g(y, y));
      return f(x, total).add(f(y, total));
    },
  },
  {
    name: "grad",
    built: (f) => grad(f, { argnums: 1 }),
    plain: (f) => (x, y) => jvp((z: Value) => f(x, z), [y], [1])[1],
  },
  {
    name: "linearize",
    built: (f) => (x, y) => linearize((z: Value) => f(z, y), x)[1](y),
    plain: (f) => (x, y) => grad(f)(x, y).mul(y),
  },
];

const leaves: readonly Binary[] = [
  (x, y) => x.mul(y).sin(),
  (x, y) => x.add(y).tanh(),
  (x, y) => x.mul(x).neg().exp().mul(y),
  (x) => x,
];

interface Pair {
  readonly built: Binary;
  readonly plain: Binary;
  readonly text: string;
}

const { pair: pairs } = fc.letrec<{ pair: Pair }>((tie) => ({
  pair: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc
      .integer({ min: 0, max: leaves.length - 1 })
      .map((i) => ({ built: leaves[i], plain: leaves[i], text: `leaf ${i}` })),
    fc
      .tuple(fc.integer({ min: 0, max: combinators.length - 1 }), tie("pair"), tie("pair"))
      .map(([i, f, g]) => ({
        built: combinators[i].built(f.built, g.built),
        plain: combinators[i].plain(f.plain, g.plain),
        text: `${combinators[i].name}(${f.text}, ${g.text})`,
      })),
  ),
}));

const numbers = (x: unknown): number[] =>
  Array.isArray(x) ? x.flatMap(numbers) : Array.from((x as Value).dataSync());

/** What is asked of both functions; each must give the same numbers. */
const questions: Readonly<Record<string, (f: Binary) => (x: Value, y: Value) => unknown>> = {
  value: (f) => f,
  grad: (f) => grad(f, { argnums: [0, 1] }),
  "jit of grad": (f) => jit(grad(f, { argnums: [0, 1] })),
  "grad of jit": (f) => grad(jit(f), { argnums: [0, 1] }),
  jacfwd: (f) => jacfwd(f, { argnums: [0, 1] }),
  "jvp of jit": (f) => (x, y) => jvp(jit(f), [x, y], [1, 2]),
  hessian: (f) => hessian(f),
  "jacrev of jacfwd": (f) => jacrev(jacfwd(f)),
  "grad of grad of jit": (f) => grad(grad(jit(f)), { argnums: 1 }),
  "vmap of grad": (f) => (x, y) => vmap(grad(f), { inAxes: [0, null] })(np.stack([x, y]), y),
  "grad of vmap": (f) => (x, y) =>
    grad((xs: Value) => vmap(f, { inAxes: [0, null] })(xs, y).sum())(np.stack([x, y])),
  "jit of vmap of hessian": (f) => (x, y) =>
    jit(vmap(hessian(f), { inAxes: [0, null] }))(np.stack([x, y]), y),
};

describe.each(Object.entries(questions))("%s", (_name, ask) => {
  const real = fc.double({ min: -1.5, max: 1.5, noNaN: true }).filter((x) => Math.abs(x) > 1e-3);
  lawTest.prop([pairs, real, real], { numRuns: 25 })(
    "of the composition is that of the plain function",
    (pair, x, y) => {
      // At x = y a branch is at its edge, where the two forms may choose different sides of a kink.
      fc.pre(Math.abs(x - y) > 1e-6);
      const found = numbers(ask(pair.built)(array(x), array(y)));
      const expected = numbers(ask(pair.plain)(array(x), array(y)));
      found.forEach((value, i) => {
        const scale = 1 + Math.max(...expected.map(Math.abs));
        expect(Math.abs(value - expected[i]), pair.text).toBeLessThan(1e-9 * scale);
      });
    },
  );
});
