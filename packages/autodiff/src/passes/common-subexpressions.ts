// Common-subexpression elimination: equal work is done once. All primitives are pure.
import type { Program } from "../program.ts";
import { compactProgram } from "./compact.ts";

/**
 * Two equations are equal when primitive, parameters and operands (after merging) are. Parameter records of a
 * program are distinct, so comparing their numbers is comparing them. Expected linear time.
 */
export function mergeCommonSubexpressions(program: Program): Program {
  const { equationCount, operandOffsets, operands, firstResult } = program;
  const representative = Int32Array.from({ length: program.variableTypes.length }, (_, v) => v);
  const keep = new Uint8Array(equationCount).fill(1);
  const seen = new Map<string, number>();
  let merged = false;
  for (let e = 0; e < equationCount; e++) {
    let key = `${program.primitive[e]}:${program.parameter[e]}`;
    for (let o = operandOffsets[e]; o < operandOffsets[e + 1]; o++) key += `,${representative[operands[o]]}`;
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, e);
      continue;
    }
    keep[e] = 0;
    merged = true;
    const shift = firstResult[earlier] - firstResult[e];
    for (let v = firstResult[e]; v < firstResult[e + 1]; v++) representative[v] = v + shift;
  }
  return merged ? compactProgram(program, { keep, representative }) : program;
}
