// Tracing of several functions that will get the same operands: what any closes over, all get.
import type { ArrayType } from "../array.ts";
import { callProgram } from "../evaluate-program.ts";
import { simplify } from "../passes/simplify.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import type { Tracer, Value } from "../trace.ts";

export interface TracedBranches {
  /** Inputs of each: the operands, then all captured values. */
  readonly programs: readonly Program[];
  readonly captured: readonly Tracer[];
}

export function traceBranches(
  functions: readonly ((inputs: readonly Value[]) => readonly Value[])[],
  types: readonly ArrayType[],
  name: string,
): TracedBranches {
  const traced = functions.map((f) => traceProgram(f, types, name));
  const captured = [...new Set(traced.flatMap((branch) => branch.captured))];
  const allTypes = [...types, ...captured.map((tracer) => tracer.type)];
  const programs = traced.map((branch) => {
    if (branch.captured.length === captured.length) {
      const same = branch.captured.every((tracer, i) => tracer === captured[i]);
      if (same) return simplify(branch.program);
    }
    const positions = branch.captured.map((tracer) => types.length + captured.indexOf(tracer));
    const { program } = traceProgram(
      (inputs) =>
        callProgram(branch.program, [
          ...inputs.slice(0, types.length),
          ...positions.map((position) => inputs[position]),
        ]),
      allTypes,
      name,
    );
    return simplify(program);
  });
  return { programs, captured };
}
