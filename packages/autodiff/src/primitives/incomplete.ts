// The incomplete gamma and beta functions, differentiable in all arguments.
import type { ArrayType } from "../array.ts";
import { allocate, sizeOf } from "../array.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive, Tangent } from "../primitive.ts";
import * as special from "../special/index.ts";
import type { Value } from "../trace.ts";
import { add, addTangents, constant, mul, neg, sub } from "./arithmetic.ts";
import { apply, batchedFirst, single } from "./apply.ts";
import { alignBatch, elementwiseType, expandOperand, floats, stepOf } from "./elementwise.ts";
import { exp, log, log1p, xlog1py, xlogy } from "./exponential.ts";
import { lgamma, polygamma } from "./special-functions.ts";
import { broadcastTo } from "./structural.ts";

export interface GammaincParameters extends Parameters {
  /** Order of the derivative in a, 0 to 3. */
  readonly order: number;
}

export interface BetaincParameters extends Parameters {
  /** Orders of the derivatives in a and in b, together at most 2. */
  readonly orderA: number;
  readonly orderB: number;
}

function typeOf(name: string, operands: readonly ArrayType[]): ArrayType {
  return elementwiseType({ name, documentation: "", accepts: floats }, operands);
}

/** Evaluates a function of several numbers entry by entry. */
function evaluateEach(
  f: (...x: readonly number[]) => number,
  operands: readonly NdArray[],
  type: ArrayType,
): NdArray {
  const out = allocate(type.dtype, sizeOf(type.shape));
  const full = operands.map((operand) => expandOperand(operand, type.shape));
  const steps = full.map(stepOf);
  for (let i = 0; i < out.length; i++) out[i] = f(...full.map((elements, j) => elements[i * steps[j]]));
  return new NdArray(out, type.shape, type.dtype, type.weak);
}

function orderError(name: string, order: number, highest: number): PhxError {
  return new PhxError({
    code: "PHX949",
    what: `a derivative of ${name} of order ${order} in its shape arguments`,
    why: `they are carried to order ${highest}`,
    fix: "differentiate in x, or integrate numerically",
  });
}

const shapeMatched = (t: Tangent, z: Value): Tangent => (t === null ? null : broadcastTo(t, z.shape));

export const gammaincPrimitive: Primitive<GammaincParameters> = {
  name: "gammainc",
  documentation:
    "a > 0, x ≥ 0 → the regularized lower incomplete gamma function P(a, x), or its derivative in a of order `order` ≤ 3",
  type(operands, { order }) {
    if (order > special.gammaincMaximalOrder)
      throw orderError("gammainc", order, special.gammaincMaximalOrder);
    return [typeOf("gammainc", operands)];
  },
  evaluate(operands, { order }, [type]) {
    const f = (a: number, x: number): number =>
      order === 0 ? special.gammainc(a, x) : special.gammaincDerivative(order, a, x);
    return [evaluateEach(f, operands, type)];
  },
  // ∂/∂x of the k-th derivative in a is that derivative of the density x^(a−1) e^(−x)/Γ(a)
  jvp([a, x], [ta, tx], { order }) {
    const z = gammainc(a, x, order);
    const ofA = ta && mul(ta, gammainc(a, x, order + 1));
    return single(z, shapeMatched(addTangents(ofA, tx && mul(tx, gammaDensity(a, x, order))), z));
  },
  batch: (operands, axes, { order }) => {
    const [a, x] = alignBatch(operands, axes);
    return batchedFirst(gammainc(a, x, order));
  },
};

export const gammainccPrimitive: Primitive = {
  name: "gammaincc",
  documentation:
    "a > 0, x ≥ 0 → the regularized upper incomplete gamma function Q(a, x) = 1 − P(a, x), accurate in the tail",
  type: (operands) => [typeOf("gammaincc", operands)],
  evaluate: (operands, _parameters, [type]) => [evaluateEach(special.gammaincc, operands, type)],
  // dQ = −dP
  jvp([a, x], [ta, tx]) {
    const z = gammaincc(a, x);
    const ofA = ta && neg(mul(ta, gammainc(a, x, 1)));
    return single(z, shapeMatched(addTangents(ofA, tx && neg(mul(tx, gammaDensity(a, x, 0)))), z));
  },
  batch: (operands, axes) => {
    const [a, x] = alignBatch(operands, axes);
    return batchedFirst(gammaincc(a, x));
  },
};

export const betaincPrimitive: Primitive<BetaincParameters> = {
  name: "betainc",
  documentation:
    "a, b > 0, 0 ≤ x ≤ 1 → the regularized incomplete beta function I_x(a, b), or its derivative of orders `orderA` in a and `orderB` in b, together ≤ 2",
  type(operands, { orderA, orderB }) {
    const order = orderA + orderB;
    if (order > special.betaincMaximalOrder) throw orderError("betainc", order, special.betaincMaximalOrder);
    return [typeOf("betainc", operands)];
  },
  evaluate(operands, { orderA, orderB }, [type]) {
    const f = (a: number, b: number, x: number): number =>
      orderA + orderB === 0 ? special.betainc(a, b, x) : special.betaincDerivative(orderA, orderB, a, b, x);
    return [evaluateEach(f, operands, type)];
  },
  jvp([a, b, x], [ta, tb, tx], { orderA, orderB }) {
    const z = betainc(a, b, x, orderA, orderB);
    const ofA = ta && mul(ta, betainc(a, b, x, orderA + 1, orderB));
    const ofB = tb && mul(tb, betainc(a, b, x, orderA, orderB + 1));
    const ofX = tx && mul(tx, betaDensity(a, b, x, orderA, orderB));
    return single(z, shapeMatched(addTangents(addTangents(ofA, ofB), ofX), z));
  },
  batch: (operands, axes, { orderA, orderB }) => {
    const [a, b, x] = alignBatch(operands, axes);
    return batchedFirst(betainc(a, b, x, orderA, orderB));
  },
};

/** The derivative of order `order` in a of f = x^(a−1) e^(−x)/Γ(a): f times a polynomial in the derivatives of log f. */
function gammaDensity(a: Value, x: Value, order: number): Value {
  const density = exp(sub(sub(xlogy(sub(a, constant(1, a)), x), x), lgamma(a)));
  if (order === 0) return density;
  const slope = sub(log(x), polygamma(0, a));
  return mul(
    density,
    bell(order, slope, (n) => neg(polygamma(n - 1, a))),
  );
}

/** Complete Bell polynomials of the derivatives g₁, g₂, g₃ of a logarithm: f⁽ⁿ⁾ / f. */
function bell(order: number, first: Value, higher: (n: number) => Value): Value {
  if (order === 1) return first;
  const square = add(mul(first, first), higher(2));
  if (order === 2) return square;
  // g₁³ + 3 g₁ g₂ + g₃
  const mixed = mul(constant(3, first), mul(first, higher(2)));
  return add(add(mul(first, mul(first, first)), mixed), higher(3));
}

/** The derivative of orders (i, j) in a and b of x^(a−1) (1 − x)^(b−1) / B(a, b). */
function betaDensity(a: Value, b: Value, x: Value, i: number, j: number): Value {
  const one = constant(1, a);
  const total = add(a, b);
  const logBeta = sub(add(lgamma(a), lgamma(b)), lgamma(total));
  const minusX = neg(x);
  const density = exp(sub(add(xlogy(sub(a, one), x), xlog1py(sub(b, one), minusX)), logBeta));
  if (i + j === 0) return density;
  const ofA = sub(add(log(x), polygamma(0, total)), polygamma(0, a));
  const ofB = sub(add(log1p(minusX), polygamma(0, total)), polygamma(0, b));
  if (i + j === 1) return mul(density, i === 1 ? ofA : ofB);
  const shared = polygamma(1, total);
  if (i === 1) return mul(density, add(mul(ofA, ofB), shared));
  const [slope, shape] = i === 2 ? [ofA, a] : [ofB, b];
  return mul(density, add(mul(slope, slope), sub(shared, polygamma(1, shape))));
}

export const gammainc = (a: Value, x: Value, order = 0): Value => apply(gammaincPrimitive, [a, x], { order });
export const gammaincc = (a: Value, x: Value): Value => apply(gammainccPrimitive, [a, x], {});
export const betainc = (a: Value, b: Value, x: Value, orderA = 0, orderB = 0): Value =>
  apply(betaincPrimitive, [a, b, x], { orderA, orderB });
