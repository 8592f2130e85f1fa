// withinMemory: what happens where building a model takes more memory than the machine gives.
import { PhxError } from "@phxlang/autodiff";

/** In the words of V8, SpiderMonkey and JavaScriptCore. */
const refusal = /allocation failed|out of memory|invalid (typed |array buffer |array )+length/i;

/**
 * Does a piece of work on a model. PHX956 where the machine refuses memory: `describe` says what was being done, and how
 * large the model had become.
 */
export function withinMemory<T>(describe: () => string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof PhxError || !refusal.test(error.message)) throw error;
    throw new PhxError({
      code: "PHX956",
      what: `${describe()} takes more memory than there is`,
      why: `the states, the edges and the trace of a model are kept in memory whole; the system says: ${error.message}`,
      fix: "make the model smaller (fewer cells, tighter ranges), lower --max-states to learn of it earlier, or use a machine with more memory",
    });
  }
}
