// JvpTrace, forward mode: every value carries its tangent, and rules say how tangents go on.
import type { ArrayType } from "../array.ts";
import { isFloat, sameShape, typeText } from "../array.ts";
import { bind, leakedTracerError } from "../bind.ts";
import { internalError } from "../errors.ts";
import type { Parameters, Primitive, Tangent } from "../primitive.ts";
import type { Trace, Value } from "../trace.ts";
import { Tracer } from "../trace.ts";
import type { RunningTrace } from "../with-trace.ts";
import { withTrace } from "../with-trace.ts";

/** A primal value with its tangent; both belong to lower levels. */
export class JvpTracer extends Tracer {
  override readonly trace: JvpTrace;
  readonly primal: Value;
  readonly tangent: Tangent;

  constructor(trace: JvpTrace, primal: Value, tangent: Tangent) {
    super();
    this.trace = trace;
    this.primal = primal;
    this.tangent = tangent;
  }

  override get type(): ArrayType {
    return this.primal.type;
  }
}

/**
 * With a recorder, the tangents are variables of the linear program that it records, and primitives that hold
 * programs use their `linearize` rule, which keeps nonlinear work out of that program.
 */
export class JvpTrace implements RunningTrace {
  readonly level: number;
  readonly transform: string;
  active: boolean = true;
  readonly #recorder: Trace | null;

  constructor(level: number, transform: string, recorder: Trace | null) {
    this.level = level;
    this.transform = transform;
    this.#recorder = recorder;
  }

  end(): void {
    this.active = false;
  }

  lift(value: Value): JvpTracer {
    if (value instanceof Tracer && !value.trace.active) throw leakedTracerError(value);
    return new JvpTracer(this, value, null);
  }

  process(primitive: Primitive, operands: readonly Tracer[], parameters: Parameters): readonly Value[] {
    const primals: Value[] = [];
    const tangents: Tangent[] = [];
    let allZero = true;
    for (const operand of operands as readonly JvpTracer[]) {
      primals.push(operand.primal);
      tangents.push(operand.tangent);
      if (operand.tangent !== null) allZero = false;
    }
    if (allZero) return bind(primitive, primals, parameters);
    const results =
      this.#recorder !== null && primitive.linearize !== undefined
        ? primitive.linearize(primals, tangents, parameters)
        : primitive.jvp(primals, tangents, parameters);
    return results.primals.map((primal, i) => {
      const tangent = results.tangents[i];
      if (this.#recorder !== null && primal instanceof Tracer && primal.trace === this.#recorder) {
        throw internalError(`the rule of ${primitive.name} made its result depend on a tangent`);
      }
      if (tangent === null) return primal;
      checkTangent(primitive, primal.type, tangent.type);
      return new JvpTracer(this, primal, tangent);
    });
  }

  /** The parts of a result of the traced function, whichever trace it came from. */
  split(value: Value): { readonly primal: Value; readonly tangent: Tangent } {
    if (value instanceof JvpTracer && value.trace === this) return value;
    if (value instanceof Tracer && !value.trace.active) throw leakedTracerError(value);
    return { primal: value, tangent: null };
  }
}

function checkTangent(primitive: Primitive, primal: ArrayType, tangent: ArrayType): void {
  if (!isFloat(primal.dtype) || primal.dtype !== tangent.dtype || !sameShape(primal.shape, tangent.shape)) {
    throw internalError(
      `the jvp rule of ${primitive.name} gave a tangent ${typeText(tangent)} for a result ${typeText(primal)}`,
    );
  }
}

/** Forward mode of a function of flat values. */
export function jvpFlat(
  f: (inputs: readonly Value[]) => readonly Value[],
  primals: readonly Value[],
  tangents: readonly Tangent[],
  transform: string,
): { readonly primals: readonly Value[]; readonly tangents: readonly Tangent[] } {
  return withTrace(
    (level) => new JvpTrace(level, transform, null),
    (trace) => {
      const inputs = primals.map((primal, i) => new JvpTracer(trace, primal, tangents[i]));
      const outputs = f(inputs).map((output) => trace.split(output));
      return {
        primals: outputs.map((output) => output.primal),
        tangents: outputs.map((output) => output.tangent),
      };
    },
  );
}
