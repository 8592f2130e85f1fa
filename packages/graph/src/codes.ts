// The error codes of this package: what `phx explain` says about each.
import type { CodeExplanation } from "@phxlang/autodiff";

export const graphCodes: readonly CodeExplanation[] = [
  {
    code: "PHX950",
    severity: "error",
    title: "the elimination exceeds its budget",
    explanation:
      "Eliminating the states of one strongly connected block would take more multiply-adds or store more non-zeros " +
      "than the budget allows. The message has the numbers of states, edges and parameters, and how far it came.",
    repair:
      "make the model smaller, raise maxOperations and maxNonzeros, or ask for the iterative method by its name.",
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
];
