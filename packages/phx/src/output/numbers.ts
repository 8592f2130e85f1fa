// Numbers as text: exact for machines, rounded for people.

/**
 * The shortest text that reads back as the same double (at most 17 significant digits).
 * Infinities are `Infinity` and `-Infinity`, which R, Python, NumPy and JavaScript all read.
 */
export function exactNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Rounded to `digits` significant digits, without trailing zeros; scientific outside 1e-5 … 1e9. */
export function readableNumber(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return value === Infinity ? "∞" : value === -Infinity ? "−∞" : "not a number";
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) && magnitude < 1e15) return sign(String(value));
  if (magnitude < 1e-5 || magnitude >= 1e9) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return sign(`${trimZeros(mantissa)}e${exponent.replace("+", "")}`);
  }
  return sign(trimZeros(value.toPrecision(digits)));
}

/** Whole numbers with thin groups of three: `1 412 000`. */
export function groupedInteger(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function sign(text: string): string {
  return text.startsWith("-") ? `−${text.slice(1)}` : text;
}
