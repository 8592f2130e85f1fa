// Cases that throw, with the code of each error.
import { customVjp, debugNans, grad, jvp, np, vjp, vmap, whileLoop } from "../../src/index.ts";
import type { Value } from "../../src/index.ts";
import type { VectorCase } from "./vector-case.ts";

const { array } = np;
const identity = (x: Value): Value => x;

export const errorCases: Readonly<Record<string, VectorCase>> = {
  "err.bool": {
    throws: "PHX921",
    run: (_mode, jit) => jit((x: Value) => ((x as unknown as number) > 0 ? x : x.neg()))(1),
  },
  "err.leak.grad": {
    throws: "PHX924",
    run: (mode) => {
      let saved: Value = array(0);
      const f = (x: Value): Value => {
        grad((y: Value) => {
          saved = y.mul(y);
          return saved;
        })(x);
        return saved.mul(x);
      };
      return mode(grad(f))(array(1));
    },
  },
  "err.nonscalar": { throws: "PHX930", run: (mode) => mode(grad(identity))(np.zeros([3])) },
  "err.grad.int": { throws: "PHX931", run: (mode) => mode(grad(identity))(array(1, "i32")) },
  "err.aux": {
    throws: "PHX932",
    run: (mode) => mode(grad(identity as never, { hasAux: true }) as unknown as typeof identity)(array(1)),
  },
  "err.grad.str": { throws: "PHX925", run: (mode) => mode(grad(identity))("foo" as never) },
  "err.vmap.len": { throws: "PHX933", run: (mode) => mode(vmap(identity, { inAxes: [0, 0] }))(array([1])) },
  "err.vmap.rank": { throws: "PHX933", run: (mode) => mode(vmap(identity))(array(1)) },
  "err.jvp.shape": {
    throws: "PHX934",
    run: (mode) => mode((x: Value, t: Value) => jvp(identity, [x], [t]))(np.zeros([3]), np.zeros([4])),
  },
  "err.vjp.tree": {
    throws: "PHX935",
    run: (mode) => mode((x: Value) => vjp((y: Value) => [y, y.sin()], x)[1](x as never))(array(1)),
  },
  "err.custom_vjp.fwd": {
    throws: "PHX937",
    run: (mode) => {
      const f = customVjp(identity);
      f.defvjp(
        (x) => [x, null],
        (_residuals: null, ct: Value) => [ct],
      );
      return jvp(
        mode((x: Value) => f(x)),
        [1],
        [1],
      );
    },
  },
  "err.while.reverse": {
    throws: "PHX938",
    run: (mode) =>
      mode(
        grad((x: Value) =>
          whileLoop(
            (y: Value) => y.less(10),
            (y: Value) => y.mul(2),
            x,
          ),
        ),
      )(array(1)),
  },
  "err.debug_nans": { throws: "PHX944", run: (mode) => debugNans(mode(np.log as typeof identity))(-1) },
};
