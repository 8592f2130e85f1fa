// The last step of every pass that makes a Program: its fields, with a printed form for String(program).
import type { Program } from "../program.ts";
import { printProgram } from "./print.ts";

/** The fields of a Program, as a pass computed them. */
export type ProgramFields = Omit<Program, "toString">;

export function freezeProgram(fields: ProgramFields): Program {
  return Object.freeze(
    Object.defineProperty({ ...fields }, "toString", {
      value(this: Program): string {
        return printProgram(this);
      },
      enumerable: false,
    }),
  );
}
