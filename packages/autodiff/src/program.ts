// Program, the intermediate representation: equations over numbered variables, as flat arrays.
import type { ArrayType } from "./array.ts";
import type { NdArray } from "./ndarray.ts";
import type { Parameters, Primitive } from "./primitive.ts";

/**
 * A closed, typed, straight-line program. Variables are numbered: the inputs first, then the constants, then
 * the results of the equations in order. Equation e applies `primitives[primitive[e]]` with
 * `parameters[parameter[e]]` to variables `operands[operandOffsets[e] .. operandOffsets[e + 1])` and defines
 * variables `firstResult[e] .. firstResult[e + 1])`. Operands of an equation have smaller numbers than its
 * results. Loops and branches are primitives whose parameters hold Programs. All passes over it are iterative.
 */
export interface Program {
  readonly inputCount: number;
  readonly constants: readonly NdArray[];
  /** Distinct types; `variableTypes` indexes them. */
  readonly types: readonly ArrayType[];
  readonly variableTypes: Int32Array;
  /** Distinct primitives and parameter records; the equation columns index them. */
  readonly primitives: readonly Primitive[];
  readonly parameters: readonly Parameters[];
  readonly equationCount: number;
  readonly primitive: Int32Array;
  readonly parameter: Int32Array;
  readonly operandOffsets: Int32Array;
  readonly operands: Int32Array;
  /** Length equationCount + 1; the last entry is the number of variables. */
  readonly firstResult: Int32Array;
  readonly outputs: Int32Array;
  /** The printed form (passes/print.ts). */
  toString(): string;
}
