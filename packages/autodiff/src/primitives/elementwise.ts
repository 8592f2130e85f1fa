// What all elementwise primitives share: types, broadcasting, evaluation, forward mode and batching.
//
// Operands may differ in shape as NumPy allows (aligned at the last axis, lengths 1 stretch); the result has the
// broadcast shape. Operands have one dtype. So programs need no broadcast equations around elementwise ones.
import type { ArrayType, DType, Elements } from "../array.ts";
import { allocate, sameShape, sizeOf, typeText } from "../array.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { LinearOperand, Primitive, Tangent } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { apply, batchedFirst, single } from "./apply.ts";
import { broadcastShapes, broadcastSteps, copyStrided } from "./layout.ts";
import { broadcastTo, insertAxes, moveAxis } from "./structural.ts";

/** Writes out[i] = f(a[i × sa], b[i × sb], …) for every i; a step is 1, or 0 for a repeated scalar. */
export type UnaryLoop = (out: Elements, a: Elements) => void;
export type BinaryLoop = (out: Elements, a: Elements, b: Elements, sa: number, sb: number) => void;

export const floats: readonly DType[] = ["f64", "f32"];
export const numbers: readonly DType[] = ["f64", "f32", "i32", "u32"];
export const integers: readonly DType[] = ["i32", "u32"];
export const bits: readonly DType[] = ["i32", "u32", "bool"];
export const allDtypes: readonly DType[] = ["f64", "f32", "i32", "u32", "bool"];

interface Common {
  readonly name: string;
  /** The formula, in terms of x (and y). */
  readonly documentation: string;
  /** dtypes that are accepted; operands agree in theirs. */
  readonly accepts: readonly DType[];
  /** "same" as the operands by default. */
  readonly result?: "bool";
}

export interface UnaryDefinition extends Common {
  readonly loop: UnaryLoop;
  /** Loop for i32 and u32 where it differs. */
  readonly integerLoop?: UnaryLoop;
  /** Tangent of the result y at x in direction t; null where the derivative is zero everywhere. */
  readonly tangent: ((t: Value, x: Value, y: Value) => Value) | null;
  /** For linear operations: the operand's cotangent. */
  readonly transpose?: (ct: Value) => Value;
}

export interface BinaryDefinition extends Common {
  readonly loop: BinaryLoop;
  readonly integerLoop?: BinaryLoop;
  /** Tangent of the result z at (x, y) in direction (tx, ty), not both null; it may lack broadcast axes. */
  readonly tangent: ((tangents: readonly [Tangent, Tangent], x: Value, y: Value, z: Value) => Tangent) | null;
  /** Cotangents of the linear operands, for operations that are linear in one or both. */
  readonly transpose?: (
    ct: Value,
    operands: readonly (Value | LinearOperand)[],
  ) => readonly [Tangent, Tangent];
}

export function unary(definition: UnaryDefinition): Primitive {
  const { tangent, transpose } = definition;
  const primitive: Primitive = {
    name: definition.name,
    documentation: definition.documentation,
    type: (operands) => [elementwiseType(definition, operands)],
    evaluate([x], _parameters, [type]) {
      const elements = allocate(type.dtype, x.elements.length);
      const loop =
        definition.integerLoop !== undefined && integers.includes(x.dtype)
          ? definition.integerLoop
          : definition.loop;
      loop(elements, x.elements);
      return [new NdArray(elements, type.shape, type.dtype, type.weak)];
    },
    jvp([x], [t], parameters) {
      const y = apply(primitive, [x], parameters);
      return single(y, t === null || tangent === null ? null : tangent(t, x, y));
    },
    ...(transpose === undefined
      ? {}
      : { transpose: ([ct]: readonly Tangent[]) => [ct === null ? null : transpose(ct)] }),
    batch: ([x], axes, parameters) => ({ results: [apply(primitive, [x], parameters)], axes }),
  };
  return primitive;
}

export function binary(definition: BinaryDefinition): Primitive {
  const { tangent, transpose } = definition;
  const primitive: Primitive = {
    name: definition.name,
    documentation: definition.documentation,
    type: (operands) => [elementwiseType(definition, operands)],
    evaluate([x, y], _parameters, [type]) {
      const elements = allocate(type.dtype, sizeOf(type.shape));
      const loop =
        definition.integerLoop !== undefined && integers.includes(x.dtype)
          ? definition.integerLoop
          : definition.loop;
      const a = expandOperand(x, type.shape);
      const b = expandOperand(y, type.shape);
      loop(elements, a, b, stepOf(a), stepOf(b));
      return [new NdArray(elements, type.shape, type.dtype, type.weak)];
    },
    jvp([x, y], [tx, ty], parameters) {
      const z = apply(primitive, [x, y], parameters);
      const t = tangent === null ? null : tangent([tx, ty], x, y, z);
      return single(z, t === null ? null : broadcastTo(t, z.shape));
    },
    ...(transpose === undefined
      ? {}
      : {
          transpose: ([ct]: readonly Tangent[], operands: readonly (Value | LinearOperand)[]) =>
            ct === null ? [null, null] : transpose(ct, operands),
        }),
    batch(operands, axes, parameters) {
      return batchedFirst(apply(primitive, alignBatch(operands, axes), parameters));
    },
  };
  return primitive;
}

/** The elements of x as seen by a loop over `shape`: one scalar, or as many elements as the shape holds. */
export function expandOperand(x: NdArray, shape: readonly number[]): Elements {
  if (x.elements.length === 1 || sameShape(x.shape, shape) || x.elements.length === sizeOf(shape)) {
    return x.elements;
  }
  return copyStrided(x.elements, x.dtype, shape, 0, broadcastSteps(x.shape, shape));
}

/** 0 for a scalar that is repeated. */
export function stepOf(elements: Elements): number {
  return elements.length === 1 ? 0 : 1;
}

/** Operands with the batch in front, and axes of length 1 where ranks differ, so that they broadcast. */
export function alignBatch(operands: readonly Value[], axes: readonly (number | null)[]): Value[] {
  let rank = 0;
  for (let i = 0; i < operands.length; i++) {
    rank = Math.max(rank, operands[i].shape.length - (axes[i] === null ? 0 : 1));
  }
  return operands.map((operand, i) => {
    const axis = axes[i];
    if (axis === null) return operand;
    const moved = moveAxis(operand, axis, 0);
    return insertAxes(moved, 1, rank + 1 - moved.shape.length);
  });
}

export function elementwiseType(definition: Common, operands: readonly ArrayType[]): ArrayType {
  const dtype = operands[0].dtype;
  let weak = true;
  for (const operand of operands) {
    if (operand.dtype !== dtype || !definition.accepts.includes(dtype)) {
      throw operandError(definition, operands);
    }
    weak &&= operand.weak === true;
  }
  const shape = commonShape(definition.name, operands);
  if (definition.result === "bool") return { dtype: "bool", shape };
  return weak ? { dtype, shape, weak } : { dtype, shape };
}

export function commonShape(name: string, operands: readonly ArrayType[]): readonly number[] {
  const { shape } = operands[0];
  if (operands.every((operand) => sameShape(operand.shape, shape))) return shape;
  const common = broadcastShapes(operands.map((operand) => operand.shape));
  if (common !== null) return common;
  throw new PhxError({
    code: "PHX928",
    what: `${name} of ${operands.map(typeText).join(" and ")}: the shapes do not fit together`,
    why: "aligned at the last axis, two lengths must agree unless one of them is 1",
    fix: "insert axes of length 1 with expandDims, or transpose an operand",
  });
}

function operandError(definition: Common, operands: readonly ArrayType[]): PhxError {
  const given = operands.map(typeText).join(" and ");
  const differ = operands.some((operand) => operand.dtype !== operands[0].dtype);
  return new PhxError({
    code: "PHX927",
    what: `${definition.name} of ${given}`,
    why: differ
      ? "its operands must have one dtype"
      : `it is defined for ${definition.accepts.join(", ")} and not for ${operands[0].dtype}`,
    fix: "convert an operand with astype",
  });
}
