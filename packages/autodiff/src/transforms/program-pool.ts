// ProgramPool: one object for equal programs, so that a device compiles what is traced again only once.
import { sameProgram } from "../passes/same-program.ts";
import type { Program } from "../program.ts";

/** Programs with more numbers in their constants are not kept: the pool outlives what they belong to. */
const largestConstants = 4096;

/**
 * A function that closes over traced values, and one that is made anew at each call, must be traced at each call,
 * because only tracing tells what they do. Their programs are mostly equal to earlier ones. The pool keeps the
 * latest `capacity` programs.
 */
export class ProgramPool {
  readonly #capacity: number;
  /** The latest last. */
  readonly #programs: Program[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The program of the pool that equals this one; otherwise this one, which is kept. */
  intern(program: Program): Program {
    const constants = program.constants.reduce((sum, constant) => sum + constant.size, 0);
    if (constants > largestConstants) return program;
    const at = this.#programs.findLastIndex((known) => sameProgram(known, program));
    const found = at < 0 ? program : this.#programs.splice(at, 1)[0];
    this.#programs.push(found);
    if (this.#programs.length > this.#capacity) this.#programs.shift();
    return found;
  }
}
