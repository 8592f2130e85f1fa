// debugNans: runs a function and checks what every operation computes.
import type { ArrayType } from "../array.ts";
import { isFloat, typeText } from "../array.ts";
import { bind, leakedTracerError } from "../bind.ts";
import { userCallSite } from "../call-site.ts";
import { PhxError } from "../errors.ts";
import { callProgram } from "../evaluate-program.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { Tracer } from "../trace.ts";
import type { RunningTrace } from "../with-trace.ts";
import { withTrace } from "../with-trace.ts";
import { BatchTracer } from "./batch-trace.ts";
import type { TreeFunction } from "./flat-function.ts";
import { FlatFunction, flattenValues } from "./flat-function.ts";
import { JvpTracer } from "./jvp-trace.ts";
import type { AcceptsAll, Returns } from "./types.ts";

/** A value whose every use is checked. */
class DebugTracer extends Tracer {
  override readonly trace: DebugTrace;
  readonly value: Value;

  constructor(trace: DebugTrace, value: Value) {
    super();
    this.trace = trace;
    this.value = value;
  }

  override get type(): ArrayType {
    return this.value.type;
  }
}

class DebugTrace implements RunningTrace {
  readonly level: number;
  readonly transform = "debugNans";
  active: boolean = true;

  constructor(level: number) {
    this.level = level;
  }

  end(): void {
    this.active = false;
  }

  lift(value: Value): DebugTracer {
    if (value instanceof Tracer && !value.trace.active) throw leakedTracerError(value);
    return new DebugTracer(this, value);
  }

  process(primitive: Primitive, operands: readonly Tracer[], parameters: Parameters): readonly Value[] {
    // What only runs a program is run operation by operation, so that the guilty one is found.
    if (primitive.inline !== undefined) return callProgram(primitive.inline(parameters), operands);
    const values = (operands as readonly DebugTracer[]).map((operand) => operand.value);
    return bind(primitive, values, parameters).map((result) => {
      checkNan(result, primitive.name);
      return new DebugTracer(this, result);
    });
  }

  unwrap(value: Value): Value {
    return value instanceof DebugTracer && value.trace === this ? value.value : value;
  }
}

/**
 * `debugNans(f)` computes what f computes and throws PHX944 at the first operation whose result holds a NaN,
 * naming it and the line. Operations inside jit and checkpoint are checked one by one; a loop is checked as a
 * whole. Put it outermost: under grad or vmap it sees primal values and batches only.
 */
export function debugNans<A extends readonly Value[], R>(
  f: (...args: A) => R,
): (...args: AcceptsAll<A>) => Returns<R>;
export function debugNans<A extends readonly unknown[], R>(
  f: (...args: A) => R,
): (...args: AcceptsAll<A>) => Returns<R>;
export function debugNans(f: TreeFunction): TreeFunction {
  return (...args) => {
    const { values, structure } = flattenValues(args);
    const flat = new FlatFunction(f, structure);
    const results = withTrace(
      (level) => new DebugTrace(level),
      (trace) => flat.call(values.map((value) => trace.lift(value))).map((result) => trace.unwrap(result)),
    );
    for (const result of results) checkNan(result, f.name === "" ? "the function" : f.name);
    return flat.outputTree(results);
  };
}

function checkNan(result: Value, operation: string): void {
  const array = concreteOf(result);
  if (array === null || !isFloat(array.dtype) || !array.elements.some(Number.isNaN)) return;
  const site = userCallSite();
  throw new PhxError({
    code: "PHX944",
    what: `invalid value (nan) encountered in ${operation}, result ${typeText(array)}${site === undefined ? "" : `, at ${site}`}`,
    why: "an operation was given operands outside of its domain, or infinities cancelled",
    fix: "guard the operands of this operation, for example with np.where on the argument of log or sqrt",
  });
}

/** The array behind a value, if there is one yet. */
function concreteOf(value: Value): NdArray | null {
  let inner: Value = value;
  for (;;) {
    if (inner instanceof NdArray) return inner;
    if (inner instanceof JvpTracer) inner = inner.primal;
    else if (inner instanceof BatchTracer || inner instanceof DebugTracer) inner = inner.value;
    else return null;
  }
}
