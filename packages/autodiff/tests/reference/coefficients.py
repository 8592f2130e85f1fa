"""Prints the coefficients of src/special: interpolation at Chebyshev nodes with 300 bits, rounded to doubles.

Run: python3 coefficients.py. A polynomial of degree d interpolates at d + 1 nodes; a rational function P/Q of degrees
(p, q) at p + q + 1 nodes, with Q(0) = 1. A `value` is a double near the function that the rational function is added
to, so that its rounding does not count. The relative error of the rounded approximation is printed beside.
"""
from mpmath import mp, mpf, matrix, lu_solve, pi
import mpmath as m

mp.prec = 300


def nodes(a, b, n):
    return [(a + b) / 2 + (b - a) / 2 * m.cos((2 * i + 1) * pi / (2 * n)) for i in range(n)]


def rational(f, a, b, p, q):
    n = p + q + 1
    system, right = matrix(n, n), matrix(n, 1)
    for i, x in enumerate(nodes(mpf(a), mpf(b), n)):
        y = f(x)
        for j in range(p + 1):
            system[i, j] = x**j
        for j in range(1, q + 1):
            system[i, p + j] = -y * x**j
        right[i] = y
    c = [mpf(float(v)) for v in lu_solve(system, right)]
    return c[: p + 1], [mpf(1)] + c[p + 1 :]


def horner(c, x):
    s = mpf(0)
    for v in reversed(c):
        s = s * x + v
    return s


def fit(name, f, a, b, p, q=0, value=None):
    """f on [a, b] as value + P/Q."""
    base = mpf(0) if value is None else mpf(float(value))
    numerator, denominator = rational(lambda x: f(x) - base, a, b, p, q)
    error = mpf(0)
    for i in range(101):
        x = mpf(a) + (mpf(b) - mpf(a)) * i / 100
        y = f(x)
        if y != 0:
            error = max(error, abs((base + horner(numerator, x) / horner(denominator, x)) / y - 1))
    print(f"{name}: relative error {m.nstr(error, 2)}")
    if value is not None:
        print("  value", repr(float(base)))
    print("  numerator", [float(v) for v in numerator])
    if q > 0:
        print("  denominator", [float(v) for v in denominator])


def even(f, at_zero):
    """A function of z = x²."""
    return lambda z: f(m.sqrt(z)) if z > mpf(10) ** -18 else at_zero(z)


half_log2 = m.log(2) / 2 * mpf("1.002")
third = (m.sqrt(2) - 1) / (m.sqrt(2) + 1) * mpf("1.001")
quarter = pi / 4 * mpf("1.001")
exp_quotient = lambda r: (m.exp(r) - 1 - r) / r**2 if abs(r) > mpf(10) ** -15 else mpf(1) / 2 + r / 6
atanh2 = lambda s: m.log((1 + s) / (1 - s))
x_erfcx = lambda x: x * m.exp(x * x) * m.erfc(x)
erfc_inverse = lambda q: m.findroot(lambda y: m.log(m.erfc(y) / q), m.sqrt(-m.log(q)) * mpf("0.95") - mpf("0.2"))
tail = lambda r: erfc_inverse(m.exp(-r * r))
root = m.findroot(m.digamma, mpf("1.46163"))
lgamma_over = lambda at, slope: lambda t: m.loggamma(at + t) / t if abs(t) > mpf(10) ** -25 else slope

fit("exp: Q", exp_quotient, -half_log2, half_log2, 10)
fit("log: R(s²)", even(lambda s: (atanh2(s) - 2 * s) / s**3, lambda z: mpf(2) / 3), mpf(10) ** -30, third**2, 6)
fit("log pair: R(s²)", even(lambda s: (atanh2(s) - 2 * s - 2 * s**3 / 3) / s**5, lambda z: mpf(2) / 5), mpf(10) ** -17, third**2, 7)
fit("sin: S(x²)", even(lambda x: (m.sin(x) / x - 1) / x**2, lambda z: -mpf(1) / 6), mpf(10) ** -17, quarter**2, 6)
fit("cos: C(x²)", even(lambda x: (m.cos(x) - 1 + x * x / 2) / x**4, lambda z: mpf(1) / 24), mpf(10) ** -17, quarter**2, 5)
fit("atan: A(x²)", even(lambda x: (m.atan(x) / x - 1) / x**2, lambda z: -mpf(1) / 3), 0, mpf(49) / 256, 11)
fit("asin: P/Q(x²)", even(lambda x: (m.asin(x) / x - 1) / x**2, lambda z: mpf(1) / 6), mpf(10) ** -17, mpf(1) / 4, 5, 4)
fit("erf small: P(x²)", even(lambda x: m.erf(x) / x - 1, lambda z: 2 / m.sqrt(pi) - 1), mpf(10) ** -17, mpf("0.84375") ** 2, 10)
fit("erf near 1", lambda s: m.erf(1 + s), mpf("-0.15625"), mpf("0.25"), 6, 6, m.erf(1))
fit("x erfcx at 1.25 + s", lambda s: x_erfcx(mpf("1.25") + s), 0, mpf("0.75"), 6, 6, x_erfcx(mpf("1.25")))
fit("x erfcx at 2 + s", lambda s: x_erfcx(2 + s), 0, 2, 6, 6, x_erfcx(mpf(2)))
fit("x erfcx of 1/x²", lambda u: x_erfcx(1 / m.sqrt(u)), mpf(10) ** -3, mpf(1) / 16, 6, 6, 1 / m.sqrt(pi))
fit("lgamma(1 + t)/t", lgamma_over(1, -m.euler), mpf("-0.3"), mpf("0.3"), 7, 7, -m.euler)
fit("lgamma(1.5 + t)", lambda t: m.loggamma(mpf("1.5") + t), mpf("-0.2"), mpf("0.2"), 6, 5, m.loggamma(mpf("1.5")))
fit("lgamma(2 + t)/t", lgamma_over(2, 1 - m.euler), mpf("-0.3"), 1, 7, 7, 1 - m.euler)
stirling = lambda x: x * (m.loggamma(x) - (x - mpf(1) / 2) * m.log(x) + x - m.log(2 * pi) / 2)
fit("Stirling: S(1/x²)", even(lambda u: stirling(1 / u), lambda z: mpf(1) / 12), mpf(10) ** -8, mpf(1) / 64, 7)
fit("digamma(1 + s)/(1 + s − root)", lambda s: m.digamma(1 + s) / (1 + s - root), 0, 1, 6, 6, m.digamma(mpf("1.5")) / (mpf("1.5") - root))
erfinv_over = even(lambda x: m.erfinv(x) / x, lambda z: m.sqrt(pi) / 2)
fit("erfinv(x)/x of 0.5625 − x²", lambda t: erfinv_over(mpf("0.5625") - t), 0, mpf("0.5625"), 7, 7, m.sqrt(pi) / 2)
for start, end, degree in ((mpf("1.17"), 3, 7), (mpf(3), mpf("6.1"), 7), (mpf(6), 27, 8)):
    fit(f"erfcinv at r = {float(start)} + s", lambda s: tail(start + s), 0, end - start, degree, degree, tail(start))
