// The error codes of worker threads: what `phx explain` says about each.
import type { CodeExplanation } from "@phxlang/autodiff";

export const workerCodes: readonly CodeExplanation[] = [
  {
    code: "PHX973",
    severity: "error",
    title: "a worker thread died, or cannot be started",
    explanation:
      "Part of the results died with it, so the call has none. All threads are ended, and the next call starts new ones.",
    repair: "Call again; where memory ran out, use fewer threads or smaller batches.",
  },
  {
    code: "PHX974",
    severity: "error",
    title: "a call on worker threads missed its deadline",
    explanation:
      "The device was opened with a deadline, and the call did not end in time. Threads that were still at work are ended, and the next call starts new ones.",
    repair: "Allow more time with the option deadline, or give the call less to do.",
  },
  {
    code: "PHX975",
    severity: "error",
    title: "members cannot be spread over threads",
    explanation:
      "A collective (psum, allGather, …) inside a loop or a branch would make every member wait for all others at each turn. The message names the equation.",
    repair: "Write the loop around pmap instead of inside it, or run the function on the device cpu.",
  },
  {
    code: "PHX976",
    severity: "error",
    title: "a device cannot be opened like this",
    explanation:
      "The number of threads is a whole number from 1 on, a deadline is a time in seconds. In a page threads need shared memory, which browsers give to pages that are isolated.",
    repair:
      "Correct the option; serve the page with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.",
  },
];
