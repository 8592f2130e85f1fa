// Codes 5xx: parameters and priors.
import type { CodeExplanation } from "@phxlang/autodiff";

export const parameterCodes: readonly CodeExplanation[] = [
  {
    code: "PHX501",
    severity: "error",
    title: "a default outside the bound",
    explanation:
      "The default of a parameter must be allowed by its own bound. An open end, as in `> 0`, is not allowed itself.",
    example: "model m\nparam p in 0..1 = 1.5\nstate q in 0..1\nstart: q = 1\nevent e: q -= 1 @ p",
    repair: "Choose a default inside the bound, or widen the bound.",
  },
  {
    code: "PHX502",
    severity: "error",
    title: "a prior with mass outside the bound",
    explanation:
      "A prior describes what is known before data are seen; values outside the bound are impossible, so the prior may not give them probability. Truncated laws are not silently made.",
    example:
      "model m\nparam mu > 0 = 1 ~ normal(0, 1)\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu",
    repair:
      "Use a law on the same range: `half_normal`, `lognormal`, `gamma`, `beta`, `uniform`, `dirichlet`.",
  },
  {
    code: "PHX503",
    severity: "error",
    title: "a prior narrower than the bound",
    explanation: "The prior covers a part of the bound only, so the rest could never be reached.",
    example:
      "model m\nparam mu in 0..10 = 1 ~ beta(1, 1)\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu",
    repair: "Narrow the bound to the range of the prior, or use another law.",
  },
  {
    code: "PHX504",
    severity: "error",
    title: "an empty range or bound",
    explanation: "The first end of a range is larger than the second, so nothing lies in it.",
    example: "model m\nstate q in 3..0",
    repair: "Write the smaller end first.",
  },
  {
    code: "PHX505",
    severity: "error",
    title: "an argument that a law does not allow",
    explanation:
      "Scales, rates and shapes of laws are above 0; the lower end of `uniform` is below the upper one.",
    example:
      "model m\nparam mu > 0 = 1 ~ gamma(2, -1)\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu",
    repair: "Correct the argument.",
  },
  {
    code: "PHX506",
    severity: "error",
    title: "an unknown law",
    explanation:
      "Priors are `normal`, `half_normal`, `lognormal`, `gamma`, `exponential`, `beta`, `uniform` and `dirichlet`.",
    example:
      "model m\nparam mu > 0 = 1 ~ gama(2, 1)\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu",
    repair: "Use one of them.",
  },
  {
    code: "PHX507",
    severity: "error",
    title: "a list of the wrong size",
    explanation:
      "The values of an array parameter have its shape, rows equally long. A single value stands for every entry.",
    example: "model m\nparam a[1..3] > 0 = [1, 2]\nstate q in 0..1\nstart: q = 1\nevent e: q -= 1 @ a[1]",
    repair: "Give as many values as the declaration has entries.",
  },
  {
    code: "PHX508",
    severity: "error",
    title: "a simplex that does not sum to 1",
    explanation: "The default of a simplex sums to 1, up to 1e-9; it is not scaled silently.",
    example:
      "model m\nparam a[1..2] simplex = [0.5, 0.4]\nstate q in 1..3\nstart for i in 1..2: q = i @ a[i]\nstop when q == 3\nevent e when q < 3: q = 3 @ 1",
    repair: "Change the entries so that they sum to 1.",
  },
  {
    code: "PHX509",
    severity: "warning",
    title: "a rate that can become negative",
    explanation:
      "A parameter without a lower bound makes a rate negative where it is negative itself. A fit would run into errors there.",
    example:
      "model m\nparam mu = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu",
    repair: "Give it a bound: `param mu > 0`.",
  },
  {
    code: "PHX510",
    severity: "error",
    title: "a parameter that is used before it is declared",
    explanation:
      "Bounds, defaults and priors may read parameters that are declared earlier, so that they can be transformed one after the other.",
    example:
      "model m\nparam a > b = 2\nparam b > 0 = 1\nstate q in 0..1\nstart: q = 1\nevent e: q -= 1 @ a * b",
    repair: "Move the declaration up.",
  },
  {
    code: "PHX511",
    severity: "error",
    title: "a parameter without a value",
    explanation:
      "A parameter without a default must be given a value (`--theta`), or be fitted. A default that reads it has no value either.",
    example: "model m\nparam a > 0\nparam b > 0 = 2 * a\nstate q in 0..1\nstart: q = 1\nevent e: q -= 1 @ b",
    repair: "Give a default, or a value.",
  },
];
