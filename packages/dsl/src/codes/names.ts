// Codes 2xx: names.
import type { CodeExplanation } from "@phxlang/autodiff";

export const nameCodes: readonly CodeExplanation[] = [
  {
    code: "PHX201",
    severity: "error",
    title: "a name that is not declared",
    explanation:
      "Every name of an expression is a constant, parameter, covariate, state, enum value, def, epoch, loop variable or def argument. The hint names the nearest one that could stand at this place.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ nu",
    repair: "Correct the spelling, or declare the name.",
  },
  {
    code: "PHX202",
    severity: "error",
    title: "a name that is declared twice",
    explanation:
      "Constants, parameters, covariates, states, enum values, defs, epochs, events and rewards share one set of names, also with files that `use` brings in: one name has one meaning.",
    example: "model m\nconst n = 1\nconst n = 2",
    repair: "Rename one of the two, or remove it.",
  },
  {
    code: "PHX203",
    severity: "error",
    title: "a loop variable or argument that hides a name",
    explanation:
      "Loop variables and def arguments may not have the name of anything else that is visible, so that a reader never has to ask which one is meant.",
    example: "model m\nconst i = 2\nstate q in 0..3\nstart: q = 3\nevent e for i in 1..2: q -= 1 @ i",
    repair: "Rename the loop variable.",
  },
  {
    code: "PHX204",
    severity: "error",
    title: "the wrong number of values",
    explanation:
      "A function, def or prior was given too few or too many values, or a `for` is missing or too much. The hint shows how it is called.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu * choose(q)",
    repair: "Give as many values as the signature shows.",
  },
  {
    code: "PHX205",
    severity: "error",
    title: "a def with arguments that is not called",
    explanation: "A def with arguments has no value of its own; it has one for each choice of its arguments.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ busy\ndef busy(k) = mu * k",
    repair: "Call it: `busy(q)`.",
  },
  {
    code: "PHX206",
    severity: "error",
    title: "a call of something that is not a def",
    explanation:
      "Only defs and functions are called. A parameter in front of parentheses is not multiplied with them.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu(q)",
    repair: "Write `mu * (…)` to multiply, or remove the parentheses.",
  },
  {
    code: "PHX207",
    severity: "error",
    title: "defs or constants in a circle",
    explanation:
      "Defs are shorthands that are put in where they are used, and constants are numbers: neither can need itself.",
    example: "model m\nconst a = b + 1\nconst b = a - 1",
    repair: "Expand one of them by hand.",
  },
  {
    code: "PHX208",
    severity: "error",
    title: "an array without an index",
    explanation: "The name stands for several values; an expression needs one of them.",
    example: "model m\nstate b[1..3] in 0..3\nstart: b[1] = 3\nstop when b == 0\nevent e: b[1] -= 1 @ 1",
    repair: "Give an index: `b[1]`.",
  },
  {
    code: "PHX209",
    severity: "error",
    title: "the wrong number of indices",
    explanation: "An array has as many indices as its declaration has ranges; a single value has none.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu * q[1]",
    repair: "Give as many indices as the declaration shows.",
  },
  {
    code: "PHX210",
    severity: "error",
    title: "an index outside its array",
    explanation:
      "An index must lie in the range that the array is declared with, for every value that the loop variables take, and in every state in which it is read.",
    example: "model m\nstate b[1..3] in 0..3\nstart: b[1] = 3\nstop when b[4] == 1\nevent e: b[1] -= 1 @ 1",
    repair: "Tighten the range of the loop, or guard the event.",
  },
  {
    code: "PHX211",
    severity: "error",
    title: "an event that is not declared",
    explanation: "A reward is paid `on` events; their names are those of `event` declarations.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu\nreward served on server = 1",
    repair: "Correct the spelling.",
  },
  {
    code: "PHX212",
    severity: "error",
    title: "a built-in name",
    explanation:
      "`time` is the reward 1 per unit time that every model has, and a def may not be called like a function.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ mu\nreward time = q",
    repair: "Choose another name.",
  },
  {
    code: "PHX213",
    severity: "warning",
    title: "a parameter that is never used",
    explanation:
      "No rate, weight, reward, bound or epoch reads the parameter, so data can say nothing about it, and a fit would find its prior.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nparam nu > 0 = 1\nevent serve: q -= 1 @ mu",
    repair: "Remove it, or use it.",
  },
  {
    code: "PHX214",
    severity: "warning",
    title: "something that is never used",
    explanation:
      "A constant, covariate, def or enum value is declared and nothing uses it, or no expression reads a state. An unread state multiplies the states of the graph and changes no result.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nconst n = 3\nevent serve: q -= 1 @ mu",
    repair: "Remove it. To count how often an event happens, write `reward … on event`.",
  },
  {
    code: "PHX215",
    severity: "error",
    title: "defs that nest too deeply",
    explanation:
      "Defs are put in where they are used. Expressions that nest deeper than 400 levels after that are refused.",
    repair: "Write the innermost defs out.",
  },
  {
    code: "PHX216",
    severity: "error",
    title: "a file of `use` that cannot be read",
    explanation:
      "`use` names a file of constants, parameters and defs, relative to the file that uses it. It is read before anything else.",
    example: 'model m\nuse "rates.phx"',
    repair: "Correct the path.",
  },
  {
    code: "PHX217",
    severity: "error",
    title: "files that use each other",
    explanation: "A file that is being used cannot use the file that uses it.",
    repair: "Move what both need into a third file.",
  },
];
