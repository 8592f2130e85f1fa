// What the CPU device knows about a primitive: the explicit table of what it supports is made of these.
import type { ArrayType, Elements, Parameters, Program } from "@phxlang/autodiff";
import type { Expression, FunctionBuilder, Local } from "../wasm/index.ts";
import type { MathLibrary } from "../wasm/math/index.ts";
import type { Mode, Pack } from "./pack.ts";
import type { View } from "./view.ts";

/** What an elementwise emitter may use. */
export interface BodyContext {
  readonly f: FunctionBuilder;
  readonly mode: Mode;
  readonly math: MathLibrary;
}

/** One element of the result, or four, from those of the operands. */
export interface Elementwise {
  readonly kind: "elementwise";
  emit(body: BodyContext, operands: readonly Pack[], parameters: Parameters, type: ArrayType): Pack;
  /** Instructions, roughly: 1 for an addition, about 20 for exp. */
  readonly weight: number;
  /**
   * Several vector packs at once, without calls or branches: right for ordinary arguments, while those of others clear
   * their lanes of the guard, whereupon the loop computes the packs again with `emit`. `operands[o][p]` is operand o
   * of pack p.
   */
  speculate?(
    body: BodyContext,
    guard: Local<"v128">,
    operands: readonly (readonly Pack[])[],
  ): readonly Pack[];
  /** Set where `emit` uses no operand twice: others get operands in locals. */
  readonly usesOnce?: true;
}

/** An equation of several results, each an elementwise function of the operands. */
export interface ElementwiseOutputs {
  readonly kind: "outputs";
  readonly outputs: readonly Elementwise[];
}

/** The result is a view of the first operand, or null if it must be copied first. */
export interface ViewLowering {
  readonly kind: "view";
  view(operand: View, shape: readonly number[], parameters: Parameters, type: ArrayType): View | null;
}

export type Combination = "sum" | "product" | "max" | "min" | "any" | "all";

export interface Reduction {
  readonly kind: "reduction";
  readonly combination: Combination;
  axes(parameters: Parameters, operand: ArrayType): readonly number[];
}

/** Where a kernel finds an array: its address, and its strides in elements. */
export interface KernelOperand {
  readonly type: ArrayType;
  readonly address: Expression<"i32">;
  readonly strides: readonly number[];
}

export interface KernelContext {
  readonly f: FunctionBuilder;
  readonly math: MathLibrary;
  /** Address of the scratch bytes that `scratchBytes` asked for. */
  readonly scratch: Local<"i32">;
  /** The address of elements that were put into the memory for good. */
  readonly place: (elements: Elements) => number;
  /** A function of another module on the same memory. */
  readonly call: (
    kernel: (...args: number[]) => unknown,
    ...args: readonly (Expression<"i32"> | number)[]
  ) => void;
}

/** A loop written for one operation; operands that are not `strided` are dense when it runs. */
export interface Kernel {
  readonly kind: "kernel";
  strided?(operands: readonly ArrayType[], parameters: Parameters): readonly boolean[];
  scratchBytes?(operands: readonly ArrayType[], parameters: Parameters): number;
  emit(
    context: KernelContext,
    operands: readonly KernelOperand[],
    results: readonly KernelOperand[],
    parameters: Parameters,
  ): void;
}

/** The primitive's own `evaluate` on arrays: for library functions that are kernels themselves. */
export interface Library {
  readonly kind: "library";
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

/** Operands: the number of the branch (i32, clamped), then the inputs of every branch. */
export interface CondLowering {
  readonly kind: "cond";
  read(parameters: Parameters): { readonly branches: readonly Program[] };
}

export type Lowering =
  | Elementwise
  | ElementwiseOutputs
  | ViewLowering
  | Reduction
  | Kernel
  | Library
  | ScanLowering
  | WhileLowering
  | CondLowering;
