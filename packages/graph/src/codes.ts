// The error codes of this package: what `phx explain` says about each.
import type { CodeExplanation } from "@phxlang/autodiff";

export const graphCodes: readonly CodeExplanation[] = [
  {
    code: "PHX910",
    severity: "error",
    title: "a function of the model asked for the value of a parameter",
    explanation:
      "The functions of defineModel run once, for all parameter values: parameters are symbols in them. A comparison, " +
      "Number(x), a JavaScript operator or a template string needs a value, and there is none. The structure of a model " +
      "must not depend on its parameters.",
    repair:
      "write rates with methods and np functions; choose between numbers with np.where(rate.less(1), a, b).",
  },
  {
    code: "PHX911",
    severity: "error",
    title: "a rate, probability or reward is neither a number nor an expression of the parameters",
    explanation:
      "Amounts are finite numbers, parameters, or what np functions and methods make of them: one number each. Symbols " +
      "that were kept from another call, arrays, and values that grad, vmap or jit are tracing are none of these.",
    repair: "give a number or an expression; declare a parameter or a covariate for what varies.",
  },
  {
    code: "PHX912",
    severity: "error",
    title: "a state of the wrong form",
    explanation: "A state is a list of whole numbers of 32 bits, one for each cell, in the order of `state`.",
    repair: "give every cell its number, and round what is not whole.",
  },
  {
    code: "PHX913",
    severity: "error",
    title: "a model definition is malformed",
    explanation: "A part of what was given to defineModel is missing, unknown, or of the wrong form.",
    repair: "give { state, parameters, start, transitions, stop, rewards } as the message says.",
  },
  {
    code: "PHX914",
    severity: "error",
    title: "a function of the model returns something else than it should",
    explanation:
      "`start` and `transitions` return lists of { to, probability } and { to, rate }, `stop` returns true or false. " +
      "Each transition has one weight: a rate (or probability, in discrete time) or a coefficient vector.",
    repair: "return what the message asks for, from the function and in the state that it names.",
  },
  {
    code: "PHX915",
    severity: "error",
    title: "a coefficient vector does not fit the parameters",
    explanation:
      "A rate given by coefficients is base + Σ coefficients[i] · θ[i], with one finite number for each entry of θ.",
    repair: "give as many coefficients as θ has entries, or write the rate as an expression.",
  },
  {
    code: "PHX916",
    severity: "error",
    title: "an operation cannot be applied to the parameters of a model",
    explanation:
      "Rates are built from arithmetic, elementary and special functions, comparisons, choices, sums and products. " +
      "Sorting, decompositions and loops have no place in them.",
    repair: "write the rate with those operations.",
  },
  {
    code: "PHX950",
    severity: "error",
    title: "the elimination exceeds its budget",
    explanation:
      "Eliminating the states of one strongly connected block would take more multiply-adds or store more non-zeros " +
      "than the budget allows. The message has the numbers of states, edges and parameters, and how far it came.",
    repair: "make the model smaller, or raise the budget: `--max-operations`, `--max-nonzeros`.",
  },
  {
    code: "PHX951",
    severity: "error",
    title: "there is no epoch of that number",
    explanation: "A trace belongs to one epoch of a graph; epochs are numbered from 0.",
    repair: "give the number of an epoch of the model.",
  },
  {
    code: "PHX952",
    severity: "error",
    title: "these bytes are not a trace, or were damaged",
    explanation:
      "A recorded trace begins with its magic number and carries a checksum; one of them does not fit.",
    repair: "record the trace again; where it came from the cache, that happens by itself.",
  },
  {
    code: "PHX953",
    severity: "error",
    title: "the trace was written by another version of phx",
    explanation: "Traces carry the versions of their format and of the algorithms that made them.",
    repair: "record the trace again with this version.",
  },
  {
    code: "PHX954",
    severity: "error",
    title: "the trace contradicts itself",
    explanation:
      "The checksum of the bytes fits, but their contents do not fit together: an index is out of range, or a count " +
      "disagrees with another. Chance does not do that.",
    repair: "do not use the file; find out where it came from, and record the trace again.",
  },
  {
    code: "PHX956",
    severity: "error",
    title: "a model takes more memory than there is",
    explanation:
      "The states and edges of a model, and the trace of its elimination, are kept in memory whole. The message says how " +
      "many there were when the machine refused to give more.",
    repair: "make the model smaller (fewer cells, tighter ranges), or use a machine with more memory.",
  },
];
