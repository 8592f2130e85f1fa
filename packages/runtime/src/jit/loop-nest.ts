// Loop nests: index spaces with neighbouring axes merged wherever every stream allows it.
import { sizeOf } from "@phxlang/autodiff";
import type { LoopReduction, LoopStep, PlanBuffer, PlanVariable } from "./plan.ts";
import { staysInRegisters } from "./registers.ts";
import { elementBytes } from "./pack.ts";
import { broadcastStrides, rowMajorStrides } from "./view.ts";

/** How one array is walked: bytes from one index to the next, along every axis of the nest. */
export interface Stream {
  readonly buffer: PlanBuffer;
  /** Bytes from the buffer's start to the element of index 0. */
  readonly start: number;
  readonly strides: readonly number[];
}

/** Lengths of merged axes, all above 1, and the streams along them. */
export interface LoopNest {
  readonly lengths: readonly number[];
  readonly streams: readonly Stream[];
}

/** The stream of an operand that broadcasts to `target`, along the axes of `target` that are longer than 1. */
export function operandStream(operand: PlanVariable, target: readonly number[]): Stream {
  const { view, buffer, type } = operand;
  const bytes = elementBytes[buffer.type.dtype];
  const strides = broadcastStrides(view, type.shape, target)
    .filter((_, axis) => target[axis] !== 1)
    .map((stride) => stride * bytes);
  return { buffer, start: view.offset * bytes, strides };
}

export function denseStream(buffer: PlanBuffer): Stream {
  const bytes = elementBytes[buffer.type.dtype];
  const shape = buffer.type.shape.filter((length) => length !== 1);
  return { buffer, start: 0, strides: rowMajorStrides(shape).map((stride) => stride * bytes) };
}

/** The stream of a reduction's result: stride 0 along the axes that are summed. */
export function reductionStream({ operand, axes, result }: LoopReduction): Stream {
  const { shape } = operand.type;
  const kept = shape.map((_, axis) => !axes.includes(axis));
  const dense = rowMajorStrides(shape.filter((_, axis) => kept[axis]));
  const bytes = elementBytes[result.buffer.type.dtype];
  let next = 0;
  const strides = shape.map((_, axis) => (kept[axis] ? dense[next++] * bytes : 0));
  return { buffer: result.buffer, start: 0, strides: strides.filter((_, axis) => shape[axis] !== 1) };
}

/** Merges neighbouring axes along which every stream runs on without a gap. */
export function mergeAxes(shape: readonly number[], streams: readonly Stream[]): LoopNest {
  const lengths: number[] = [];
  /** The last original axis of every merged one. */
  const lastAxes: number[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const runsOn =
      axis > 0 && streams.every(({ strides }) => strides[axis - 1] === strides[axis] * shape[axis]);
    if (runsOn) {
      lengths[lengths.length - 1] *= shape[axis];
      lastAxes[lastAxes.length - 1] = axis;
    } else {
      lengths.push(shape[axis]);
      lastAxes.push(axis);
    }
  }
  return {
    lengths,
    streams: streams.map((stream) => ({ ...stream, strides: lastAxes.map((axis) => stream.strides[axis]) })),
  };
}

/** Whether a loop has the operand in registers when it needs it. */
export function inRegisters(operand: PlanVariable, step: LoopStep, index: number): boolean {
  return operand.buffer.step === index && operand.buffer.inLoop && staysInRegisters(operand, step.space);
}

/** Whether an operand is one number that is known now. */
export function isLiteral({ buffer }: PlanVariable): boolean {
  return buffer.home?.kind === "constant" && sizeOf(buffer.type.shape) === 1;
}

/** All arrays that a loop reads and writes in memory. */
export function loopStreams(step: LoopStep, index: number): Stream[] {
  const streams: Stream[] = [];
  const read = (operand: PlanVariable, target: readonly number[]): void => {
    if (!inRegisters(operand, step, index) && !isLiteral(operand))
      streams.push(operandStream(operand, target));
  };
  for (const { operands, result } of step.operations) {
    for (const operand of operands) read(operand, result.type.shape);
    if (result.buffer.stored) streams.push(denseStream(result.buffer));
  }
  for (const reduction of step.reductions) {
    read(reduction.operand, reduction.operand.type.shape);
    streams.push(reductionStream(reduction));
  }
  return streams;
}
