// Frames: where the buffers of a plan lie, so that buffers which are never alive together share words.
import type { ArrayType } from "@phxlang/autodiff";
import { sizeOf } from "@phxlang/autodiff";
import type { FrameSpace, PlanBuffer, Step } from "./plan.ts";
import { align } from "./plan.ts";
import type { Scalars } from "./scalars.ts";

/** Words of an array, rounded up to where the next may begin; at least one. */
export function wordsOf(scalars: Scalars, type: ArrayType): number {
  return align(Math.max(1, sizeOf(type.shape) * scalars(type.dtype).words));
}

/** Gives every stored buffer and every step's own space a place; returns the words of the frame. Outputs come first. */
export function layOutFrame(
  scalars: Scalars,
  steps: readonly Step[],
  outputs: readonly PlanBuffer[],
  computed: readonly PlanBuffer[],
): number {
  let size = 0;
  for (const buffer of outputs) {
    buffer.home = { kind: "frame", offset: size };
    size += wordsOf(scalars, buffer.type);
  }
  const stored = computed.filter((buffer) => buffer.stored && buffer.home === null);
  const byFirst: PlanBuffer[][] = steps.map(() => []);
  const byLast: PlanBuffer[][] = steps.map(() => []);
  for (const buffer of stored) {
    byFirst[buffer.step].push(buffer);
    byLast[Math.max(buffer.lastUse, buffer.step)].push(buffer);
  }
  const free = new Map<number, number[]>();
  const take = (words: number): number => {
    const known = free.get(words)?.pop();
    if (known !== undefined) return known;
    const offset = size;
    size += words;
    return offset;
  };
  const give = (offset: number, words: number): void => {
    const list = free.get(words);
    if (list === undefined) free.set(words, [offset]);
    else list.push(offset);
  };
  steps.forEach((step, index) => {
    for (const buffer of byFirst[index]) {
      buffer.home = { kind: "frame", offset: take(sizeClass(wordsOf(scalars, buffer.type))) };
    }
    const space = spaceOf(step);
    if (space !== null && space.words > 0) {
      space.offset = take(sizeClass(space.words));
      give(space.offset, sizeClass(space.words));
    }
    for (const buffer of byLast[index]) {
      if (buffer.home?.kind === "frame") give(buffer.home.offset, sizeClass(wordsOf(scalars, buffer.type)));
    }
  });
  return size;
}

function spaceOf(step: Step): FrameSpace | null {
  return step.kind === "loop" ? null : step.space;
}

/** Sizes in steps of an eighth of their power of two, so that nearly equal buffers can share. */
function sizeClass(words: number): number {
  if (words <= 64) return align(words);
  const step = 2 ** Math.max(2, 28 - Math.clz32(words));
  return Math.ceil(words / step) * step;
}
