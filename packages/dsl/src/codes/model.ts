// Codes 4xx: what makes a model.
import type { CodeExplanation } from "@phxlang/autodiff";

export const modelCodes: readonly CodeExplanation[] = [
  {
    code: "PHX401",
    severity: "error",
    title: "no start",
    explanation: "A model says in which state, or with which probabilities in which states, it starts.",
    example: "model m\nstate q in 0..3\nstop when q == 0\nevent serve: q -= 1 @ 1",
    repair: "Add `start: q = 3`.",
  },
  {
    code: "PHX402",
    severity: "error",
    title: "no events",
    explanation: "Without events nothing ever happens, and no time can be asked for.",
    example: "model m\nstate q in 0..3\nstart: q = 3",
    repair: "Add `event NAME when GUARD: CHANGES @ RATE`.",
  },
  {
    code: "PHX403",
    severity: "error",
    title: "a cell that is changed twice",
    explanation:
      "The changes of an event happen at once and read the old state. Additions to one cell add up; a cell that is set is set once and not added to.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1, q = 0 @ mu",
    repair: "Keep one of the two changes.",
  },
  {
    code: "PHX404",
    severity: "error",
    title: "start weights that do not sum to 1",
    explanation:
      "Start weights are probabilities. They sum to 1 for all values of the parameters inside their bounds.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3 @ 0.5\nstart: q = 2 @ 0.4\nstop when q == 0\nevent serve: q -= 1 @ mu",
    repair: "Add what is missing, or write the last one as `1 - p`.",
  },
  {
    code: "PHX405",
    severity: "error",
    title: "a start without weight among others",
    explanation: "One start needs no weight. Several starts are alternatives, and each says its probability.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3 @ 0.5\nstart: q = 2\nstop when q == 0\nevent serve: q -= 1 @ mu",
    repair: "Give every start its `@`.",
  },
  {
    code: "PHX406",
    severity: "error",
    title: "`@ rest` in continuous time",
    explanation:
      "`rest` is the probability that the other events of a state leave. Rates are not probabilities and leave nothing.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ rest",
    repair: "Write the rate, or begin with `discrete model`.",
  },
  {
    code: "PHX407",
    severity: "error",
    title: "two rests in one state",
    explanation: "What the other events leave can be taken once in each state.",
    example:
      "discrete model m\nstate q in 0..3\nstart: q = 1\nstop when q == 0 or q == 3\nevent up: q += 1 @ rest\nevent down: q -= 1 @ rest",
    repair: "Guard one of them, or give it its probability.",
  },
  {
    code: "PHX408",
    severity: "error",
    title: "epochs out of order",
    explanation:
      "The first epoch begins `from 0`, and each later one after the one before it, at the defaults of the parameters.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nepoch early from 0\nepoch late from 0\nevent serve: q -= 1 @ mu",
    repair: "List the epochs in the order of their times.",
  },
  {
    code: "PHX409",
    severity: "error",
    title: "`enter` of an epoch that cannot be entered",
    explanation: "`enter` names an epoch that begins after time 0.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nepoch early from 0\nenter later: q = 1\nevent serve: q -= 1 @ mu",
    repair: "Correct the name. Where the model starts is said in `start`.",
  },
  {
    code: "PHX410",
    severity: "error",
    title: "two causes at once",
    explanation: "Named stops are competing causes; in each state at most one of them holds.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop empty when q == 0\nstop low when q < 1\nevent serve: q -= 1 @ mu",
    repair: "Make the conditions exclude each other.",
  },
  {
    code: "PHX411",
    severity: "error",
    title: "a simplex that is a single value",
    explanation: "A simplex is a list of values that sum to 1.",
    example: "model m\nparam p simplex = 1\nstate q in 0..1\nstart: q = 1\nevent e: q -= 1 @ p",
    repair: "Give it a size: `param p[1..3] simplex`.",
  },
  {
    code: "PHX412",
    severity: "warning",
    title: "a guard that is always or never true",
    explanation: "The declared ranges of the states decide the condition, whatever happens.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve when q >= 0: q -= 1 @ mu",
    repair: "Leave the condition out, or correct it.",
  },
  {
    code: "PHX413",
    severity: "error",
    title: "a rate that is never positive",
    explanation: "With the declared ranges and bounds the rate is at most 0 wherever the event can happen.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve: q -= 1 @ -mu",
    repair: "Correct the sign, or guard the event.",
  },
  {
    code: "PHX414",
    severity: "error",
    title: "loops or arrays that are too large",
    explanation:
      "Loops are unrolled before a model runs. A million iterations, two hundred thousand events and a million entries of an array are the limits.",
    example:
      "model m\nparam mu > 0 = 1\nstate q in 0..3\nstart: q = 3\nstop when q == 0\nevent serve for i in 1..1000000: q -= 1 @ mu",
    repair: "Tighten the ranges.",
  },
];
