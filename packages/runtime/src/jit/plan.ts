// Plan: a program as a sequence of steps (fused loops, kernels, control flow) over buffers.
import type { ArrayType, NdArray, Parameters, Primitive } from "@phxlang/autodiff";
import type { Elementwise, Kernel, Reduction } from "./lowering.ts";
import type { View } from "./view.ts";

/** Where the elements of a buffer live while a plan runs. */
export type Home =
  /** Bytes from the start of the plan's frame. */
  | { readonly kind: "frame"; offset: number }
  /** The address is in the frame's pointer slot of that number: inputs first, then outputs. */
  | { readonly kind: "pointer"; readonly slot: number }
  /** Elements that never change, at a fixed place in the memory. */
  | { readonly kind: "constant"; readonly array: NdArray };

/**
 * An index space without its axes of length 1. One object stands for all equal spaces of a plan, so that spaces
 * are compared by identity.
 */
export interface IndexSpace {
  readonly shape: readonly number[];
}

/** Elements that a plan computes, is given, or holds as constants: row-major, dense. */
export interface PlanBuffer {
  readonly type: ArrayType;
  readonly space: IndexSpace;
  /** Step that computes it; −1 for inputs and constants. */
  readonly step: number;
  /** Whether other operations of the same loop can use the value while it is in registers. */
  readonly inLoop: boolean;
  /** Whether anything outside that loop reads it; otherwise it never reaches memory. */
  stored: boolean;
  home: Home | null;
  /** The step after which nobody reads it. */
  lastUse: number;
}

/** A variable of a plan: a view of a buffer. */
export interface PlanVariable {
  readonly type: ArrayType;
  readonly space: IndexSpace;
  readonly buffer: PlanBuffer;
  readonly view: View;
  /** Whether the variable is its buffer, up to the shape. */
  readonly whole: boolean;
}

/** An elementwise operation of a loop. */
export interface LoopOperation {
  readonly lowering: Elementwise;
  readonly operands: readonly PlanVariable[];
  readonly parameters: Parameters;
  readonly result: PlanVariable;
}

export interface LoopReduction {
  readonly lowering: Reduction;
  readonly operand: PlanVariable;
  readonly axes: readonly number[];
  readonly result: PlanVariable;
}

/** One pass over an index space: every operation at every index, in row-major order. */
export interface LoopStep {
  readonly kind: "loop";
  readonly space: IndexSpace;
  readonly operations: LoopOperation[];
  readonly reductions: LoopReduction[];
  /** Reductions that need a pass of their own afterwards, since their rows are not rows of this one. */
  readonly after: LoopReduction[];
  /** Instructions of the body, roughly. */
  weight: number;
}

export interface KernelStep {
  readonly kind: "kernel";
  readonly lowering: Kernel;
  readonly operands: readonly PlanVariable[];
  readonly results: readonly PlanVariable[];
  readonly parameters: Parameters;
  readonly scratch: FrameSpace;
}

/** A call of a primitive's own `evaluate`. */
export interface LibraryStep {
  readonly kind: "library";
  readonly primitive: Primitive;
  readonly operands: readonly PlanVariable[];
  readonly results: readonly PlanVariable[];
  readonly parameters: Parameters;
}

/** Bytes of the frame that one step needs. */
export interface FrameSpace {
  readonly bytes: number;
  offset: number;
}

export interface ScanStep {
  readonly kind: "scan";
  readonly body: Plan;
  readonly length: number;
  readonly reverse: boolean;
  readonly constants: readonly PlanVariable[];
  readonly initial: readonly PlanVariable[];
  readonly slices: readonly PlanVariable[];
  readonly finals: readonly PlanVariable[];
  readonly stacked: readonly PlanVariable[];
  /** The body's frame, then two buffers for every carried array. */
  readonly space: FrameSpace;
}

export interface WhileStep {
  readonly kind: "while";
  readonly condition: Plan;
  readonly body: Plan;
  readonly conditionConstants: readonly PlanVariable[];
  readonly bodyConstants: readonly PlanVariable[];
  readonly initial: readonly PlanVariable[];
  readonly finals: readonly PlanVariable[];
  readonly space: FrameSpace;
}

export interface CondStep {
  readonly kind: "cond";
  readonly branches: readonly Plan[];
  /** i32 or bool scalar. */
  readonly selector: PlanVariable;
  readonly operands: readonly PlanVariable[];
  readonly results: readonly PlanVariable[];
  readonly space: FrameSpace;
}

export type Step = LoopStep | KernelStep | LibraryStep | ScanStep | WhileStep | CondStep;

/**
 * A compiled program's skeleton. Its frame begins with one 4-byte pointer slot per input and per output, which
 * the caller fills; then come the buffers.
 */
export interface Plan {
  readonly inputs: readonly PlanVariable[];
  readonly outputs: readonly PlanVariable[];
  readonly constants: readonly PlanVariable[];
  readonly steps: readonly Step[];
  readonly frameBytes: number;
}

export const slotBytes = 4;

/** Frames and the buffers in them start at multiples of this. */
export const frameAlignment = 16;

export function align(bytes: number): number {
  return Math.ceil(bytes / frameAlignment) * frameAlignment;
}
