// simplify: what is done to every program before it is compiled or stored.
import type { Program } from "../program.ts";
import { mergeCommonSubexpressions } from "./common-subexpressions.ts";
import { eliminateDeadCode } from "./dead-code.ts";

/** Drops dead equations, then merges equal ones. The result computes bit for bit the same outputs. */
export function simplify(program: Program): Program {
  return mergeCommonSubexpressions(eliminateDeadCode(program));
}
