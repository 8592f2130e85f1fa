// The operations of feature expressions: their codes, arities, and values on constants.
import { special } from "@phxlang/autodiff";
import type { FeatureOperation } from "./feature-table.ts";

/** Codes are part of the content hash: never renumber, only append. 0 and 1 are constants and inputs. */
export const operationCodes: Readonly<Record<FeatureOperation | "constant" | "input", number>> = {
  constant: 0,
  input: 1,
  add: 2,
  sub: 3,
  mul: 4,
  div: 5,
  pow: 6,
  neg: 7,
  exp: 8,
  log: 9,
  sqrt: 10,
  abs: 11,
  min: 12,
  max: 13,
  floor: 14,
  ceil: 15,
  less: 16,
  lessEqual: 17,
  equal: 18,
  where: 19,
};

const names = Object.keys(operationCodes);

/** Name of an operation code other than those of constants and inputs. */
export function operationName(code: number): FeatureOperation {
  return names[code] as FeatureOperation;
}

const arities: Readonly<Record<FeatureOperation, number>> = {
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  pow: 2,
  neg: 1,
  exp: 1,
  log: 1,
  sqrt: 1,
  abs: 1,
  min: 2,
  max: 2,
  floor: 1,
  ceil: 1,
  less: 2,
  lessEqual: 2,
  equal: 2,
  where: 3,
};

export function operationArity(operation: FeatureOperation): number {
  return arities[operation];
}

export function isCommutative(code: number): boolean {
  const { add, mul, min, max, equal } = operationCodes;
  return code === add || code === mul || code === min || code === max || code === equal;
}

export function isComparison(code: number): boolean {
  return code >= operationCodes.less && code <= operationCodes.equal;
}

/** Value of one operation on numbers: the same bits in every engine, for folded constants are hashed. */
export function applyToNumbers(code: number, a: number, b: number, c: number): number {
  switch (code) {
    case operationCodes.add:
      return a + b;
    case operationCodes.sub:
      return a - b;
    case operationCodes.mul:
      return a * b;
    case operationCodes.div:
      return a / b;
    case operationCodes.pow:
      return power(a, b);
    case operationCodes.neg:
      return -a;
    case operationCodes.exp:
      return special.exp(a);
    case operationCodes.log:
      return special.log(a);
    case operationCodes.sqrt:
      return Math.sqrt(a);
    case operationCodes.abs:
      return Math.abs(a);
    case operationCodes.min:
      return Math.min(a, b);
    case operationCodes.max:
      return Math.max(a, b);
    case operationCodes.floor:
      return Math.floor(a);
    case operationCodes.ceil:
      return Math.ceil(a);
    case operationCodes.less:
      return a < b ? 1 : 0;
    case operationCodes.lessEqual:
      return a <= b ? 1 : 0;
    case operationCodes.equal:
      return a === b ? 1 : 0;
    default:
      return a === 0 ? c : b;
  }
}

/** Whole powers by repeated multiplication, so that they are the same number in every engine. */
function power(base: number, exponent: number): number {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 1024) return special.pow(base, exponent);
  let result = 1;
  let square = base;
  for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return exponent < 0 ? 1 / result : result;
}
