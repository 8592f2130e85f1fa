// Gamma and Poisson numbers as primitives: rejection runs in the kernel, derivatives are implicit.
import type { ArrayType } from "../array.ts";
import { allocate, isFloat, sizeOf, typeText } from "../array.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Batched, Primitive } from "../primitive.ts";
import { constant, div, mul, neg, sub, where } from "./arithmetic.ts";
import { apply, single } from "./apply.ts";
import { less } from "./comparison.ts";
import { exp } from "./exponential.ts";
import { gammainc } from "./incomplete.ts";
import { range } from "./layout.ts";
import { lgamma, polygamma } from "./special-functions.ts";
import { broadcastInto, moveAxis, reshape } from "./structural.ts";
import type { Value } from "../trace.ts";
import { sampleLogGamma, samplePoisson } from "../random/rejection.ts";
import { Stream } from "../random/stream.ts";

const none = {};

/** Keys [b, 2] and parameters [b, n]: list i of parameters draws from key i. */
function checkDraw(name: string, operands: readonly ArrayType[]): void {
  const [keys, parameter] = operands;
  const fits =
    keys.dtype === "u32" &&
    keys.shape.length === 2 &&
    keys.shape[1] === 2 &&
    isFloat(parameter.dtype) &&
    parameter.shape.length === 2 &&
    parameter.shape[0] === keys.shape[0];
  if (fits) return;
  throw new PhxError({
    code: "PHX949",
    what: `${name} of ${typeText(keys)} and ${typeText(parameter)}`,
    why: "it takes keys u32 [b, 2] and one list of float parameters [b, n] for each",
    fix: "use the functions of random, which bring arrays to this form",
  });
}

function draw(
  operands: readonly NdArray[],
  type: ArrayType,
  sample: (parameter: number, stream: Stream) => number,
): NdArray {
  const [keys, parameter] = operands;
  const out = allocate(type.dtype, sizeOf(type.shape));
  const n = parameter.shape[1];
  const stream = new Stream();
  for (let i = 0; i < out.length; i++) {
    const list = n === 0 ? 0 : Math.floor(i / n);
    stream.start(keys.elements[2 * list], keys.elements[2 * list + 1], i - list * n);
    out[i] = sample(parameter.elements[i], stream);
  }
  return new NdArray(out, type.shape, type.dtype);
}

/** Folds the batch into the lists: every member of the batch has its key. */
function batchDraw(
  operands: readonly Value[],
  axes: readonly (number | null)[],
  size: number,
  run: (keys: Value, parameter: Value) => Value,
): Batched {
  const [keys, parameter] = operands.map((operand, i) => {
    const axis = axes[i];
    const full =
      axis === null
        ? broadcastInto(
            operand,
            [size, ...operand.shape],
            range(operand.shape.length).map((a) => a + 1),
          )
        : moveAxis(operand, axis, 0);
    const [, lists, length] = full.shape;
    return reshape(full, [size * lists, length]);
  });
  const result = run(keys, parameter);
  return { results: [reshape(result, [size, result.shape[0] / size, result.shape[1]])], axes: [0] };
}

export const randomLogGammaPrimitive: Primitive = {
  name: "randomLogGamma",
  documentation:
    "keys u32 [b, 2], shapes a > 0 [b, n] → logarithms [b, n] of gamma numbers of shape a and rate 1; differentiable in a at fixed randomness",
  type(operands) {
    checkDraw("randomLogGamma", operands);
    return [{ dtype: operands[1].dtype, shape: operands[1].shape }];
  },
  evaluate: (operands, _parameters, [type]) => [draw(operands, type, sampleLogGamma)],
  // The number z is a quantile: P(a, z) = u is constant, so dz = −(∂P/∂a) / (∂P/∂z) da (implicit reparameterization).
  jvp([keys, a], [, ta]) {
    const logZ = randomLogGamma(keys, a);
    return single(logZ, ta && mul(ta, logGammaSlope(a, logZ)));
  },
  batch: (operands, axes, _parameters, size) => batchDraw(operands, axes, size, randomLogGamma),
};

export const randomPoissonPrimitive: Primitive = {
  name: "randomPoisson",
  documentation: "keys u32 [b, 2], means m ≥ 0 [b, n] → Poisson numbers i32 [b, n]",
  type(operands) {
    checkDraw("randomPoisson", operands);
    return [{ dtype: "i32", shape: operands[1].shape }];
  },
  evaluate: (operands, _parameters, [type]) => [draw(operands, type, samplePoisson)],
  jvp: ([keys, m]) => single(randomPoisson(keys, m), null),
  batch: (operands, axes, _parameters, size) => batchDraw(operands, axes, size, randomPoisson),
};

/** d log z / d a at constant P(a, z). For z that are all but 0, P ≈ z^a/Γ(a + 1) gives (ψ(a + 1) − log z)/a. */
function logGammaSlope(a: Value, logZ: Value): Value {
  const tiny = less(logZ, constant(-40, logZ));
  // The branch not taken sees 1, so that nothing overflows in it.
  const safe = where(tiny, constant(0, logZ), logZ);
  const z = exp(safe);
  const density = exp(sub(sub(mul(a, safe), z), lgamma(a)));
  const general = neg(div(gammainc(a, z, 1), density));
  const one = constant(1, a);
  const limit = div(sub(polygamma(0, sub(a, neg(one))), logZ), a);
  return where(tiny, limit, general);
}

export const randomLogGamma = (keys: Value, a: Value): Value =>
  apply(randomLogGammaPrimitive, [keys, a], none);
export const randomPoisson = (keys: Value, m: Value): Value => apply(randomPoissonPrimitive, [keys, m], none);
