// Which dtype an operation of several operands has: JAX's promotion lattice, with plain numbers giving way.
import type { ArrayType, DType } from "../array.ts";
import { isFloat } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { asValue, isValue } from "../as-value.ts";
import { convert } from "../primitives/arithmetic.ts";
import type { Value } from "../trace.ts";

/**
 * bool < weak integer < u32 < i32 < weak float < f32 < f64: the higher one wins. So a weak float makes floats of
 * integers but gives way to f32, and u32 with i32 is i32.
 */
function rank(type: ArrayType): number {
  const weak = type.weak === true;
  switch (type.dtype) {
    case "bool":
      return 0;
    case "u32":
      return weak ? 1 : 2;
    case "i32":
      return weak ? 1 : 3;
    case "f32":
      return weak ? 4 : 5;
    case "f64":
      return weak ? 4 : 6;
  }
}

/** The dtype that operands of these types are brought to, and whether the result is weak. */
export function promoteTypes(types: readonly ArrayType[]): { readonly dtype: DType; readonly weak: boolean } {
  let winner = types[0];
  for (const type of types) {
    if (rank(type) > rank(winner) || (rank(type) === rank(winner) && type.dtype === "f64")) winner = type;
  }
  const weak = winner.weak === true;
  return { dtype: winner.dtype, weak };
}

/**
 * Operands as values of one dtype. A plain integer next to an integer array becomes that integer type (so
 * `i.add(1)` stays i32); any other plain number is a weak f64.
 */
export function promote(operands: readonly ArrayLike[]): Value[] {
  // Long programs are made of pairs of one dtype.
  const [x, y] = operands;
  if (operands.length === 2 && isValue(x) && isValue(y) && x.dtype === y.dtype) return [x, y];
  const integer = operands.some(
    (operand) => typeof operand !== "number" && isInteger(asValue(operand).dtype),
  );
  const values = operands.map((operand) => {
    const value = asValue(operand);
    const isPlainInteger = typeof operand === "number" && Number.isInteger(operand);
    return integer && isPlainInteger ? convert(value, "i32", true) : value;
  });
  const { dtype, weak } = promoteTypes(values.map((value) => value.type));
  return values.map((value) => (value.dtype === dtype ? value : convert(value, dtype, weak)));
}

/** As promote, with integers and bools made f64. */
export function promoteFloat(operands: readonly ArrayLike[]): Value[] {
  return promote(operands).map(floatOf);
}

/** As promote, with bools made i32: for arithmetic. */
export function promoteNumber(operands: readonly ArrayLike[]): Value[] {
  return promote(operands).map(numberOf);
}

export function floatOf(x: ArrayLike): Value {
  const value = asValue(x);
  return isFloat(value.dtype) ? value : convert(value, "f64");
}

export function numberOf(x: ArrayLike): Value {
  const value = asValue(x);
  return value.dtype === "bool" ? convert(value, "i32") : value;
}

export function isInteger(dtype: DType): boolean {
  return dtype === "i32" || dtype === "u32";
}
