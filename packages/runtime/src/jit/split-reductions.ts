// Which reductions can run inside the loop that makes their operand.
import { loopStreams, mergeAxes } from "./loop-nest.ts";
import type { LoopReduction, Step } from "./plan.ts";

/**
 * A reduction over the last axes folds whole rows in a fixed order: a loop can do it only if its innermost merged
 * axis is exactly such a row. Others move to a pass of their own over the stored operand.
 */
export function splitReductions(steps: readonly Step[]): void {
  steps.forEach((step, index) => {
    if (step.kind !== "loop" || step.reductions.length === 0) return;
    const { lengths } = mergeAxes(step.space.shape, loopStreams(step, index));
    const inner = lengths.at(-1) ?? 1;
    const kept = step.reductions.filter((reduction) => [0, inner].includes(rowLength(reduction)));
    if (kept.length === step.reductions.length) return;
    for (const reduction of step.reductions) {
      if (kept.includes(reduction)) continue;
      reduction.operand.buffer.stored = true;
      step.after.push(reduction);
    }
    step.reductions.splice(0, step.reductions.length, ...kept);
  });
}

/** Length of the rows that are folded one by one; 0 if the last axis is kept. */
export function rowLength({ operand, axes }: LoopReduction): number {
  let length = 1;
  let reduced = false;
  for (let axis = operand.type.shape.length - 1; axis >= 0; axis--) {
    if (operand.type.shape[axis] === 1) continue;
    if (!axes.includes(axis)) break;
    reduced = true;
    length *= operand.type.shape[axis];
  }
  return reduced ? length : 0;
}
