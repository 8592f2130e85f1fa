// What a primitive operation is: a name and all its rules, side by side.
import type { ArrayType } from "./array.ts";
import type { NdArray } from "./ndarray.ts";
import type { Program } from "./program.ts";
import type { Value } from "./trace.ts";

/**
 * A large immutable structure (a trace, a sparsity pattern) that a primitive needs besides its operands.
 * Two structures are the same if and only if their kinds and hashes are equal.
 */
export interface Structure {
  readonly structureKind: string;
  /** Hexadecimal SHA-256 of the canonical bytes. */
  readonly contentHash: string;
  /** Canonical bytes: what travels to workers, devices and ranks. */
  toBytes(): Uint8Array;
}

export type Parameter = number | string | boolean | null | readonly Parameter[] | Program | Structure;

/** Static parameters of an equation: part of the program, never traced. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** Stands for an operand in which a primitive is linear, while it is transposed. */
export class LinearOperand {
  readonly type: ArrayType;
  constructor(type: ArrayType) {
    this.type = type;
  }
}

/** A tangent or cotangent; `null` is a zero that needs no array. */
export type Tangent = Value | null;

export interface Batched {
  readonly results: readonly Value[];
  /** The batch axis of each result, `null` where a result does not depend on the batch. */
  readonly axes: readonly (number | null)[];
}

/** What is left of an equation: the numbers of the operands and results that stay, and its new parameters. */
export interface Pruned<P extends Parameters = Parameters> {
  readonly parameters: P;
  readonly operands: readonly number[];
  readonly results: readonly number[];
}

/**
 * All rules of one operation. Rules other than `type` and `evaluate` are written with operations on values
 * (`bind`, np functions), so they compose with every transform.
 */
export interface Primitive<P extends Parameters = Parameters> {
  readonly name: string;
  /** One line: what it computes, with shapes and units. */
  readonly documentation: string;
  /** Result types; throws a PhxError in words when the operands do not fit. */
  type(operands: readonly ArrayType[], parameters: P): readonly ArrayType[];
  /**
   * Computes on concrete arrays: the reference semantics that every device must reproduce.
   * `types` are the result types, as `type` gave them.
   */
  evaluate(operands: readonly NdArray[], parameters: P, types: readonly ArrayType[]): readonly NdArray[];
  /** Forward mode: results and their tangents. At least one tangent is not null. */
  jvp(
    primals: readonly Value[],
    tangents: readonly Tangent[],
    parameters: P,
  ): { readonly primals: readonly Value[]; readonly tangents: readonly Tangent[] };
  /**
   * Forward mode while a linear program is recorded: the tangents are variables of that program. Only for
   * primitives that hold programs; it must do all nonlinear work on the primals alone, so that what is recorded
   * is linear in the tangents. Absent: `jvp` serves.
   */
  linearize?(
    primals: readonly Value[],
    tangents: readonly Tangent[],
    parameters: P,
  ): { readonly primals: readonly Value[]; readonly tangents: readonly Tangent[] };
  /**
   * The program that this equation means, where it means no more than running one (inputs: its operands):
   * devices may put the program in place of the equation.
   */
  inline?(parameters: P): Program;
  /**
   * True where a device runs the equation in its own way (calls, members that are spread over workers): programs for
   * other devices keep the equation instead of inlining it.
   */
  readonly hasOwnDevice?: boolean;
  /**
   * A smaller equation that computes the used results only, for primitives that hold programs; null where nothing
   * can be left out. Dead-code elimination asks for it.
   */
  prune?(used: readonly boolean[], parameters: P): Pruned<P> | null;
  /**
   * Which results depend on some of the operands, for primitives with several results of which some may not.
   * Absent: every result depends on every operand.
   */
  dependence?(operands: readonly boolean[], parameters: P): readonly boolean[];
  /**
   * Reverse mode of an operation that is linear in its `LinearOperand`s: cotangents of the results give
   * cotangents of the operands (`null` for operands that are not linear, or for a zero).
   * Absent: not linear in anything; asking for it is an internal error.
   */
  transpose?(
    cotangents: readonly Tangent[],
    operands: readonly (Value | LinearOperand)[],
    parameters: P,
  ): readonly Tangent[];
  /** `axes[i]` is the batch axis of operand i or null; `size` is the batch's length. */
  batch(
    operands: readonly Value[],
    axes: readonly (number | null)[],
    parameters: P,
    size: number,
    axisName: string | undefined,
  ): Batched;
}
