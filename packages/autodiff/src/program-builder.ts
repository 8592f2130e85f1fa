// ProgramBuilder: equations are appended one by one and frozen into a Program.
import type { ArrayType } from "./array.ts";
import { typeText } from "./array.ts";
import { GrowingInts } from "./growing-ints.ts";
import type { NdArray } from "./ndarray.ts";
import { parametersKey } from "./parameters-key.ts";
import type { Parameters, Primitive } from "./primitive.ts";
import { freezeProgram } from "./passes/freeze.ts";
import type { Program } from "./program.ts";

/**
 * While building, variables are numbered in the order of their making, inputs, constants and results mixed;
 * `finish` renumbers them to the order that Program promises. Equal types, parameter records and scalar
 * constants are stored once.
 */
export class ProgramBuilder {
  readonly #types = new Interner<string, ArrayType>();
  readonly #primitives = new Interner<Primitive, Primitive>();
  readonly #parameters = new Interner<string, Parameters>();
  readonly #parameterIndex = new Map<Parameters, number>();
  readonly #constantIndex = new Map<NdArray, number>();
  readonly #scalarIndex = new Map<string, number>();
  readonly #inputs: number[] = [];
  readonly #constants: NdArray[] = [];
  readonly #constantVariables: number[] = [];
  readonly #variableTypes = new GrowingInts();
  readonly #primitive = new GrowingInts();
  readonly #parameter = new GrowingInts();
  readonly #operandOffsets = new GrowingInts();
  readonly #operands = new GrowingInts();
  /** First result variable of each equation, in building numbers. */
  readonly #firstResult = new GrowingInts();
  readonly #resultCount = new GrowingInts();

  get equationCount(): number {
    return this.#primitive.length;
  }

  input(type: ArrayType): number {
    const variable = this.#variable(type);
    this.#inputs.push(variable);
    return variable;
  }

  /** The variable of a constant; the same array, or an equal scalar, gives the same variable. */
  constant(array: NdArray): number {
    const known = this.#constantIndex.get(array);
    if (known !== undefined) return known;
    const scalarKey = array.size === 1 && array.buffer === null ? scalarConstantKey(array) : null;
    const equal = scalarKey === null ? undefined : this.#scalarIndex.get(scalarKey);
    if (equal !== undefined) return equal;
    const variable = this.#variable(array.type);
    this.#constants.push(array);
    this.#constantVariables.push(variable);
    this.#constantIndex.set(array, variable);
    if (scalarKey !== null) this.#scalarIndex.set(scalarKey, variable);
    return variable;
  }

  /** Appends an equation; its results are the returned variable and those that follow it. */
  equation(
    primitive: Primitive,
    operands: readonly number[],
    parameters: Parameters,
    resultTypes: readonly ArrayType[],
  ): number {
    this.#primitive.push(this.#primitives.intern(primitive, primitive));
    this.#parameter.push(this.#internParameters(parameters));
    this.#operandOffsets.push(this.#operands.length);
    for (const operand of operands) this.#operands.push(operand);
    const first = this.#variableTypes.length;
    for (const type of resultTypes) this.#variable(type);
    this.#firstResult.push(first);
    this.#resultCount.push(resultTypes.length);
    return first;
  }

  finish(outputs: readonly number[]): Program {
    const equationCount = this.equationCount;
    const renumbered = new Int32Array(this.#variableTypes.length);
    let next = 0;
    for (const variable of this.#inputs) renumbered[variable] = next++;
    for (const variable of this.#constantVariables) renumbered[variable] = next++;
    const firstResult = new Int32Array(equationCount + 1);
    for (let e = 0; e < equationCount; e++) {
      firstResult[e] = next;
      const first = this.#firstResult.at(e);
      const count = this.#resultCount.at(e);
      for (let r = 0; r < count; r++) renumbered[first + r] = next++;
    }
    firstResult[equationCount] = next;
    const variableTypes = new Int32Array(next);
    for (let v = 0; v < next; v++) variableTypes[renumbered[v]] = this.#variableTypes.at(v);
    const operandOffsets = new Int32Array(equationCount + 1);
    operandOffsets.set(this.#operandOffsets.toArray());
    operandOffsets[equationCount] = this.#operands.length;
    return freezeProgram({
      inputCount: this.#inputs.length,
      constants: this.#constants,
      types: this.#types.values,
      variableTypes,
      primitives: this.#primitives.values,
      parameters: this.#parameters.values,
      equationCount,
      primitive: this.#primitive.toArray(),
      parameter: this.#parameter.toArray(),
      operandOffsets,
      operands: this.#operands.toArray().map((variable) => renumbered[variable]),
      firstResult,
      outputs: Int32Array.from(outputs, (variable) => renumbered[variable]),
    });
  }

  #variable(type: ArrayType): number {
    const variable = this.#variableTypes.length;
    this.#variableTypes.push(this.#types.intern(typeText(type), plainType(type)));
    return variable;
  }

  #internParameters(parameters: Parameters): number {
    const known = this.#parameterIndex.get(parameters);
    if (known !== undefined) return known;
    const index = this.#parameters.intern(parametersKey(parameters), parameters);
    this.#parameterIndex.set(parameters, index);
    return index;
  }
}

/** Stores equal things once; `values[index]` is the first of its kind. */
class Interner<K, V> {
  readonly values: V[] = [];
  readonly #index = new Map<K, number>();

  intern(key: K, value: V): number {
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const index = this.values.length;
    this.values.push(value);
    this.#index.set(key, index);
    return index;
  }
}

/** The three fields of a type and nothing else: an NdArray must not be kept alive for its type. */
function plainType(type: ArrayType): ArrayType {
  return type.weak === true
    ? { dtype: type.dtype, shape: type.shape, weak: true }
    : { dtype: type.dtype, shape: type.shape };
}

function scalarConstantKey(array: NdArray): string {
  const value = array.elements[0];
  return `${typeText(array)}${Object.is(value, -0) ? "-0" : String(value)}`;
}
