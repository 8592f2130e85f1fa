// Random programs for the laws of the CPU device, and the comparison of its results with the reference's.
import type { ArrayType, DType, Parameters, Primitive, Program } from "@phxlang/autodiff";
import { allocate, evaluateProgram, NdArray, primitives, ProgramBuilder, sizeOf } from "@phxlang/autodiff";
import { fc } from "@fast-check/vitest";
import { expect } from "vitest";

export function primitiveNamed(name: string): Primitive {
  const found = primitives.find((primitive) => primitive.name === name);
  if (found === undefined) throw new Error(`no primitive ${name}`);
  return found;
}

/** Grows a program: operands are variable numbers of the builder. */
export class Grower {
  readonly builder = new ProgramBuilder();
  readonly types: ArrayType[] = [];
  readonly inputs: NdArray[] = [];

  input(array: NdArray): number {
    this.inputs.push(array);
    return this.#add(this.builder.input({ dtype: array.dtype, shape: array.shape }), array.type);
  }

  constant(array: NdArray): number {
    return this.#add(this.builder.constant(array), array.type);
  }

  /** The result's variable; −1 where the primitive refuses the operands. */
  apply(name: string, operands: readonly number[], parameters: Parameters = {}): number {
    const primitive = primitiveNamed(name);
    let types: readonly ArrayType[];
    try {
      types = primitive.type(
        operands.map((operand) => this.types[operand]),
        parameters,
      );
    } catch {
      return -1;
    }
    const first = this.builder.equation(primitive, operands, parameters, types);
    types.forEach((type, i) => this.#add(first + i, type));
    return first;
  }

  finish(outputs: readonly number[]): Program {
    return this.builder.finish(outputs);
  }

  #add(variable: number, { dtype, shape }: ArrayType): number {
    this.types[variable] = { dtype, shape };
    return variable;
  }
}

/** Numbers of both signs; special values among them, in stretches with ordinary stretches between. */
export function filledArray(dtype: DType, shape: readonly number[], seed: number): NdArray {
  const elements = allocate(dtype, sizeOf(shape));
  let state = seed >>> 0;
  for (let i = 0; i < elements.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const uniform = state / 2 ** 32;
    if (dtype === "bool") elements[i] = uniform < 0.5 ? 0 : 1;
    else if (dtype === "i32") elements[i] = Math.floor(uniform * 21) - 10;
    else if (dtype === "u32") elements[i] = uniform < 0.1 ? state : state % 40;
    else if (uniform < 0.05 && i % 512 < 64) elements[i] = [0, -0, NaN, Infinity, -Infinity][state % 5];
    else elements[i] = (uniform - 0.4) * 8;
  }
  return new NdArray(elements, shape, dtype);
}

/** Bit for bit, with all NaN equal. */
export function expectSame(got: readonly NdArray[], wanted: readonly NdArray[]): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((array, i) => {
    expect(array.dtype).toBe(wanted[i].dtype);
    expect(array.shape).toEqual(wanted[i].shape);
    const own = array.elements;
    const other = wanted[i].elements;
    for (let e = 0; e < other.length; e++) {
      if (!Object.is(own[e], other[e])) {
        expect({ output: i, element: e, value: own[e] }).toEqual({ output: i, element: e, value: other[e] });
      }
    }
  });
}

export function reference(program: Program, inputs: readonly NdArray[]): readonly NdArray[] {
  return evaluateProgram(program, inputs);
}

export const shapeArbitrary: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constantFrom<readonly number[]>(
    [],
    [1],
    [3],
    [4],
    [9],
    [16],
    [37],
    [2, 3],
    [5, 8],
    [1, 7],
    [6, 1],
    [2, 3, 4],
    [300],
    [2, 150],
  ),
  fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
);

const binaryNames = new Set(
  "add sub mul div max min rem pow atan2 hypot logaddexp xlogy xlog1py gammainc gammaincc equal notEqual less lessEqual and or xor shiftLeft shiftRight".split(
    " ",
  ),
);

export function arityOf(name: string): number {
  return name === "where" || name === "betainc" ? 3 : binaryNames.has(name) ? 2 : 1;
}
