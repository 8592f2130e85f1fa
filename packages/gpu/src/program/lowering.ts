// What the WebGPU device knows about a primitive: the table of what it supports is made of these.
import type { ArrayType, DType, Elements, Parameters, Program } from "@phxlang/autodiff";
import type { Code } from "./code.ts";
import type { Scalars } from "./scalars.ts";
import type { View } from "./view.ts";

/** One element of each result, from those of the operands; undefined where the device's numbers lack the operation. */
export interface Elementwise {
  readonly kind: "elementwise";
  /** Operands are names or literals: they may be repeated. */
  emit(element: ElementContext, operands: readonly string[]): readonly string[] | undefined;
  /** Whether the device has it for such operands; absent: if `emit` gives something without parameters. */
  supports?(scalars: Scalars, operands: readonly ArrayType[]): boolean;
  /** Operations, roughly: 1 for an addition, about 20 for exp. */
  readonly weight: number;
}

export interface ElementContext {
  readonly code: Code;
  readonly scalars: Scalars;
  readonly operands: readonly ArrayType[];
  readonly results: readonly ArrayType[];
  readonly parameters: Parameters;
}

/** The result is a view of the first operand, or null if it must be copied first. */
export interface ViewLowering {
  readonly kind: "view";
  view(operand: View, shape: readonly number[], parameters: Parameters, type: ArrayType): View | null;
}

/** An array in the memory of the device, as WGSL sees it. Indices are u32 expressions. */
export interface MemoryArray {
  readonly type: ArrayType;
  /** The element of a row-major number. */
  load(index: string): string;
  /** The element at one index for each axis. */
  at(indices: readonly string[]): string;
  /** Writes an element by its row-major number: a statement. */
  store(index: string, value: string): string;
}

/**
 * Work of a kernel, in the order of the calls. What one call writes, later ones may read; within a call, elements are
 * computed in any order, side by side.
 */
export interface KernelContext {
  readonly scalars: Scalars;
  /** What `scratch` of the kernel asked for. */
  readonly scratch: readonly MemoryArray[];
  /** Runs the body for every index 0 … count − 1. No barriers inside. */
  readonly each: (count: number, body: (code: Code, index: string) => void) => void;
  /** Runs what `body` adds `length` times, one after the other; the iteration is a u32 expression. */
  readonly repeat: (length: number, body: (iteration: string) => void) => void;
  /** Elements that never change; their dtype is that of the typed array unless another is given. */
  readonly constant: (elements: Elements, dtype?: DType) => MemoryArray;
  /** The statement with which the call fails, once its data is awaited. */
  readonly fail: (failure: Failure) => string;
  /** A WGSL function that bodies may call; once for each name. */
  readonly declare: (name: string, text: string) => void;
}

export interface Kernel {
  readonly kind: "kernel";
  /** Whether the device has it for such operands; absent: always. */
  supports?(scalars: Scalars, operands: readonly ArrayType[]): boolean;
  /** Arrays for the time of the kernel only. */
  scratch?(
    operands: readonly ArrayType[],
    parameters: Parameters,
    results: readonly ArrayType[],
  ): readonly ArrayType[];
  emit(
    context: KernelContext,
    operands: readonly MemoryArray[],
    results: readonly MemoryArray[],
    parameters: Parameters,
  ): void;
}

/** Operands and body inputs: carried arrays, sliced ones, constants. */
export interface ScanLowering {
  readonly kind: "scan";
  read(parameters: Parameters): {
    readonly body: Program;
    readonly length: number;
    readonly reverse: boolean;
    readonly carryCount: number;
    readonly sliceCount: number;
  };
}

/** Operands: carried arrays, constants of the condition, constants of the body. */
export interface WhileLowering {
  readonly kind: "while";
  read(parameters: Parameters): {
    readonly condition: Program;
    readonly body: Program;
    readonly conditionConstants: number;
  };
}

/** Operands: the number of the branch (i32 or bool, clamped), then the inputs of every branch. */
export interface CondLowering {
  readonly kind: "cond";
  read(parameters: Parameters): { readonly branches: readonly Program[] };
}

/** A program of other primitives that stands for the equation; null where its parameters ask for what is not there. */
export interface ProgramLowering {
  readonly kind: "program";
  program(parameters: Parameters, operands: readonly ArrayType[]): Program | null;
}

/** An error that a kernel finds. */
export interface Failure {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

export type Lowering =
  | ProgramLowering
  | Elementwise
  | ViewLowering
  | Kernel
  | ScanLowering
  | WhileLowering
  | CondLowering;
