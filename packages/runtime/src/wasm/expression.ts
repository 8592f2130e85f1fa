// Typed expressions of WebAssembly: trees whose instructions follow their operands.
import type { ByteWriter } from "./byte-writer.ts";
import { encodeSmall } from "./byte-writer.ts";

/** "v128" is two doubles, four floats, or lanes of integers: the instruction decides. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

export const valueTypeCode: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/**
 * A value that is computed where it is used: its operands in order, then `code` (one instruction with its
 * immediates). Using an expression twice computes it twice; keep it in a local (`f.let`) to compute it once.
 */
export interface Expression<T extends ValueType = ValueType> {
  readonly type: T;
  readonly operands: readonly Expression[];
  readonly code: ArrayLike<number>;
  /** Set on calls of defined functions: the five bytes at the end of `code` hold a number that the module shifts. */
  readonly callsDefinition?: true;
  /** Set on vector constants that take several machine instructions: loops fetch them once (`f.loop`). */
  readonly hoistable?: true;
}

/** An expression, or a plain number (a bigint for "i64") that stands for a constant. */
export type Operand<T extends ValueType> =
  | Expression<T>
  | (T extends "i64" ? bigint : T extends "v128" ? never : number);

export const noOperands: readonly Expression[] = [];

export function expression<T extends ValueType>(
  type: T,
  code: ArrayLike<number>,
  operands: readonly Expression[] = noOperands,
): Expression<T> {
  return { type, operands, code };
}

/** The bytes of an instruction with integer immediates in unsigned LEB128. */
export function instruction(opcode: readonly number[], ...immediates: readonly number[]): Uint8Array {
  return encodeSmall((writer) => {
    writer.bytes(opcode);
    for (const immediate of immediates) writer.unsigned(immediate);
  });
}

/** An instruction of the vector family: prefix 0xfd, its number, then immediates. */
export function vectorInstruction(opcode: number, ...immediates: readonly number[]): Uint8Array {
  return instruction([0xfd], opcode, ...immediates);
}

const scratch = new DataView(new ArrayBuffer(8));

function constantCode(type: ValueType, value: number | bigint): ArrayLike<number> {
  return encodeSmall((writer) => {
    if (type === "i32") {
      writer.byte(0x41);
      writer.signed32(Number(value));
    } else if (type === "i64") {
      writer.byte(0x42);
      writer.signed64(BigInt(value));
    } else if (type === "f32") {
      writer.byte(0x43);
      scratch.setFloat32(0, Number(value), true);
      for (let i = 0; i < 4; i++) writer.byte(scratch.getUint8(i));
    } else {
      writer.byte(0x44);
      scratch.setFloat64(0, Number(value), true);
      for (let i = 0; i < 8; i++) writer.byte(scratch.getUint8(i));
    }
  });
}

/** The expression that an operand stands for. */
export function toExpression<T extends ValueType>(type: T, operand: Operand<T>): Expression<T> {
  if (typeof operand === "number" || typeof operand === "bigint") {
    return expression(type, constantCode(type, operand));
  }
  return operand;
}

/** The stack of `writeExpression`, empty between its calls: nodes, and how many of their operands are written. */
const pending: Expression[] = [];
const visited: number[] = [];

/**
 * Writes an expression: operands before their instruction, without recursion. Where a defined function is called,
 * the position of its number goes to `definitionCalls`. `replace` gives the code for a hoistable constant.
 */
export function writeExpression(
  writer: ByteWriter,
  root: Expression,
  definitionCalls: number[],
  replace: ((constant: Expression) => ArrayLike<number>) | null,
): void {
  pending.push(root);
  visited.push(0);
  while (pending.length > 0) {
    const top = pending.length - 1;
    const node = pending[top];
    const next = visited[top];
    if (next < node.operands.length) {
      visited[top] = next + 1;
      pending.push(node.operands[next]);
      visited.push(0);
    } else {
      writer.bytes(replace !== null && node.hoistable === true ? replace(node) : node.code);
      if (node.callsDefinition === true) definitionCalls.push(writer.length - 5);
      pending.pop();
      visited.pop();
    }
  }
}
