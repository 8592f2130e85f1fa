// Inverse tangent, of a number and of a point.

/** A with atan(x) = x + x³ A(x²) for |x| ≤ 7/16: relative error 4e-18. */
export const atanCoefficients: readonly number[] = [
  -0.3333333333333333, 0.1999999999999941, -0.14285714285566806, 0.11111111096645038, -0.09090908355602592,
  0.07692285554889286, -0.06666241923359964, 0.05876946456755061, -0.05216679739313656, 0.04492259293193656,
  -0.033128134256069586, 0.014773184616983806,
];
const [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11] = atanCoefficients;

const piHigh = Math.PI;
const piLow = 1.2246467991473532e-16;

/** x − atan(x), for |x| ≤ 7/16. */
function atanRest(x: number): number {
  const z = x * x;
  const tail = a6 + z * (a7 + z * (a8 + z * (a9 + z * (a10 + z * a11))));
  return -(z * x) * (a0 + z * (a1 + z * (a2 + z * (a3 + z * (a4 + z * (a5 + z * tail))))));
}

/** atan x in (−π/2, π/2). Largest error seen: 0.73 ulp. */
export function atan(x: number): number {
  const magnitude = x < 0 ? -x : x;
  if (magnitude <= 0.4375) return magnitude < 1e-8 ? x : x - atanRest(x);
  const value = atanLarge(magnitude);
  return x < 0 ? -value : value;
}

/** atan c as the sum of two doubles for c = ½, 1, 3/2, ∞, each with the least x that is reduced by it. */
export const atanShifts: readonly { readonly from: number; readonly high: number; readonly low: number }[] = [
  { from: 0.43750000000000006, high: 0.4636476090008061, low: 2.2698777452961687e-17 },
  { from: 0.6875, high: 0.7853981633974483, low: 3.061616997868383e-17 },
  { from: 1.1875, high: 0.982793723247329, low: 1.3903311031230998e-17 },
  { from: 2.4375, high: 1.5707963267948966, low: 6.123233995736766e-17 },
];
const [half, one, oneAndHalf, infinity] = atanShifts;

/** atan x = atan c + atan((x − c)/(1 + c x)); x > 7/16. */
function atanLarge(x: number): number {
  if (x < one.from) return shifted(half, (2 * x - 1) / (2 + x));
  if (x < oneAndHalf.from) return shifted(one, (x - 1) / (x + 1));
  if (x < infinity.from) return shifted(oneAndHalf, (x - 1.5) / (1 + 1.5 * x));
  return shifted(infinity, -1 / x);
}

/** atan c + atan t */
function shifted({ high, low }: { readonly high: number; readonly low: number }, t: number): number {
  return high - (atanRest(t) - low - t);
}

/** Angle of the point (x, y) in [−π, π], with IEEE's signed zeros. Largest error seen: 1.2 ulp. */
export function atan2(y: number, x: number): number {
  if (x !== x || y !== y) return NaN;
  const negativeX = x < 0 || (x === 0 && 1 / x < 0);
  const negativeY = y < 0 || (y === 0 && 1 / y < 0);
  const a = x < 0 ? -x : x;
  const b = y < 0 ? -y : y;
  let angle = 0;
  if (b === 0) angle = 0;
  else if (a === 0) angle = 1.5707963267948966;
  else if (a === Infinity && b === Infinity) angle = 0.7853981633974483;
  else if (b * 1e-20 > a) angle = 1.5707963267948966;
  else angle = atan(b / a);
  if (negativeX) angle = piHigh - (angle - piLow);
  return negativeY ? -angle : angle;
}
