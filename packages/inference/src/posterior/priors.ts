// Log densities of the prior laws.
import type { Value } from "@phxlang/autodiff";
import { internalError, np, special } from "@phxlang/autodiff";

const halfLogTwoPi = 0.5 * special.log(2 * Math.PI);

type LogDensityOf = (x: Value, args: readonly Value[]) => Value;

/** Elementwise log densities; x is within the support, which the bounds guarantee. */
const laws: Readonly<Record<string, LogDensityOf>> = {
  normal: (x, [location, scale]) =>
    np.square(x.sub(location).div(scale)).mul(-0.5).sub(np.log(scale)).sub(halfLogTwoPi),
  half_normal: (x, [scale]) =>
    np
      .square(x.div(scale))
      .mul(-0.5)
      .sub(np.log(scale))
      .sub(halfLogTwoPi - special.log(2)),
  lognormal: (x, [location, scale]) =>
    np
      .square(np.log(x).sub(location).div(scale))
      .mul(-0.5)
      .sub(np.log(scale))
      .sub(np.log(x))
      .sub(halfLogTwoPi),
  gamma: (x, [shape, rate]) =>
    np
      .xlogy(shape.sub(1), x)
      .sub(rate.mul(x))
      .add(shape.mul(np.log(rate)))
      .sub(np.lgamma(shape)),
  exponential: (x, [rate]) => np.log(rate).sub(rate.mul(x)),
  beta: (x, [a, b]) =>
    np
      .xlogy(a.sub(1), x)
      .add(np.xlog1py(b.sub(1), x.neg()))
      .add(np.lgamma(a.add(b)))
      .sub(np.lgamma(a))
      .sub(np.lgamma(b)),
  uniform: (x, [lower, upper]) => np.zeros(x.shape).sub(np.log(upper.sub(lower))),
};

/** Sum of the log prior density over the entries of a parameter. Dirichlet takes one argument, or one for each entry. */
export function logPrior(law: string, x: Value, args: readonly Value[]): Value {
  if (law === "dirichlet") {
    const count = x.shape[0];
    const weights = args.length === 1 ? np.broadcastTo(args[0], [count]) : np.stack([...args]);
    return np.xlogy(weights.sub(1), x).sum().add(np.lgamma(weights.sum())).sub(np.lgamma(weights).sum());
  }
  const density = laws[law];
  if (density === undefined) throw internalError(`no density for the prior law ${law}`);
  return density(x, args).sum();
}
