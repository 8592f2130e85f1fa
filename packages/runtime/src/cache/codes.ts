// Codes 955–963: what the trace cache says.
import type { CodeExplanation } from "@phxlang/autodiff";

export const cacheCodes: readonly CodeExplanation[] = [
  {
    code: "PHX955",
    severity: "error",
    title: "traces are disabled",
    explanation:
      "PHX_DISABLE_TRACE=1 exists to show that nothing else evaluates a model: with it, every model that has " +
      "parameters fails.",
    repair: "Unset PHX_DISABLE_TRACE.",
  },
  {
    code: "PHX960",
    severity: "warning",
    title: "a trace could not be kept",
    explanation:
      "The directory of the trace cache cannot be written, or the disk is full. The result is right: the trace is in " +
      "memory, and the next process records it again.",
    repair: "Set PHX_CACHE_DIR to a directory that can be written, or PHX_CACHE=off.",
  },
  {
    code: "PHX961",
    severity: "warning",
    title: "an entry of the trace cache cannot be read",
    explanation: "The operating system refused to read the file. The trace was recorded again.",
    repair: "Check the permissions of the cache directory, or `phx cache clear`.",
  },
  {
    code: "PHX962",
    severity: "warning",
    title: "an entry of the trace cache was corrupt",
    explanation:
      "Its checksum, its lengths, or its fit to the model were wrong. It was set aside with the ending .bad, and the " +
      "trace was recorded again; no result depends on it.",
    repair:
      "Nothing needs to be done; if it happens often, check the disk. `phx cache prune` removes the file.",
  },
  {
    code: "PHX963",
    severity: "error",
    title: "the trace cache is switched off",
    explanation: "PHX_CACHE=off neither reads nor writes traces, so there is no cache to look at.",
    repair: "Unset PHX_CACHE.",
  },
];
