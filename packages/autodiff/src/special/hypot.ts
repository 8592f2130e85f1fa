// Length of a vector in the plane, without overflow.
import { productError } from "./double-double.ts";
import { powerOfTwo } from "./words.ts";

const large = powerOfTwo(600);
const small = powerOfTwo(-600);
/** A side shorter than this times the other does not change the length. */
const negligible = powerOfTwo(-60);

/** √(x² + y²). Largest error seen: 0.51 ulp. */
export function hypot(x: number, y: number): number {
  let a = x < 0 ? -x : x;
  let b = y < 0 ? -y : y;
  if (a === Infinity || b === Infinity) return Infinity;
  if (!(a >= b)) {
    if (a !== a || b !== b) return NaN;
    const swap = a;
    a = b;
    b = swap;
  }
  if (a * negligible > b) return a;
  let scale = 1;
  if (a > 1e150) {
    scale = large;
    a *= small;
    b *= small;
  } else if (b < 1e-140) {
    scale = small;
    a *= large;
    b *= large;
  }
  const square = a * a;
  const other = b * b;
  const sum = square + other;
  const root = Math.sqrt(sum);
  // One Newton step with the residual a² + b² − root² in two doubles.
  const rootSquare = root * root;
  const residual =
    square -
    rootSquare +
    other +
    (productError(a, a, square) + productError(b, b, other) - productError(root, root, rootSquare));
  return (root + residual / (2 * root)) * scale;
}
