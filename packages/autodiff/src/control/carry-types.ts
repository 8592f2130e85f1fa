// Tracing of loop bodies: the carry must come back with the type it went in with.
import type { ArrayType } from "../array.ts";
import { isFloat, sameShape, typeText } from "../array.ts";
import { convertTo } from "../engine-operations.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import { simplify } from "../passes/simplify.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import { outputTypes } from "../program-types.ts";
import type { Tracer, Value } from "../trace.ts";

export interface CarryLoop {
  /** Inputs: carry, slices, captured values. */
  readonly program: Program;
  /** The initial carry, weak values in the dtype that the body gives them. */
  readonly carry: readonly Value[];
  readonly captured: readonly Tracer[];
}

/**
 * Traces a body `(carry, slices) → (carry, …)`. A weak initial carry takes the dtype that the body returns for it
 * (and is then no longer weak): the body is traced again with it. Anything else that differs is PHX939.
 */
export function traceCarryLoop(
  body: (inputs: readonly Value[]) => readonly Value[],
  initial: readonly Value[],
  sliceTypes: readonly ArrayType[],
  name: string,
): CarryLoop {
  let carry = initial;
  for (let attempt = 0; ; attempt++) {
    const carryTypes = carry.map((value) => value.type);
    const { program, captured } = traceProgram(body, [...carryTypes, ...sliceTypes], name);
    const returned = outputTypes(program);
    const adapted = carry.map((value, i) => adapt(value, returned[i]));
    const settled = adapted.every((value, i) => value === carry[i]);
    if (settled || attempt === 2) {
      carry.forEach((value, i) => checkCarry(value.type, returned[i], i, name));
      return { program: simplify(program), carry, captured };
    }
    carry = adapted;
  }
}

/** The initial value in the type that the body returns, if it is weak and that type can hold it. */
function adapt(value: Value, returned: ArrayType): Value {
  if (!value.weak || (value.dtype === returned.dtype && returned.weak === true)) return value;
  const whole = value instanceof NdArray && value.elements.every((element) => Number.isInteger(element));
  return isFloat(returned.dtype) || whole ? convertTo(value, returned.dtype) : value;
}

function checkCarry(initial: ArrayType, returned: ArrayType, position: number, name: string): void {
  if (initial.dtype === returned.dtype && sameShape(initial.shape, returned.shape)) return;
  throw new PhxError({
    code: "PHX939",
    what: `${name}: carry ${position} starts as ${typeText(initial)} and the body returns ${typeText(returned)}`,
    why: "the carry goes round the loop and so keeps its shape and dtype",
    fix: "start with the shape and dtype that the body returns, or convert in the body",
  });
}
