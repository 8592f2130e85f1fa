// Cases about single functions: their values, derivatives and conventions.
import {
  foriLoop,
  grad,
  hessian,
  hvp,
  jacfwd,
  jacrev,
  np,
  scan,
  vmap,
  whileLoop,
  jvp,
  cond,
  stopGradient,
} from "../../src/index.ts";
import type { Value } from "../../src/index.ts";
import type { Mode, VectorCase } from "./vector-case.ts";

type Scalar = (x: Value) => Value;

const { array } = np;

/** The n-th derivative of a function of one number. */
function derivative(f: Scalar, order: number): Scalar {
  let g: Scalar = f;
  for (let i = 0; i < order; i++) g = grad(g);
  return g;
}

const at = (f: Scalar, order: number, x: number): VectorCase => ({
  run: (mode) => mode(derivative(f, order))(array(x)),
});
const gradAt = (f: Scalar, x: readonly unknown[]): VectorCase => ({
  run: (mode) => mode(grad(f))(array(x as number[])),
});
const valueAt = (f: Scalar, x: number | readonly number[]): VectorCase => ({
  run: (mode) => mode(f)(array(x)),
});
const pairGrad = (f: (x: Value, y: Value) => Value, x: number, y: number): VectorCase => ({
  run: (mode) => mode(grad(f, { argnums: [0, 1] }))(array(x), array(y)),
});

const logexpx: Scalar = (x) => x.neg().exp().mul(x).add(1e-10).log();
const rosenbrock: Scalar = (v) => {
  const [x, y] = [np.take(v, 0), np.take(v, 1)];
  return np.add(np.square(np.sub(1, x)), np.mul(100, np.square(y.sub(x.mul(x)))));
};

/**
 * exp of a small matrix: the first entry μ of the diagonal is split off (exp(A) = e^μ exp(A − μI)), the rest is scaled, expanded in its Taylor series and squared.
 */
function expm(a: Value): Value {
  const size = a.shape[0];
  const shift = np.take(np.take(a, 0, 0), 0);
  const scaled = a.sub(np.eye(size).mul(shift)).mul(2 ** -6);
  let term: Value = np.eye(size);
  let sum: Value = term;
  for (let k = 1; k <= 18; k++) {
    term = np.matmul(term, scaled).div(k);
    sum = sum.add(term);
  }
  for (let i = 0; i < 6; i++) sum = np.matmul(sum, sum);
  return sum.mul(shift.exp());
}
/** lax.clamp to [0, 1]: unlike clip its derivative is 0 at the bounds themselves. */
const clamp: Scalar = (x) => {
  const inside = np.logicalAnd(x.greater(0), x.less(1));
  return np.where(inside, x, np.clip(stopGradient(x), 0, 1));
};
const twoState = (a: Value, b: Value, t: Value): Value =>
  expm(np.stack([np.stack([a.neg(), a]), np.stack([b, b.neg()])]).mul(t));
const twoStateAt = (f: (a: Value, b: Value, t: Value) => Value): VectorCase => ({
  run: (mode) => mode(f)(array(0.5), array(1.5), array(0.8)),
});
const erlang3 = (rate: Value, t: Value): Value => {
  const zero = np.zerosLike(rate);
  const s = np.stack([
    np.stack([rate.neg(), rate, zero]),
    np.stack([zero, rate.neg(), rate]),
    np.stack([zero, zero, rate.neg()]),
  ]);
  return np.take(np.take(expm(s.mul(t)), 0, 0), 2).mul(rate);
};
/** Probability of reaching 3 before 0 from 1, by solving the linear equations of the chain. */
const gambler: Scalar = (p) => {
  const [one, down] = [np.onesLike(p), p.sub(1)];
  const a = np.stack([np.stack([one, p.neg()]), np.stack([down, one])]);
  return np.take(np.linalg.solve(a, np.stack([np.zerosLike(p), p])), 0);
};
const logistic10 = (r: Value, x0: Value): Value =>
  foriLoop(0, 10, (_i, x: Value) => r.mul(x).mul(np.sub(1, x)), x0);
const newton: Scalar = (a) =>
  whileLoop(
    (y: Value) => np.abs(y.mul(y).sub(a)).greater(1e-12),
    (y: Value) => y.add(a.div(y)).mul(0.5),
    array(1),
  );
const running = (x0: Value): [Value, Value] =>
  scan((c: Value, x: Value) => [c.mul(x), c.add(x)] as const, x0, array([1, 2, 3]));
const both =
  (f: Scalar): Scalar =>
  (x) =>
    np.stack([f(x), grad(f)(x)]);

export const functionCases: Readonly<Record<string, VectorCase>> = {
  "sin.d1": at(np.sin, 1, 0.5),
  "sin.d3": at(np.sin, 3, 0.5),
  "recip.d6": at(np.reciprocal, 6, 4),
  "logexpx.0.1": at(logexpx, 1, 0.1),
  "logexpx.1.0": at(logexpx, 1, 1),
  "logexpx.5.0": at(logexpx, 1, 5),
  "sigmoid.d1..d3@0": {
    run: (mode) =>
      [1, 2, 3].map((order) => mode(derivative((x) => np.div(1, x.neg().exp().add(1)), order))(array(0))),
  },
  "softplus.neg": {
    run: (mode) => [0, 1].map((order) => mode(derivative((x) => np.logaddexp(x, 0), order))(array(-40))),
  },
  "tanh.d2": at(np.tanh, 2, 0.7),
  "erf.d1": at(np.erf, 1, 0.5),
  "lgamma.d1d2": { run: (mode) => [1, 2].map((order) => mode(derivative(np.lgamma, order))(array(2.5))) },
  "pow.hess.y0": {
    run: (mode) => {
      const argnums = [0, 1] as const;
      const forward = mode(jacfwd(jacfwd(np.pow as (x: Value, y: Value) => Value, { argnums }), { argnums }));
      const reverse = mode(jacrev(jacrev(np.pow as (x: Value, y: Value) => Value, { argnums }), { argnums }));
      return [forward(array(4), array(0)), reverse(array(4), array(0))];
    },
    expected: [0, 0.25, 0.25, 1.9218120556728058, 0, 0.25, 0.25, 1.9218120556728058],
  },
  "pow.int0.at0": at((x) => np.pow(x, array(0, "i32")), 1, 0),
  "abs.at0": at(np.abs, 1, 0),
  "abs.neg": at(np.abs, 1, -2),
  "max.tie": pairGrad(np.maximum, 1, 1),
  "min.tie": pairGrad(np.minimum, 1, 1),
  "reduce_max.ties": gradAt((x) => x.max(), [2, 2, 1]),
  "relu6.at0and6": { run: (mode) => mode(vmap(grad(np.relu6 as Scalar)))(array([0, 3, 6, 7])) },
  "clamp.bounds": {
    run: (mode) => mode(vmap(grad((x: Value) => clamp(x))))(array([-1, 0, 0.5, 1, 2])),
  },
  "clip.bounds": {
    run: (mode) => mode(vmap(grad((x: Value) => np.clip(x, 0, 1))))(array([-1, 0, 0.5, 1, 2])),
  },
  "round.family": at((x) => x.floor().add(x.ceil()).add(x.round()).add(x.sign()), 1, 0.3),
  "sqrt.at0": at(np.sqrt, 1, 0),
  "where.unsafe": at((x) => np.where(x.greater(0), x.sqrt(), 0), 1, 0),
  "xlogy.zero": {
    run: (mode, jit) => [
      mode(np.xlogy as (x: Value, y: Value) => Value)(array(0), array(3)),
      pairGrad(np.xlogy, 0, 3).run(mode, jit),
    ],
  },
  "xlogy.00": { run: (mode) => mode(np.xlogy as (x: Value, y: Value) => Value)(array(0), array(0)) },
  "xlogy.nan": { run: (mode) => mode(np.xlogy as (x: Value, y: Value) => Value)(array(0), array(NaN)) },
  "entr.at0": at(np.entr, 1, 0),
  "logaddexp.ninf.both": {
    run: (mode) => mode(np.logaddexp as (x: Value, y: Value) => Value)(array(-Infinity), array(-Infinity)),
  },
  "prod.zero1": gradAt((x) => x.prod(), [0, 2, 3]),
  "prod.zero2": gradAt((x) => x.prod(), [0, 0, 3]),
  "sort.grad": gradAt((x) => np.sort(x).mul([1, 10, 100]).sum(), [3, 1, 2]),
  "lse.grad": gradAt((x) => np.logsumexp(x), [1, 2, 3]),
  "lse.hess": { run: (mode) => mode(hessian((x: Value) => np.logsumexp(x)))(array([1, 2, 3])) },
  "lse.where": gradAt(
    (x) => np.logsumexp(np.where([true, true, true, true, false], x, -Infinity)),
    [0, 0, 0, 0, 100],
  ),
  "lse.allninf": valueAt((x) => np.logsumexp(x), [-Infinity, -Infinity]),
  "log_softmax.huge": valueAt((x) => np.logSoftmax(x), [1000, 0]),
  "cumprod.grad": gradAt((x) => np.cumprod(x).sum(), [2, 3, 4]),
  "rosen.hvp": {
    run: (mode) =>
      mode((v: Value, t: Value) => hvp(rosenbrock, [v], [t])[0])(array([-1.2, 1]), array([1, 2])),
  },
  "rosen.hvp.rev": {
    run: (mode) =>
      mode(grad((v: Value, t: Value) => grad(rosenbrock)(v).mul(t).sum()))(array([-1.2, 1]), array([1, 2])),
  },
  "det.singular": gradAt(np.linalg.det, [
    [50, -30, 45],
    [-30, 90, -81],
    [45, -81, 81],
  ]),
  "slogdet.grad": gradAt(
    (a) => np.linalg.slogdet(a).logabsdet,
    [
      [4, 1],
      [2, 3],
    ],
  ),
  "ctmc2.P": twoStateAt(twoState),
  "ctmc2.dP/da": twoStateAt(jacfwd(twoState)),
  "ctmc2.dP/dt": twoStateAt(jacfwd(twoState, { argnums: 2 })),
  "erlang3.pdf": {
    // The derivative in λ is a difference of equal terms (13.5 e⁻³) and so zero up to their rounding.
    absolute: 1e-15,
    run: (mode) => [
      mode(erlang3)(array(2), array(1.5)),
      mode(grad(erlang3, { argnums: [0, 1] }))(array(2), array(1.5)),
    ],
  },
  "gambler.hit": valueAt(both(gambler), 0.6),
  logistic10: {
    run: (mode) => [
      mode(logistic10)(array(3.7), array(0.2)),
      mode(grad(logistic10, { argnums: [0, 1] }))(array(3.7), array(0.2)),
    ],
  },
  "newton.sqrt": { run: (mode) => mode((a: Value, t: Value) => jvp(newton, [a], [t]))(array(2), array(1)) },
  "scan.outputs": { run: (mode: Mode) => [mode(running)(array(5)), mode(jacrev(running))(array(5))] },
  "cond.branch": {
    run: (mode) =>
      mode(vmap(grad((x: Value) => cond(x.greater(0), np.sin as Scalar, np.cos as Scalar, x))))(
        array([0.5, -0.5]),
      ),
  },
};
