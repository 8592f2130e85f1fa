// Codes 3xx: kinds and levels.
import type { CodeExplanation } from "@phxlang/autodiff";

export const kindCodes: readonly CodeExplanation[] = [
  {
    code: "PHX301",
    severity: "error",
    title: "a real where a whole number is needed",
    explanation:
      "Cells, indices, ranges and the arguments of `choose`, `div`, `mod` and `factorial` are whole numbers. A quotient `a / b` is a real even where it happens to be whole.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 0.5 @ mu",
    repair: "Round with `floor` or `ceil`, or divide with `div(a, b)`.",
  },
  {
    code: "PHX302",
    severity: "error",
    title: "a number where yes/no is needed",
    explanation: "Guards, stop conditions and the conditions of `if` are yes or no; numbers do not convert.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve when q: q -= 1 @ mu",
    repair: "Compare: `q > 0`.",
  },
  {
    code: "PHX303",
    severity: "error",
    title: "something that is not a number",
    explanation: "Rates, arithmetic and changes need numbers; yes/no, enum values and texts do not convert.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ q > 0",
    repair: "Write `if q > 0 then 1 else 0`.",
  },
  {
    code: "PHX304",
    severity: "error",
    title: "a value of another enum",
    explanation:
      "A state that is declared with a list of values takes and is compared with these values only.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nstate kind in {fast, slow}\nevent serve: q -= 1, kind = 1 @ if kind == fast then mu else 1",
    repair: "Use one of the values that the hint lists.",
  },
  {
    code: "PHX305",
    severity: "error",
    title: "a parameter in a guard or stop condition",
    explanation:
      "The graph of states is explored once and used for all parameter values, so what decides whether an event can happen may not depend on parameters, not even through a def.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve when q < mu: q -= 1 @ mu",
    repair: "Move the condition into the rate: `@ if … then … else 0`.",
  },
  {
    code: "PHX306",
    severity: "error",
    title: "a value that cannot be read here",
    explanation:
      "Sizes and ranges read constants; starts read constants; changes, loops and indices read constants and the state; bounds, priors and times read constants and earlier parameters; `observe` reads columns and constants.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= floor(mu) @ mu",
    repair: "Read something that is known at this place.",
  },
  {
    code: "PHX307",
    severity: "error",
    title: "an order of enum values",
    explanation: "The values of an enum are names; none is smaller than another.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nstate kind in {fast, slow}\nevent serve: q -= 1, kind = slow @ if kind < slow then mu else 1",
    repair: "List them: `kind == fast or kind == slow`.",
  },
  {
    code: "PHX308",
    severity: "error",
    title: "a column or text outside `observe`",
    explanation:
      "Columns of data are known row by row while data are read; the model itself cannot depend on them.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu * `age`",
    repair: "Declare a covariate, and give it the column's value: `observe … with age = …`.",
  },
  {
    code: "PHX309",
    severity: "error",
    title: "branches of different kinds",
    explanation:
      "`if` has one value, so both branches must be numbers, both yes/no, or both values of one enum.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ if q > 1 then mu else true",
    repair: "Make both branches of one kind.",
  },
  {
    code: "PHX310",
    severity: "warning",
    title: "a kink in a parameter",
    explanation:
      "`max`, `min`, `abs`, `floor`, `ceil`, `div`, `mod` and `if` on a parameter have no derivative where they change. The gradient there is that of one side.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ max(mu, 2)",
    repair: "Use a smooth expression where gradients matter.",
  },
];
