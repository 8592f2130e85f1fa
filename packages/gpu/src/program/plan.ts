// Plan: a program as a sequence of steps (fused loops, kernels, control flow) over buffers in device memory.
import type { ArrayType, NdArray, Parameters } from "@phxlang/autodiff";
import type { Elementwise, Kernel } from "./lowering.ts";
import type { View } from "./view.ts";

/** Elements that a plan computes, is given, or holds as constants: row-major, dense. */
export interface PlanBuffer {
  readonly type: ArrayType;
  /** Step that computes it; −1 for inputs and constants. */
  readonly step: number;
  /** Whether other operations of the same loop can use the value while it is a local. */
  readonly inLoop: boolean;
  /** Elements that never change; null for what is computed or given. */
  readonly constant: NdArray | null;
  /** Whether anything outside its loop reads it; otherwise it never reaches memory. */
  stored: boolean;
  /** The step after which nobody reads it. */
  lastUse: number;
  /** Where it lies; null while that is not known, and for what stays in a loop. */
  home: Home | null;
}

export type Home =
  /** Words from the start of the plan's frame. */
  | { readonly kind: "frame"; readonly offset: number }
  /** The enclosing step says where: a u32 expression, in an array of words. */
  | { readonly kind: "given"; readonly words: string; readonly place: string };

/** A variable of a plan: a view of a buffer. */
export interface PlanVariable {
  readonly type: ArrayType;
  readonly buffer: PlanBuffer;
  readonly view: View;
  /** Whether the variable is its buffer, up to the shape. */
  readonly whole: boolean;
}

export interface LoopOperation {
  /** The name of the primitive. */
  readonly name: string;
  readonly lowering: Elementwise;
  readonly operands: readonly PlanVariable[];
  readonly parameters: Parameters;
  readonly results: readonly PlanVariable[];
}

/** One pass over an index space: every operation at every index. */
export interface LoopStep {
  readonly kind: "loop";
  /** Without axes of length 1. */
  readonly shape: readonly number[];
  readonly operations: LoopOperation[];
  weight: number;
}

/** Words of the frame that one step needs for its own time. */
export interface FrameSpace {
  readonly words: number;
  offset: number;
}

export interface KernelStep {
  readonly kind: "kernel";
  readonly lowering: Kernel;
  readonly operands: readonly PlanVariable[];
  readonly results: readonly PlanVariable[];
  readonly parameters: Parameters;
  readonly scratch: readonly ArrayType[];
  readonly space: FrameSpace;
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
  /** A word for the iteration, then the body's frame. */
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
  /** The frames of the condition and of the body. */
  readonly space: FrameSpace;
}

export interface CondStep {
  readonly kind: "cond";
  readonly branches: readonly Plan[];
  readonly selector: PlanVariable;
  readonly operands: readonly PlanVariable[];
  readonly results: readonly PlanVariable[];
  readonly space: FrameSpace;
}

export type Step = LoopStep | KernelStep | ScanStep | WhileStep | CondStep;

/** A planned program. Its inputs have a place when the plan is emitted; its outputs are whole, and lie in its frame. */
export interface Plan {
  readonly inputs: readonly PlanVariable[];
  readonly outputs: readonly PlanVariable[];
  readonly steps: readonly Step[];
  readonly frameWords: number;
}

/** Buffers begin at multiples of this many words. */
export const frameAlignment = 4;

export function align(words: number): number {
  return Math.ceil(words / frameAlignment) * frameAlignment;
}
