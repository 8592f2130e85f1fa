// ProgramTrace records operations into a Program; what it meets of outer traces becomes extra inputs.
import type { ArrayType } from "./array.ts";
import { leakedTracerError } from "./bind.ts";
import { internalError } from "./errors.ts";
import { NdArray } from "./ndarray.ts";
import type { Parameters, Primitive } from "./primitive.ts";
import type { Program } from "./program.ts";
import { ProgramBuilder } from "./program-builder.ts";
import type { Value } from "./trace.ts";
import { Tracer } from "./trace.ts";
import type { RunningTrace } from "./with-trace.ts";
import { withTrace } from "./with-trace.ts";

/** A variable of a program under construction. */
export class ProgramTracer extends Tracer {
  override readonly trace: ProgramTrace;
  override readonly type: ArrayType;
  readonly variable: number;

  constructor(trace: ProgramTrace, type: ArrayType, variable: number) {
    super();
    this.trace = trace;
    this.type = type;
    this.variable = variable;
  }
}

/**
 * Only operations with an operand of this trace are recorded; all others run at once, in their own traces.
 * Concrete operands become constants. Tracers of outer traces become inputs after the explicit ones
 * (closure conversion): `captured` lists them in order.
 */
export class ProgramTrace implements RunningTrace {
  readonly level: number;
  readonly transform: string;
  active: boolean = true;
  readonly captured: Tracer[] = [];
  readonly #builder = new ProgramBuilder();
  readonly #capturedTracers = new Map<Tracer, ProgramTracer>();

  constructor(level: number, transform: string) {
    this.level = level;
    this.transform = transform;
  }

  end(): void {
    this.active = false;
  }

  input(type: ArrayType): ProgramTracer {
    if (this.captured.length > 0) throw internalError("an explicit input after captured ones");
    return new ProgramTracer(this, type, this.#builder.input(type));
  }

  lift(value: Value): ProgramTracer {
    if (value instanceof NdArray) return new ProgramTracer(this, value.type, this.#builder.constant(value));
    if (!value.trace.active) throw leakedTracerError(value);
    if (value.trace.level >= this.level) throw internalError("a program cannot capture an inner tracer");
    let tracer = this.#capturedTracers.get(value);
    if (tracer === undefined) {
      tracer = new ProgramTracer(this, value.type, this.#builder.input(value.type));
      this.#capturedTracers.set(value, tracer);
      this.captured.push(value);
    }
    return tracer;
  }

  process(primitive: Primitive, operands: readonly Tracer[], parameters: Parameters): readonly Value[] {
    const types: ArrayType[] = [];
    const variables: number[] = [];
    for (const operand of operands) {
      types.push(operand.type);
      variables.push((operand as ProgramTracer).variable);
    }
    const resultTypes = primitive.type(types, parameters);
    const first = this.#builder.equation(primitive, variables, parameters, resultTypes);
    return resultTypes.map((type, i) => new ProgramTracer(this, type, first + i));
  }

  finish(outputs: readonly Value[]): Program {
    const variables = outputs.map((output) =>
      output instanceof ProgramTracer && output.trace === this ? output.variable : this.lift(output).variable,
    );
    return this.#builder.finish(variables);
  }
}

export interface TracedProgram {
  /** Its inputs are the explicit ones, then the captured ones. */
  readonly program: Program;
  /** Values of outer traces that the function closes over. */
  readonly captured: readonly Tracer[];
}

/** Records a function of flat values, called once with one tracer per type. */
export function traceProgram(
  f: (inputs: readonly Value[]) => readonly Value[],
  types: readonly ArrayType[],
  transform: string,
): TracedProgram {
  return withTrace(
    (level) => new ProgramTrace(level, transform),
    (trace) => {
      const inputs = types.map((type) => trace.input(type));
      const program = trace.finish(f(inputs));
      return { program, captured: trace.captured };
    },
  );
}
