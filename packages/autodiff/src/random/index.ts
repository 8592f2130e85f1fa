// Random numbers from explicit keys: the same on every device and in every order of evaluation.
export { bernoulli, categorical, choice, permutation, rademacher, randint } from "./discrete.ts";
export {
  beta,
  chisquare,
  dirichlet,
  gamma,
  loggamma,
  multivariateNormal,
  poisson,
  studentT,
} from "./gamma.ts";
export { bits, fold, key, split, splitList } from "./keys.ts";
export {
  cauchy,
  exponential,
  gumbel,
  laplace,
  logistic,
  lognormal,
  normal,
  pareto,
  rayleigh,
  truncatedNormal,
  uniform,
  weibull,
} from "./uniform.ts";
