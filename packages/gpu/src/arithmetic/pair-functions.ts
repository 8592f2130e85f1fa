// WGSL functions of pairs of floats: a number is the sum of two, the second less than half a unit of the first.
//
// Every intermediate passes `f32_hold`, which compilers cannot see through: otherwise they simplify the error terms away.

function bitsOf(value: number): readonly [number, number] {
  const high = Math.fround(value);
  const low = Number.isFinite(high) ? Math.fround(value - high) : 0;
  const [a, b] = new Uint32Array(Float32Array.of(high, low).buffer);
  return [a, b];
}

/** A number as a WGSL pair. */
export function pairConstant(value: number): string {
  const [a, b] = bitsOf(value);
  return `vec2<f32>(f32_of(${a}u), f32_of(${b}u))`;
}

function pairWords(value: number): string {
  return `vec2<u32>(${bitsOf(value).join("u, ")}u)`;
}

/** The error of the double of π/2: its next digits. */
const halfPiRest = 6.123233995736766e-17;

function halfPi(): readonly [number, number, number] {
  const first = Math.fround(Math.PI / 2);
  const second = Math.fround(Math.PI / 2 - first);
  return [first, second, Math.fround(Math.PI / 2 - first - second + halfPiRest)];
}

const [halfPi1, halfPi2, halfPi3] = halfPi().map(
  (part) => `f32_of(${new Uint32Array(Float32Array.of(part).buffer)[0]}u)`,
);

/** c₀ + t (c₁ + t (…)), in pairs. */
function horner(t: string, coefficients: readonly number[]): string {
  return coefficients.map(pairConstant).reduceRight((sum, c) => `pair_add(${c}, pair_mul(${t}, ${sum}))`);
}

const stirling = horner("t", [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]);
const digammaTail = horner("t", [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12]);
const trigammaTail = horner("t", [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6]);

/** 1/0 (unused), 1, 1/2, 1/3, … */
const reciprocals = Array.from({ length: 76 }, (_, n) => (n === 0 ? 0 : 1 / n));

export const pairFunctions: string = `
const pair_reciprocal_words = array<vec2<u32>, ${reciprocals.length}>(${reciprocals.map(pairWords).join(", ")});
/** 1/n for n ≤ 75. */
fn pair_reciprocal(n: i32) -> vec2<f32> {
  var words = pair_reciprocal_words;
  return bitcast<vec2<f32>>(words[n]);
}
fn pair_of(x: f32) -> vec2<f32> { return vec2<f32>(x, 0.0); }
fn pair_one() -> vec2<f32> { return vec2<f32>(1.0, 0.0); }
fn pair_is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }
/** a + b and its error, exactly. */
fn pair_two_sum(a: f32, b: f32) -> vec2<f32> {
  let s = f32_hold(a + b);
  let t = f32_hold(s - a);
  return vec2<f32>(s, f32_hold(f32_hold(a - f32_hold(s - t)) + f32_hold(b - t)));
}
/** The same where |a| ≥ |b|. */
fn pair_quick_sum(a: f32, b: f32) -> vec2<f32> {
  let s = f32_hold(a + b);
  return vec2<f32>(s, f32_hold(b - f32_hold(s - a)));
}
/** x, without a second part where the first is infinite or NaN. */
fn pair_checked(x: vec2<f32>, first: f32) -> vec2<f32> {
  return select(vec2<f32>(first, 0.0), x, pair_is_finite(first) && pair_is_finite(x.x));
}
/** a b and its error, exactly: halves of twelve bits have exact products. */
fn pair_two_product(a: f32, b: f32) -> vec2<f32> {
  let p = f32_hold(a * b);
  let a1 = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let b1 = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let a2 = f32_hold(a - a1);
  let b2 = f32_hold(b - b1);
  let rest = f32_hold(f32_hold(f32_hold(a1 * b1) - p) + f32_hold(a1 * b2));
  return vec2<f32>(p, f32_hold(f32_hold(rest + f32_hold(a2 * b1)) + f32_hold(a2 * b2)));
}
fn pair_add(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  let s = pair_two_sum(x.x, y.x);
  let t = pair_two_sum(x.y, y.y);
  let u = pair_quick_sum(s.x, f32_hold(s.y + t.x));
  return pair_checked(pair_quick_sum(u.x, f32_hold(u.y + t.y)), s.x);
}
fn pair_sub(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> { return pair_add(x, -y); }
fn pair_mul(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  let p = pair_two_product(x.x, y.x);
  let cross = f32_hold(f32_hold(x.x * y.y) + f32_hold(x.y * y.x));
  return pair_checked(pair_quick_sum(p.x, f32_hold(p.y + cross)), p.x);
}
/** x times a single float. */
fn pair_scale(x: vec2<f32>, y: f32) -> vec2<f32> { return pair_mul(x, vec2<f32>(y, 0.0)); }
fn pair_div(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  let q = f32_hold(x.x / y.x);
  let p = pair_two_product(q, y.x);
  let rest = f32_hold(f32_hold(f32_hold(x.x - p.x) - p.y) + f32_hold(x.y - f32_hold(q * y.y)));
  // By what is infinite the quotient is 0, and the rest is not a number.
  let second = select(f32_hold(rest / y.x), 0.0, f32_is_infinite(y.x));
  return pair_checked(pair_quick_sum(q, second), q);
}
fn pair_sqrt(x: vec2<f32>) -> vec2<f32> {
  let root = f32_sqrt(x.x);
  if (!pair_is_finite(root) || root == 0.0) { return vec2<f32>(root, 0.0); }
  let rest = pair_sub(x, pair_two_product(root, root));
  return pair_quick_sum(root, f32_hold(rest.x / (2.0 * root)));
}
fn pair_less(x: vec2<f32>, y: vec2<f32>) -> bool { return x.x < y.x || (x.x == y.x && x.y < y.y); }
fn pair_less_equal(x: vec2<f32>, y: vec2<f32>) -> bool { return x.x < y.x || (x.x == y.x && x.y <= y.y); }
fn pair_equal(x: vec2<f32>, y: vec2<f32>) -> bool { return x.x == y.x && x.y == y.y; }
fn pair_max(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  return select(select(select(y, x, pair_less(y, x)), y, f32_is_nan(y.x)), x, f32_is_nan(x.x));
}
fn pair_min(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  return select(select(select(y, x, pair_less(x, y)), y, f32_is_nan(y.x)), x, f32_is_nan(x.x));
}
fn pair_abs(x: vec2<f32>) -> vec2<f32> { return select(x, -x, f32_is_negative(x.x)); }
fn pair_sign(x: vec2<f32>) -> vec2<f32> { return vec2<f32>(f32_sign(x.x), 0.0); }
fn pair_signed(size: vec2<f32>, x: vec2<f32>) -> vec2<f32> { return select(size, -size, f32_is_negative(x.x)); }
fn pair_floor(x: vec2<f32>) -> vec2<f32> {
  let whole = floor(x.x);
  if (whole != x.x) { return vec2<f32>(whole, 0.0); }
  return pair_checked(pair_quick_sum(whole, floor(x.y)), whole);
}
fn pair_ceil(x: vec2<f32>) -> vec2<f32> { return -pair_floor(-x); }
fn pair_round(x: vec2<f32>) -> vec2<f32> {
  if (floor(x.x) == x.x) { return pair_checked(pair_quick_sum(x.x, round(x.y)), x.x); }
  // A tie of the first part is decided by the second.
  let below = floor(x.x);
  if (x.x - below == 0.5 && x.y != 0.0) { return vec2<f32>(select(below, below + 1.0, x.y > 0.0), 0.0); }
  return vec2<f32>(round(x.x), 0.0);
}
fn pair_trunc(x: vec2<f32>) -> vec2<f32> { return select(pair_floor(x), pair_ceil(x), x.x < 0.0); }
fn pair_is_whole(x: vec2<f32>) -> bool { return floor(x.x) == x.x && floor(x.y) == x.y; }
fn pair_is_odd(x: vec2<f32>) -> bool {
  let half = pair_scale(x, 0.5);
  return pair_is_whole(x) && !pair_is_whole(half);
}
fn pair_rem(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  if (!pair_is_finite(x.x) || f32_is_nan(y.x) || y.x == 0.0) { return pair_of(f32_nan()); }
  if (!pair_is_finite(y.x)) { return x; }
  var rest = pair_abs(x);
  let size = pair_abs(y);
  // Quotients of up to 24 bits at a time are taken off.
  for (var n = 0; n < 16; n += 1) {
    if (pair_less(rest, size)) { break; }
    let quotient = max(1.0, floor(f32_hold(rest.x / size.x) * 0.9999999));
    rest = pair_sub(rest, pair_scale(size, quotient));
    if (rest.x < 0.0) { rest = pair_add(rest, size); }
  }
  return pair_signed(rest, x);
}
fn pair_scaled(x: vec2<f32>, k: i32) -> vec2<f32> {
  let half = k >> 1u;
  return x * f32_power_of_two(half) * f32_power_of_two(k - half);
}
/** e^r − 1 for |r| ≤ 0.36: a short series at r/256, doubled eight times. */
fn pair_expm1_core(r: vec2<f32>) -> vec2<f32> {
  let s = r * 0.00390625;
  var sum = pair_of(0.0);
  for (var n = 6; n > 0; n -= 1) { sum = pair_mul(pair_mul(s, pair_add(pair_one(), sum)), pair_reciprocal(n)); }
  for (var n = 0; n < 8; n += 1) { sum = pair_add(sum * 2.0, pair_mul(sum, sum)); }
  return sum;
}
fn pair_exp(x: vec2<f32>) -> vec2<f32> {
  if (f32_is_nan(x.x)) { return x; }
  if (x.x > 88.8) { return pair_of(f32_infinity()); }
  if (x.x < -104.0) { return pair_of(0.0); }
  let k = round(x.x * 1.4426950408889634);
  return pair_scaled(pair_add(pair_one(), pair_expm1_core(pair_without_twos(x, k))), i32(k));
}
/** x − k log 2 */
fn pair_without_twos(x: vec2<f32>, k: f32) -> vec2<f32> {
  return pair_sub(x, pair_scale(${pairConstant(Math.LN2)}, k));
}
fn pair_expm1(x: vec2<f32>) -> vec2<f32> {
  if (f32_is_nan(x.x) || x.x == 0.0) { return x; }
  if (x.x > 88.8) { return pair_of(f32_infinity()); }
  if (x.x < -40.0) { return pair_of(-1.0); }
  let k = select(round(x.x * 1.4426950408889634), 0.0, abs(x.x) < 0.35);
  let core = pair_expm1_core(pair_without_twos(x, k));
  if (k == 0.0) { return core; }
  return pair_sub(pair_scaled(pair_add(pair_one(), core), i32(k)), pair_one());
}
/** 2 atanh(s), |s| ≤ 0.06. */
fn pair_twice_atanh(s: vec2<f32>) -> vec2<f32> {
  let t = pair_mul(s, s);
  var sum = pair_of(0.0);
  for (var n = 8; n > 0; n -= 1) {
    sum = pair_mul(t, pair_add(pair_reciprocal(2 * n + 1), sum));
  }
  return 2.0 * pair_add(s, pair_mul(s, sum));
}
fn pair_log(x: vec2<f32>) -> vec2<f32> {
  let special = f32_log_special(x.x);
  if (special.y == 1.0) { return pair_of(special.x); }
  if (abs(x.x - 1.0) < 0.1) {
    return pair_twice_atanh(pair_div(pair_sub(x, pair_one()), pair_add(x, pair_one())));
  }
  return pair_log_far(x);
}
/** log x, away from 1: Newton's step, with the next term, from the logarithm of the first part. */
fn pair_log_far(x: vec2<f32>) -> vec2<f32> {
  let guess = f32_hold(f32_log(x.x));
  // In two halves, so that nothing overflows for small x.
  let factor = pair_exp(pair_of(-0.5 * guess));
  let rest = pair_sub(pair_mul(pair_mul(x, factor), factor), pair_one());
  return pair_add(pair_of(guess), pair_sub(rest, 0.5 * pair_mul(rest, rest)));
}
fn pair_log1p(x: vec2<f32>) -> vec2<f32> {
  if (abs(x.x) < 0.1) { return pair_twice_atanh(pair_div(x, pair_add(pair_of(2.0), x))); }
  let y = pair_add(pair_one(), x);
  let special = f32_log_special(y.x);
  if (special.y == 1.0) { return pair_of(special.x); }
  return pair_log_far(y);
}
fn pair_log2(x: vec2<f32>) -> vec2<f32> {
  let special = f32_log_special(x.x);
  if (special.y == 1.0) { return pair_of(special.x); }
  let k = f32_log_parts(x.x).x;
  let rest = pair_scaled(x, -i32(k));
  return pair_add(pair_of(k), pair_mul(pair_log(rest), ${pairConstant(Math.LOG2E)}));
}
fn pair_log10(x: vec2<f32>) -> vec2<f32> {
  let y = pair_mul(pair_log(x), ${pairConstant(Math.LOG10E)});
  let whole = round(y.x);
  return select(y, pair_of(whole), pair_is_finite(y.x) && abs(f32_hold(y.x - whole) + y.y) < 1e-13 * max(1.0, abs(whole)));
}
fn pair_logistic(x: vec2<f32>) -> vec2<f32> {
  if (x.x < -80.0) { return pair_exp(x); }
  return pair_div(pair_one(), pair_add(pair_one(), pair_exp(-x)));
}
fn pair_entr(x: vec2<f32>) -> vec2<f32> {
  if (x.x == 0.0) { return pair_of(0.0); }
  if (x.x < 0.0) { return pair_of(-f32_infinity()); }
  return -pair_mul(x, pair_log(x));
}
/** x minus the nearest multiple of π/2. */
fn pair_reduced(x: vec2<f32>, k: f32) -> vec2<f32> {
  var r = pair_sub(x, pair_two_product(k, ${halfPi1}));
  r = pair_sub(r, pair_two_product(k, ${halfPi2}));
  return pair_sub(r, pair_of(f32_hold(k * ${halfPi3})));
}
/** sin r or cos r, |r| ≤ 0.8, by its series. */
fn pair_wave(r: vec2<f32>, is_cosine: bool) -> vec2<f32> {
  let t = pair_mul(r, r);
  let first = select(1, 0, is_cosine);
  var sum = pair_of(0.0);
  for (var n = 9; n > 0; n -= 1) {
    let m = 2 * n + first;
    let factors = pair_mul(pair_reciprocal(m), pair_reciprocal(m - 1));
    sum = -pair_mul(pair_mul(t, pair_add(pair_one(), sum)), factors);
  }
  let factor = select(r, pair_one(), is_cosine);
  return pair_add(factor, pair_mul(factor, sum));
}
fn pair_turned(x: vec2<f32>, quarters: u32) -> vec2<f32> {
  if (!pair_is_finite(x.x)) { return pair_of(f32_nan()); }
  // Beyond, the digits of x themselves decide about little.
  var y = x;
  if (abs(x.x) > 2e7) { y = pair_rem(x, ${pairConstant(2 * Math.PI)}); }
  let k = round(y.x * 0.6366197723675814);
  let q = (u32(k - 4.0 * floor(k * 0.25)) + quarters) & 3u;
  let value = pair_wave(pair_reduced(y, k), (q & 1u) == 1u);
  return select(value, -value, q > 1u);
}
fn pair_sin(x: vec2<f32>) -> vec2<f32> { return pair_turned(x, 0u); }
fn pair_cos(x: vec2<f32>) -> vec2<f32> { return pair_turned(x, 1u); }
fn pair_tan(x: vec2<f32>) -> vec2<f32> { return pair_div(pair_sin(x), pair_cos(x)); }
/** The angle of a point, from that of its first parts: the rest is a small rotation. */
fn pair_atan2(y: vec2<f32>, x: vec2<f32>) -> vec2<f32> {
  let guess = f32_hold(f32_atan2(y.x, x.x));
  if (f32_is_nan(guess) || (y.x == 0.0 && !f32_is_negative(x.x))) { return pair_of(guess); }
  if (!pair_is_finite(x.x) || !pair_is_finite(y.x)) {
    return pair_mul(pair_of(round(guess * 1.2732395447351628)), ${pairConstant(Math.PI / 4)});
  }
  let largest = max(abs(x.x), abs(y.x));
  let down = f32_power_of_two(clamp(127 - i32(bitcast<u32>(largest) >> 23u), -126, 126));
  let s = pair_sin(pair_of(guess));
  let c = pair_cos(pair_of(guess));
  let u = x * down;
  let v = y * down;
  let d = pair_div(pair_sub(pair_mul(v, c), pair_mul(u, s)), pair_add(pair_mul(u, c), pair_mul(v, s)));
  return pair_add(pair_of(guess), d);
}
fn pair_atan(x: vec2<f32>) -> vec2<f32> { return pair_atan2(x, pair_one()); }
fn pair_cosine_of_sine(x: vec2<f32>) -> vec2<f32> {
  return pair_sqrt(pair_mul(pair_sub(pair_one(), x), pair_add(pair_one(), x)));
}
fn pair_is_beyond_one(x: vec2<f32>) -> bool { return f32_is_nan(x.x) || pair_less(pair_one(), pair_abs(x)); }
fn pair_asin(x: vec2<f32>) -> vec2<f32> {
  if (pair_is_beyond_one(x)) { return pair_of(f32_nan()); }
  return pair_atan2(x, pair_cosine_of_sine(x));
}
fn pair_acos(x: vec2<f32>) -> vec2<f32> {
  if (pair_is_beyond_one(x)) { return pair_of(f32_nan()); }
  return pair_atan2(pair_cosine_of_sine(x), x);
}
fn pair_sinh(x: vec2<f32>) -> vec2<f32> {
  let size = pair_abs(x);
  if (x.x == 0.0 || f32_is_nan(x.x)) { return x; }
  let is_large = size.x > 40.0;
  let e = pair_expm1(select(size, 0.5 * size, is_large));
  let whole = pair_add(pair_one(), e);
  if (is_large) { return pair_signed(pair_mul(0.5 * whole, whole), x); }
  return pair_signed(0.5 * pair_add(e, pair_div(e, whole)), x);
}
fn pair_cosh(x: vec2<f32>) -> vec2<f32> {
  let half = pair_exp(0.5 * pair_abs(x));
  let whole = pair_mul(0.5 * half, half);
  if (!pair_is_finite(whole.x) || whole.x > 1e16) { return whole; }
  return pair_add(whole, pair_div(pair_of(0.25), whole));
}
fn pair_tanh(x: vec2<f32>) -> vec2<f32> {
  if (f32_is_nan(x.x)) { return x; }
  if (abs(x.x) > 20.0) { return pair_sign(x); }
  let e = pair_expm1(2.0 * x);
  return pair_div(e, pair_add(e, pair_of(2.0)));
}
fn pair_asinh(x: vec2<f32>) -> vec2<f32> {
  if (!pair_is_finite(x.x) || x.x == 0.0) { return x; }
  let size = pair_abs(x);
  let is_large = size.x > 1e9;
  let square = select(pair_mul(size, size), pair_one(), is_large);
  let root = pair_sqrt(pair_add(pair_one(), square));
  let inside = pair_add(size, pair_div(square, pair_add(pair_one(), root)));
  let value = pair_log1p(select(inside, size, is_large));
  return pair_signed(select(value, pair_add(value, ${pairConstant(Math.LN2)}), is_large), x);
}
fn pair_acosh(x: vec2<f32>) -> vec2<f32> {
  if (f32_is_nan(x.x) || pair_less(x, pair_one())) { return pair_of(f32_nan()); }
  let is_large = x.x > 1e9;
  let t = select(pair_sub(x, pair_one()), pair_one(), is_large);
  let inside = pair_add(t, pair_sqrt(pair_add(2.0 * t, pair_mul(t, t))));
  let value = pair_log1p(select(inside, x, is_large));
  return select(value, pair_add(value, ${pairConstant(Math.LN2)}), is_large);
}
fn pair_atanh(x: vec2<f32>) -> vec2<f32> {
  return 0.5 * pair_log1p(pair_div(2.0 * x, pair_sub(pair_one(), x)));
}
fn pair_cbrt(x: vec2<f32>) -> vec2<f32> {
  if (!pair_is_finite(x.x) || x.x == 0.0) { return x; }
  var y = pair_of(f32_hold(f32_cbrt(x.x)));
  let rest = pair_sub(y, pair_div(pair_div(x, y), y));
  return pair_sub(y, pair_div(rest, pair_of(3.0)));
}
fn pair_pow(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  if (y.x == 0.0 || pair_equal(x, pair_one())) { return pair_one(); }
  if (f32_is_nan(x.x) || f32_is_nan(y.x)) { return pair_of(f32_nan()); }
  if (!pair_is_finite(x.x) || !pair_is_finite(y.x) || x.x == 0.0) { return pair_of(f32_pow(x.x, y.x)); }
  if (x.x < 0.0 && !pair_is_whole(y)) { return pair_of(f32_nan()); }
  let value = pair_exp(pair_mul(y, pair_log(pair_abs(x))));
  return select(value, -value, x.x < 0.0 && pair_is_odd(y));
}
fn pair_hypot(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  if (f32_is_infinite(x.x) || f32_is_infinite(y.x)) { return pair_of(f32_infinity()); }
  let large = pair_max(pair_abs(x), pair_abs(y));
  if (large.x == 0.0 || f32_is_nan(large.x)) { return large; }
  let ratio = pair_div(pair_min(pair_abs(x), pair_abs(y)), large);
  return pair_mul(large, pair_sqrt(pair_add(pair_one(), pair_mul(ratio, ratio))));
}
fn pair_logaddexp(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  let large = pair_max(x, y);
  if (!pair_is_finite(large.x)) { return large; }
  return pair_add(large, pair_log1p(pair_exp(-pair_abs(pair_sub(x, y)))));
}
fn pair_xlogy(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  if (x.x == 0.0 && !f32_is_nan(y.x)) { return pair_of(0.0); }
  return pair_mul(x, pair_log(y));
}
fn pair_xlog1py(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  if (x.x == 0.0 && !f32_is_nan(y.x)) { return pair_of(0.0); }
  return pair_mul(x, pair_log1p(y));
}
/** erf and erfc of x ≥ 0: a series of positive terms for small x, else a continued fraction. */
fn pair_erf_both(x: vec2<f32>) -> vec4<f32> {
  let square = pair_mul(x, x);
  let bell = pair_exp(-square);
  if (x.x < 1.5) {
    var sum = pair_of(0.0);
    for (var n = 36; n > 0; n -= 1) {
      sum = pair_mul(pair_mul(2.0 * square, pair_add(pair_one(), sum)), pair_reciprocal(2 * n + 1));
    }
    let factor = pair_mul(x, ${pairConstant(2 / Math.sqrt(Math.PI))});
    let value = pair_mul(pair_mul(factor, bell), pair_add(pair_one(), sum));
    return vec4<f32>(value, pair_sub(pair_one(), value));
  }
  if (x.x > 10.5) { return vec4<f32>(1.0, 0.0, 0.0, 0.0); }
  var tail = x;
  for (var n = 90; n > 0; n -= 1) { tail = pair_add(x, pair_div(pair_of(0.5 * f32(n)), tail)); }
  let rest = pair_div(pair_mul(bell, ${pairConstant(1 / Math.sqrt(Math.PI))}), tail);
  return vec4<f32>(pair_sub(pair_one(), rest), rest);
}
fn pair_erf(x: vec2<f32>) -> vec2<f32> {
  if (f32_is_nan(x.x)) { return x; }
  return pair_signed(pair_erf_both(pair_abs(x)).xy, x);
}
fn pair_erfc(x: vec2<f32>) -> vec2<f32> {
  if (f32_is_nan(x.x)) { return x; }
  let both = pair_erf_both(pair_abs(x));
  return select(both.zw, pair_add(pair_one(), both.xy), x.x < 0.0);
}
fn pair_erfinv(x: vec2<f32>) -> vec2<f32> {
  let size = pair_abs(x);
  if (f32_is_nan(x.x) || pair_less(pair_one(), size)) { return pair_of(f32_nan()); }
  if (pair_equal(size, pair_one())) { return pair_of(x.x * f32_infinity()); }
  let tail = pair_sub(pair_one(), size);
  // Newton's steps for erf, and in its tail for log erfc.
  let l = f32_log(tail.x * (1.0 + size.x));
  let b = 4.330746750799873 + 0.5 * l;
  var y = pair_of(sqrt(max(0.0, sqrt(b * b - l * 6.802721088435374) - b)));
  if (size.x < 1e-3) { y = 0.886226925 * size; }
  for (var n = 0; n < 5; n += 1) {
    let both = pair_erf_both(y);
    let slope = pair_mul(${pairConstant(Math.sqrt(Math.PI) / 2)}, pair_exp(pair_mul(y, y)));
    if (size.x < 0.8) { y = pair_sub(y, pair_mul(pair_sub(both.xy, size), slope)); }
    else { y = pair_add(y, pair_mul(pair_mul(both.zw, pair_log(pair_div(both.zw, tail))), slope)); }
  }
  return pair_signed(y, x);
}
fn pair_sin_pi(x: vec2<f32>) -> vec2<f32> {
  let r = pair_sub(x, 2.0 * pair_round(0.5 * x));
  let near = select(r, pair_sub(pair_sign(r), r), abs(r.x) > 0.5);
  return pair_sin(pair_mul(near, ${pairConstant(Math.PI)}));
}
fn pair_is_pole(x: vec2<f32>) -> bool { return x.x <= 0.0 && pair_is_whole(x); }
/** log |Γ|: products up to 16, then Stirling's series; for x < 0 by Γ(x) Γ(1 − x) = π / sin πx. */
fn pair_lgamma(x: vec2<f32>) -> vec2<f32> {
  if (f32_is_nan(x.x)) { return x; }
  if (f32_is_infinite(x.x) || pair_is_pole(x)) { return pair_of(f32_infinity()); }
  var y = select(x, pair_sub(pair_one(), x), x.x < 0.0);
  var product = pair_one();
  while (y.x < 16.0) { product = pair_mul(product, y); y = pair_add(y, pair_one()); }
  if (x.x < 0.0) { product = pair_div(product, pair_abs(pair_sin_pi(x))); }
  let inverse = pair_div(pair_one(), y);
  let t = pair_mul(inverse, inverse);
  var logarithms = array<vec2<f32>, 2>(y, product);
  for (var n = 0; n < 2; n += 1) { logarithms[n] = pair_log(logarithms[n]); }
  let main = pair_sub(pair_mul(pair_sub(y, pair_of(0.5)), logarithms[0]), y);
  let series = pair_add(${pairConstant(0.5 * Math.log(2 * Math.PI))}, pair_mul(inverse, ${stirling}));
  let value = pair_sub(pair_add(main, series), logarithms[1]);
  return select(value, pair_sub(${pairConstant(Math.log(Math.PI))}, value), x.x < 0.0);
}
/** The digamma function, for x < 0 by ψ(x) = ψ(1 − x) − π cot πx. */
fn pair_digamma(x: vec2<f32>) -> vec2<f32> {
  if (f32_is_nan(x.x) || pair_is_pole(x)) { return pair_of(f32_nan()); }
  var y = select(x, pair_sub(pair_one(), x), x.x < 0.0);
  var sum = pair_of(0.0);
  while (y.x < 16.0) { sum = pair_sub(sum, pair_div(pair_one(), y)); y = pair_add(y, pair_one()); }
  let inverse = pair_div(pair_one(), y);
  let t = pair_mul(inverse, inverse);
  let value = pair_add(sum, pair_sub(pair_sub(pair_log(y), 0.5 * inverse), pair_mul(t, ${digammaTail})));
  if (x.x > 0.0) { return value; }
  var waves = array<vec2<f32>, 2>(x, pair_add(x, pair_of(0.5)));
  for (var n = 0; n < 2; n += 1) { waves[n] = pair_sin_pi(waves[n]); }
  return pair_sub(value, pair_mul(${pairConstant(Math.PI)}, pair_div(waves[1], waves[0])));
}
/** Its derivative, for x < 0 by ψ′(x) = π²/sin² πx − ψ′(1 − x). */
fn pair_trigamma(x: vec2<f32>) -> vec2<f32> {
  if (f32_is_nan(x.x)) { return x; }
  if (pair_is_pole(x)) { return pair_of(f32_infinity()); }
  var y = select(x, pair_sub(pair_one(), x), x.x < 0.0);
  var sum = pair_of(0.0);
  while (y.x < 16.0) { sum = pair_add(sum, pair_div(pair_one(), pair_mul(y, y))); y = pair_add(y, pair_one()); }
  let inverse = pair_div(pair_one(), y);
  let t = pair_mul(inverse, inverse);
  let series = pair_add(pair_add(inverse, 0.5 * t), pair_mul(pair_mul(t, inverse), ${trigammaTail}));
  let value = pair_add(sum, series);
  if (x.x > 0.0) { return value; }
  let s = pair_div(${pairConstant(Math.PI)}, pair_sin_pi(x));
  return pair_sub(pair_mul(s, s), value);
}
/** x^a e^(−x) / Γ(a + 1) */
fn pair_gamma_term(a: vec2<f32>, x: vec2<f32>) -> vec2<f32> {
  let exponent = pair_sub(pair_mul(a, pair_log(x)), x);
  return pair_exp(pair_sub(exponent, pair_lgamma(pair_add(a, pair_one()))));
}
/** P(a, x) and Q(a, x): a series where x < a + 1, else a continued fraction. */
fn pair_gamma_both(a: vec2<f32>, x: vec2<f32>) -> vec4<f32> {
  if (f32_is_nan(a.x) || f32_is_nan(x.x) || a.x <= 0.0 || x.x < 0.0) { return vec4<f32>(f32_nan(), 0.0, f32_nan(), 0.0); }
  if (x.x == 0.0) { return vec4<f32>(0.0, 0.0, 1.0, 0.0); }
  if (f32_is_infinite(x.x)) { return vec4<f32>(1.0, 0.0, 0.0, 0.0); }
  let factor = pair_gamma_term(a, x);
  if (x.x < a.x + 1.0) {
    var term = pair_one();
    var sum = pair_one();
    for (var n = 1; n < 1000; n += 1) {
      term = pair_mul(term, pair_div(x, pair_add(a, pair_of(f32(n)))));
      sum = pair_add(sum, term);
      if (term.x < 1e-16 * sum.x) { break; }
    }
    let lower = pair_mul(sum, factor);
    return vec4<f32>(lower, pair_sub(pair_one(), lower));
  }
  var b = pair_sub(pair_add(x, pair_one()), a);
  var c = pair_of(1e30);
  var d = pair_div(pair_one(), b);
  var h = d;
  for (var n = 1; n < 1000; n += 1) {
    let numerator = pair_scale(pair_sub(a, pair_of(f32(n))), f32(n));
    b = pair_add(b, pair_of(2.0));
    d = pair_add(pair_mul(numerator, d), b);
    if (abs(d.x) < 1e-30) { d = pair_of(1e-30); }
    c = pair_add(b, pair_div(numerator, c));
    if (abs(c.x) < 1e-30) { c = pair_of(1e-30); }
    d = pair_div(pair_one(), d);
    let step = pair_mul(d, c);
    h = pair_mul(h, step);
    if (abs(f32_hold(step.x - 1.0) + step.y) < 3e-15) { break; }
  }
  let upper = pair_mul(pair_mul(h, a), factor);
  return vec4<f32>(pair_sub(pair_one(), upper), upper);
}
fn pair_gammainc(a: vec2<f32>, x: vec2<f32>) -> vec2<f32> { return pair_gamma_both(a, x).xy; }
fn pair_gammaincc(a: vec2<f32>, x: vec2<f32>) -> vec2<f32> { return pair_gamma_both(a, x).zw; }
`;
