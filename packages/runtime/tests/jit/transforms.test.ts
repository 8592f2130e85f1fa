// jit of every transform has the bits of the transform without it.
import { array, grad, hessian, jacfwd, np, scan, valueAndGrad, vmap } from "@phxlang/autodiff";
import type { NdArray, Value } from "@phxlang/autodiff";
import { expect, test } from "vitest";
import { jit } from "../../src/index.ts";
import { expectSame } from "./random-programs.ts";

const x = array(Float64Array.from({ length: 10 }, (_, i) => Math.sin(i))).reshape([5, 2]);
const y = array(Float64Array.of(0, 1, 1, 0, 1));
const thetas = array(Float64Array.from({ length: 6 }, (_, i) => Math.cos(i))).reshape([3, 2]) as NdArray;
const theta = array(Float64Array.of(0.3, -0.7));

const loss = (t: Value): Value => {
  const z = np.matmul(x, t);
  return z.exp().add(1).log().sub(z.mul(y)).sum();
};
const loop = (t: Value): Value =>
  scan((carry: Value, row: Value) => [carry.mul(0.5).add(row.mul(t)).sin(), null], t, x)[0].sum();

for (const [name, f] of Object.entries({ loss, loop })) {
  test(`${name}: grad, valueAndGrad, jacfwd, hessian, vmap of grad`, () => {
    expectSame([jit(f)(theta) as NdArray], [f(theta) as NdArray]);
    expectSame([jit(grad(f))(theta) as NdArray], [grad(f)(theta) as NdArray]);
    expectSame(
      jit(valueAndGrad(f))(theta) as readonly NdArray[],
      valueAndGrad(f)(theta) as readonly NdArray[],
    );
    expectSame([jit(jacfwd(f))(theta) as NdArray], [jacfwd(f)(theta) as NdArray]);
    expectSame([jit(hessian(f))(theta) as NdArray], [hessian(f)(theta) as NdArray]);
    expectSame([jit(vmap(grad(f)))(thetas) as NdArray], [vmap(grad(f))(thetas) as NdArray]);
  });
}

test("results are fresh arrays that later calls leave alone", () => {
  const double = jit((v: Value) => v.mul(2));
  const first = double(theta) as NdArray;
  const before = [...first.elements];
  double(array(Float64Array.of(9, 9)));
  expect([...first.elements]).toEqual(before);
});
