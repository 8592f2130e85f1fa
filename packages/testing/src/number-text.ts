// numberText: a number as `.phx` sources write it.

/** Round-trips; a negative number comes with parentheses, so that it may stand anywhere in an expression. */
export function numberText(value: number): string {
  return value < 0 || Object.is(value, -0) ? `(-${String(Math.abs(value))})` : String(value);
}
