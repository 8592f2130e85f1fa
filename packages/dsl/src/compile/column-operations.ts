// Operations of bytecode on columns of registers: one loop over lanes for each instruction.
import { special } from "@phxlang/autodiff";
import { choose, factorial } from "../terms/operations.ts";
import { opcodes } from "./bytecode.ts";

/**
 * Entry i of an operand is values[at + (i & mask)]: the mask is −1 for a column, and 0 for a number that all lanes
 * share. Results go to values[d + i] for the lanes i = lanes[k], k < count.
 */
export type ColumnOperation = (
  values: Float64Array,
  d: number,
  a: number,
  maskA: number,
  b: number,
  maskB: number,
  lanes: Int32Array,
  count: number,
) => void;

function unary(operation: (x: number) => number): ColumnOperation {
  return (values, d, a, maskA, _b, _maskB, lanes, count) => {
    for (let k = 0; k < count; k++) {
      const i = lanes[k];
      values[d + i] = operation(values[a + (i & maskA)]);
    }
  };
}

function binary(operation: (x: number, y: number) => number): ColumnOperation {
  return (values, d, a, maskA, b, maskB, lanes, count) => {
    for (let k = 0; k < count; k++) {
      const i = lanes[k];
      values[d + i] = operation(values[a + (i & maskA)], values[b + (i & maskB)]);
    }
  };
}

// The common ones are written out: in the loops above an engine calls what is given.

const add: ColumnOperation = (values, d, a, maskA, b, maskB, lanes, count) => {
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    values[d + i] = values[a + (i & maskA)] + values[b + (i & maskB)];
  }
};

const sub: ColumnOperation = (values, d, a, maskA, b, maskB, lanes, count) => {
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    values[d + i] = values[a + (i & maskA)] - values[b + (i & maskB)];
  }
};

const mul: ColumnOperation = (values, d, a, maskA, b, maskB, lanes, count) => {
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    values[d + i] = values[a + (i & maskA)] * values[b + (i & maskB)];
  }
};

const equal: ColumnOperation = (values, d, a, maskA, b, maskB, lanes, count) => {
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    values[d + i] = values[a + (i & maskA)] === values[b + (i & maskB)] ? 1 : 0;
  }
};

const move: ColumnOperation = (values, d, a, maskA, _b, _maskB, lanes, count) => {
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    values[d + i] = values[a + (i & maskA)];
  }
};

/** By opcode. */
export const columnOperations: readonly (ColumnOperation | undefined)[] = byOpcode({
  move,
  add,
  sub,
  mul,
  div: binary((x, y) => x / y),
  neg: unary((x) => -x),
  pow: binary(special.pow),
  exp: unary(special.exp),
  log: unary(special.log),
  sqrt: unary(Math.sqrt),
  abs: unary(Math.abs),
  min: binary(Math.min),
  max: binary(Math.max),
  floor: unary(Math.floor),
  ceil: unary(Math.ceil),
  quotient: binary((x, y) => Math.floor(x / y)),
  remainder: binary((x, y) => x - y * Math.floor(x / y)),
  choose: binary(choose),
  factorial: unary(factorial),
  less: binary((x, y) => (x < y ? 1 : 0)),
  lessEqual: binary((x, y) => (x <= y ? 1 : 0)),
  equal,
  not: unary((x) => 1 - x),
});

/**
 * Keeps the lanes for which a jump is not taken, in their order, at the front of `lanes`; appends the others to `left`
 * from `leftCount` on. Returns how many stay.
 */
export type ColumnJump = (
  values: Float64Array,
  a: number,
  maskA: number,
  b: number,
  maskB: number,
  lanes: Int32Array,
  count: number,
  left: Int32Array,
  leftCount: number,
) => number;

const jumpUnlessLess: ColumnJump = (values, a, maskA, b, maskB, lanes, count, left, leftCount) => {
  let staying = 0;
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    if (values[a + (i & maskA)] < values[b + (i & maskB)]) lanes[staying++] = i;
    else left[leftCount++] = i;
  }
  return staying;
};

const jumpUnlessLessEqual: ColumnJump = (values, a, maskA, b, maskB, lanes, count, left, leftCount) => {
  let staying = 0;
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    if (values[a + (i & maskA)] <= values[b + (i & maskB)]) lanes[staying++] = i;
    else left[leftCount++] = i;
  }
  return staying;
};

const jumpUnlessEqual: ColumnJump = (values, a, maskA, b, maskB, lanes, count, left, leftCount) => {
  let staying = 0;
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    if (values[a + (i & maskA)] === values[b + (i & maskB)]) lanes[staying++] = i;
    else left[leftCount++] = i;
  }
  return staying;
};

const jumpIfEqual: ColumnJump = (values, a, maskA, b, maskB, lanes, count, left, leftCount) => {
  let staying = 0;
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    if (values[a + (i & maskA)] !== values[b + (i & maskB)]) lanes[staying++] = i;
    else left[leftCount++] = i;
  }
  return staying;
};

const jumpIfZero: ColumnJump = (values, a, maskA, _b, _maskB, lanes, count, left, leftCount) => {
  let staying = 0;
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    if (values[a + (i & maskA)] !== 0) lanes[staying++] = i;
    else left[leftCount++] = i;
  }
  return staying;
};

const jumpUnlessZero: ColumnJump = (values, a, maskA, _b, _maskB, lanes, count, left, leftCount) => {
  let staying = 0;
  for (let k = 0; k < count; k++) {
    const i = lanes[k];
    if (values[a + (i & maskA)] === 0) lanes[staying++] = i;
    else left[leftCount++] = i;
  }
  return staying;
};

/** By opcode. */
export const columnJumps: readonly (ColumnJump | undefined)[] = byOpcode({
  jumpIfZero,
  jumpUnlessZero,
  jumpUnlessLess,
  jumpUnlessLessEqual,
  jumpUnlessEqual,
  jumpIfEqual,
});

function byOpcode<T>(table: { readonly [name in keyof typeof opcodes]?: T }): readonly (T | undefined)[] {
  const names = Object.keys(opcodes) as (keyof typeof opcodes)[];
  // Opcodes are numbered in the order in which they are declared.
  return names.map((name) => table[name]);
}
