// Where a program speaks of a mapped axis: in collectives, or in loops and branches that hold some.
import type { Parameters, Program } from "@phxlang/autodiff";
import { programsIn } from "@phxlang/autodiff";

/** What an equation has to do with the axis: it combines members, a program inside it does, or neither. */
export type AxisRole = "collective" | "holds collectives" | "local";

/** The role of each parameter record of a program. */
export function axisRoles(program: Program, axisName: string): AxisRole[] {
  return program.parameters.map((parameters) => {
    if (speaksOf(parameters, axisName)) return "collective";
    return holdsCollectives(parameters, axisName) ? "holds collectives" : "local";
  });
}

function speaksOf(parameters: Parameters, axisName: string): boolean {
  return axisName !== "" && parameters["axisName"] === axisName;
}

function holdsCollectives(parameters: Parameters, axisName: string): boolean {
  const seen = new Set<Program>();
  const pending = programsIn([parameters]);
  for (let program = pending.pop(); program !== undefined; program = pending.pop()) {
    if (seen.has(program)) continue;
    seen.add(program);
    if (program.parameters.some((inner) => speaksOf(inner, axisName))) return true;
    pending.push(...programsIn(program.parameters));
  }
  return false;
}
