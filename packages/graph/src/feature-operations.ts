// The operations of feature expressions: their codes, arities, and values on constants.
import { special } from "@phxlang/autodiff";

/** Operations of features: names of autodiff's elementwise primitives. Comparisons are 1 where true, else 0. */
export type FeatureOperation =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "pow"
  | "neg"
  | "exp"
  | "log"
  | "sqrt"
  | "abs"
  | "min"
  | "max"
  | "floor"
  | "ceil"
  | "less"
  | "lessEqual"
  | "equal"
  | "where"
  | "expm1"
  | "log1p"
  | "logistic"
  | "log2"
  | "log10"
  | "cbrt"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "tanh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "erf"
  | "erfc"
  | "erfinv"
  | "lgamma"
  | "sign"
  | "round"
  | "atan2"
  | "hypot"
  | "logaddexp";

interface OperationRules {
  /** Part of the content hash: never renumber, only append. */
  readonly code: number;
  readonly arity: number;
  readonly isCommutative?: boolean;
  /** The same bits in every engine, for folded constants are hashed. */
  value(a: number, b: number, c: number): number;
}

const unary = (code: number, value: (a: number) => number): OperationRules => ({ code, arity: 1, value });
const binary = (code: number, value: (a: number, b: number) => number): OperationRules => ({
  code,
  arity: 2,
  value,
});
const commutative = (code: number, value: (a: number, b: number) => number): OperationRules => ({
  code,
  arity: 2,
  isCommutative: true,
  value,
});

/** Codes 0 and 1 are those of constants and inputs. */
const rules: Readonly<Record<FeatureOperation, OperationRules>> = {
  add: commutative(2, (a, b) => a + b),
  sub: binary(3, (a, b) => a - b),
  mul: commutative(4, (a, b) => a * b),
  div: binary(5, (a, b) => a / b),
  pow: binary(6, power),
  neg: unary(7, (a) => -a),
  exp: unary(8, special.exp),
  log: unary(9, special.log),
  sqrt: unary(10, Math.sqrt),
  abs: unary(11, Math.abs),
  min: commutative(12, (a, b) => Math.min(a, b)),
  max: commutative(13, (a, b) => Math.max(a, b)),
  floor: unary(14, Math.floor),
  ceil: unary(15, Math.ceil),
  less: { code: 16, arity: 2, value: (a, b) => (a < b ? 1 : 0) },
  lessEqual: { code: 17, arity: 2, value: (a, b) => (a <= b ? 1 : 0) },
  equal: { code: 18, arity: 2, isCommutative: true, value: (a, b) => (a === b ? 1 : 0) },
  where: { code: 19, arity: 3, value: (a, b, c) => (a === 0 ? c : b) },
  expm1: unary(20, special.expm1),
  log1p: unary(21, special.log1p),
  logistic: unary(22, special.expit),
  log2: unary(23, special.log2),
  log10: unary(24, special.log10),
  cbrt: unary(25, special.cbrt),
  sin: unary(26, special.sin),
  cos: unary(27, special.cos),
  tan: unary(28, special.tan),
  asin: unary(29, special.asin),
  acos: unary(30, special.acos),
  atan: unary(31, special.atan),
  sinh: unary(32, special.sinh),
  cosh: unary(33, special.cosh),
  tanh: unary(34, special.tanh),
  asinh: unary(35, special.asinh),
  acosh: unary(36, special.acosh),
  atanh: unary(37, special.atanh),
  erf: unary(38, special.erf),
  erfc: unary(39, special.erfc),
  erfinv: unary(40, special.erfinv),
  lgamma: unary(41, special.lgamma),
  sign: unary(42, Math.sign),
  round: unary(43, special.roundHalfEven),
  atan2: binary(44, special.atan2),
  hypot: commutative(45, special.hypot),
  logaddexp: commutative(46, special.logaddexp),
};

export const constantCode = 0;
export const inputCode = 1;

/** Codes of operations by name. */
export const operationCodes: Readonly<Record<FeatureOperation, number>> = Object.fromEntries(
  Object.entries(rules).map(([name, { code }]) => [name, code]),
) as Record<FeatureOperation, number>;

const byCode: readonly (readonly [FeatureOperation, OperationRules])[] = (() => {
  const list: (readonly [FeatureOperation, OperationRules])[] = [];
  for (const [name, rule] of Object.entries(rules)) list[rule.code] = [name as FeatureOperation, rule];
  return list;
})();

/** Name of an operation code other than those of constants and inputs. */
export function operationName(code: number): FeatureOperation {
  return byCode[code][0];
}

export function isFeatureOperation(name: string): name is FeatureOperation {
  return Object.hasOwn(rules, name);
}

export function operationArity(operation: FeatureOperation): number {
  return rules[operation].arity;
}

export function isCommutative(code: number): boolean {
  return byCode[code][1].isCommutative === true;
}

/** Value of one operation on numbers; operands beyond its arity are ignored. */
export function applyToNumbers(code: number, a: number, b: number, c: number): number {
  return byCode[code][1].value(a, b, c);
}

/** Whole powers by repeated multiplication, as autodiff's integerPow. */
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
