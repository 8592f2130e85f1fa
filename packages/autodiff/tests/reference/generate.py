"""Writes special.json: arguments and 60-digit values of the special functions, by mpmath. Run: python3 generate.py

Each row is [argument…, value]; "nan", "inf" and "-inf" are strings.
"""
import json, math, os, random
import mpmath as m
from mpmath import mpf

m.mp.prec = 2400
random.seed(20)


def uniform(a, b, n=24):
    return [random.uniform(a, b) for _ in range(n)]


def spread(a, b, n=16, signs=(1,)):
    return [s * math.exp(random.uniform(math.log(a), math.log(b))) for s in signs for _ in range(n)]


both = (1, -1)
one = {
    "exp": (m.exp, uniform(-745, 709) + uniform(-1, 1) + spread(1e-10, 1, signs=both)),
    "expm1": (m.expm1, uniform(-40, 50) + uniform(-2, 2) + spread(1e-18, 1, signs=both)),
    "log": (m.log, spread(5e-324, 1e308) + uniform(0.5, 2) + [1 + x for x in spread(1e-15, 0.1, signs=both)]),
    "log1p": (m.log1p, uniform(-0.999, 3) + spread(1e-18, 1e300) + spread(1e-18, 0.99, signs=(-1,))),
    "log2": (lambda x: m.log(x) / m.log(2), spread(5e-324, 1e308) + uniform(0.5, 2) + [8.0, 0.125]),
    "log10": (lambda x: m.log(x) / m.log(10), spread(5e-324, 1e308) + uniform(0.5, 2) + [1000.0]),
    "sin": (m.sin, uniform(-10, 10) + uniform(-1e6, 1e6) + spread(1e6, 1e308, signs=both) + [6381956970095103 * 2.0 ** 797]),
    "cos": (m.cos, uniform(-10, 10) + uniform(-1e6, 1e6) + spread(1e6, 1e308, signs=both) + [6381956970095103 * 2.0 ** 797]),
    "tan": (m.tan, uniform(-10, 10) + uniform(-1e6, 1e6) + spread(1e6, 1e308, signs=both)),
    "sinPi": (m.sinpi, uniform(-10, 10)),
    "sinh": (m.sinh, uniform(-710, 710) + uniform(-3, 3) + spread(1e-18, 1, signs=both)),
    "cosh": (m.cosh, uniform(-710, 710) + uniform(-3, 3)),
    "tanh": (m.tanh, uniform(-20, 20) + uniform(-2, 2) + spread(1e-18, 1, signs=both)),
    "asinh": (m.asinh, uniform(-20, 20) + uniform(-2, 2) + spread(1e-18, 1e300, signs=both)),
    "acosh": (m.acosh, uniform(1, 20) + uniform(1, 2) + [1 + x for x in spread(1e-14, 1e300)]),
    "atanh": (m.atanh, uniform(-1, 1) + spread(1e-18, 1, signs=both)),
    "atan": (m.atan, uniform(-3, 3) + spread(1e-18, 1e18, signs=both)),
    "asin": (m.asin, uniform(-1, 1) + spread(1e-18, 1, signs=both)),
    "acos": (m.acos, uniform(-1, 1) + [1 - x for x in spread(1e-16, 1)]),
    "cbrt": (lambda x: m.sign(x) * m.cbrt(abs(x)), uniform(-3, 3) + spread(1e-320, 1e308, signs=both)),
    "erf": (m.erf, uniform(-6, 6, 40) + uniform(-1, 1)),
    "erfc": (m.erfc, uniform(-6, 6, 40) + uniform(0, 26.5, 40)),
    "erfcx": (lambda x: m.exp(x * x) * m.erfc(x), uniform(-5, 6, 40) + spread(1e-3, 1e4)),
    "lgamma": (m.loggamma, uniform(0.001, 4, 40) + spread(1e-20, 1e300, 30) + uniform(3, 40)),
}
two = {
    "pow": (m.power, [(x, random.uniform(-700, 700) / math.log(x)) for x in spread(1e-2, 1e2, 30) + spread(1e-300, 1e300, 30)]),
    "hypot": (lambda x, y: m.sqrt(x * x + y * y), list(zip(uniform(-3, 3), uniform(-3, 3))) + list(zip(spread(1e-307, 1e307), spread(1e-307, 1e307)))),
    "atan2": (m.atan2, list(zip(uniform(-3, 3), uniform(-3, 3)))),
}

m.mp.prec = 300
lower = lambda a, x: m.gammainc(a, 0, x, regularized=True)
upper = lambda a, x: m.gammainc(a, x, m.inf, regularized=True)
beta = lambda a, b, x: m.betainc(a, b, 0, x, regularized=True)
shapes = spread(0.05, 300, 24)
near = [(a, a * math.exp(random.uniform(-1, 1))) for a in shapes]
few = [(a, x) for a, x in near if 0.1 < a < 60][:10]
betas = [(a, b, random.random()) for a, b in zip(spread(0.1, 100, 24), spread(0.1, 100, 24))]


def derivative(f, *orders):
    """The partial derivative in the first arguments."""
    k = len(orders)
    return lambda *xs: m.diff(lambda *front: f(*front, *xs[k:]), xs[:k] if k > 1 else xs[0], orders if k > 1 else orders[0], h=mpf(10) ** -15)


many = {
    "digamma": (m.digamma, [(x,) for x in uniform(0.01, 4) + spread(1e-10, 1e300) + uniform(-9, 0)]),
    "trigamma": (lambda x: m.polygamma(1, x), [(x,) for x in uniform(0.01, 4) + spread(1e-10, 1e10) + uniform(-4, 0)]),
    "tetragamma": (lambda x: m.polygamma(2, x), [(x,) for x in uniform(0.01, 4) + spread(1e-5, 1e5) + uniform(-4, 0)]),
    "erfinv": (m.erfinv, [(x,) for x in uniform(-1, 1) + [1 - x for x in spread(1e-15, 1)]]),
    "gammainc": (lower, near),
    "gammaincc": (upper, near),
    "gammainc1": (derivative(lower, 1), few),
    "gammainc2": (derivative(lower, 2), few),
    "gammainc3": (derivative(lower, 3), few),
    "betainc": (beta, betas),
    "betainc10": (derivative(beta, 1, 0), betas[:8]),
    "betainc01": (derivative(beta, 0, 1), betas[:8]),
    "betainc20": (derivative(beta, 2, 0), betas[:8]),
    "betainc11": (derivative(beta, 1, 1), betas[:8]),
    "betainc02": (derivative(beta, 0, 2), betas[:8]),
    "stirlerr": (lambda n: m.loggamma(n + 1) - (n + mpf(1) / 2) * m.log(n) + n - m.log(2 * m.pi) / 2, [(n,) for n in spread(0.01, 1e4, 24)]),
    "bd0": (lambda x, y: x * m.log(x / y) + y - x, near + [(x, x * (1 + d)) for x, d in zip(spread(0.1, 1e5), spread(1e-8, 0.1))]),
    "poissonDensity": (lambda x, y: m.exp(x * m.log(y) - y - m.loggamma(x + 1)), near),
}


def number(value):
    x = float(m.re(value))
    return x if math.isfinite(x) else str(x)


m.mp.prec = 2400
tables = {name: [[x, number(f(mpf(x)))] for x in xs] for name, (f, xs) in one.items()}
tables |= {name: [[*xs, number(f(*map(mpf, xs)))] for xs in rows] for name, (f, rows) in two.items()}
m.mp.prec = 300
tables |= {name: [[*xs, number(f(*map(mpf, xs)))] for xs in rows] for name, (f, rows) in many.items()}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "special.json")
with open(path, "w") as out:
    out.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in tables.items()) + "\n}\n")
