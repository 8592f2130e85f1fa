// Frames: where the buffers of a plan lie, so that buffers which are never alive together share bytes.
import { sizeOf } from "@phxlang/autodiff";
import { elementBytes } from "./pack.ts";
import type { FrameSpace, PlanBuffer, Step } from "./plan.ts";
import { align, slotBytes } from "./plan.ts";

/** Gives every stored buffer and every step's own space an offset; returns the size of the frame. */
export function layOutFrame(
  slotCount: number,
  steps: readonly Step[],
  stored: readonly PlanBuffer[],
): number {
  const byFirst: PlanBuffer[][] = steps.map(() => []);
  const byLast: PlanBuffer[][] = steps.map(() => []);
  for (const buffer of stored) {
    byFirst[buffer.step].push(buffer);
    byLast[Math.max(buffer.lastUse, buffer.step)].push(buffer);
  }
  const space = new FrameAllocator(align(slotCount * slotBytes));
  steps.forEach((step, index) => {
    for (const buffer of byFirst[index]) {
      buffer.home = { kind: "frame", offset: space.take(bytesOf(buffer)) };
    }
    const own = spaceOf(step);
    if (own !== null) {
      own.offset = space.take(own.bytes);
      space.give(own.offset, own.bytes);
    }
    for (const buffer of byLast[index]) {
      if (buffer.home?.kind === "frame") space.give(buffer.home.offset, bytesOf(buffer));
    }
  });
  return space.size;
}

export function bytesOf(buffer: PlanBuffer): number {
  return sizeOf(buffer.type.shape) * elementBytes[buffer.type.dtype];
}

function spaceOf(step: Step): FrameSpace | null {
  if (step.kind === "kernel") return step.scratch;
  return step.kind === "loop" || step.kind === "library" ? null : step.space;
}

/** Hands out stretches; a stretch that is given back is handed out again for the same size. */
class FrameAllocator {
  size: number;
  readonly #free = new Map<number, number[]>();

  constructor(start: number) {
    this.size = start;
  }

  take(bytes: number): number {
    const length = sizeClass(bytes);
    const known = this.#free.get(length)?.pop();
    if (known !== undefined) return known;
    const offset = this.size;
    this.size += length;
    return offset;
  }

  give(offset: number, bytes: number): void {
    const length = sizeClass(bytes);
    const list = this.#free.get(length);
    if (list === undefined) this.#free.set(length, [offset]);
    else list.push(offset);
  }
}

/** Sizes in steps of an eighth of their power of two, so that nearly equal buffers can share. */
function sizeClass(bytes: number): number {
  const aligned = align(Math.max(bytes, 1));
  if (aligned <= 256) return aligned;
  const step = 2 ** Math.max(4, 28 - Math.clz32(aligned));
  return Math.ceil(aligned / step) * step;
}
