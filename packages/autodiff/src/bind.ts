// bind, the one door through which every operation goes: it finds the interpreter among the operands.
import { typeText } from "./array.ts";
import { userCallSite } from "./call-site.ts";
import { internalError, PhxError } from "./errors.ts";
import type { NdArray } from "./ndarray.ts";
import type { Parameters, Primitive } from "./primitive.ts";
import type { Trace, Value } from "./trace.ts";
import { Tracer } from "./trace.ts";

export const noParameters: Parameters = Object.freeze({});

/**
 * Applies a primitive. The operand with the highest level says which transform interprets it; without tracers
 * it is evaluated at once. There is no "current" trace: what happens depends on the operands alone.
 */
export function bind<P extends Parameters>(
  primitive: Primitive<P>,
  operands: readonly Value[],
  ...[parameters]: Record<string, never> extends P ? [parameters?: P] : [parameters: P]
): readonly Value[] {
  const given = parameters ?? (noParameters as P);
  const top = highestTrace(operands);
  if (top === null) {
    const arrays = operands as readonly NdArray[];
    return primitive.evaluate(arrays, given, primitive.type(arrays, given));
  }
  return bindAt(top, primitive, operands, given);
}

/** Applies a primitive with a given trace as interpreter, whose level is at least that of every operand. */
export function bindAt<P extends Parameters>(
  trace: Trace,
  primitive: Primitive<P>,
  operands: readonly Value[],
  parameters: P,
): readonly Value[] {
  const lifted: Tracer[] = [];
  for (const operand of operands) {
    lifted.push(operand instanceof Tracer && operand.trace === trace ? operand : trace.lift(operand));
  }
  return trace.process(primitive, lifted, parameters);
}

/** The trace of the highest level among the operands; null if all are concrete. */
export function highestTrace(operands: readonly Value[]): Trace | null {
  let top: Trace | null = null;
  for (const operand of operands) {
    if (!(operand instanceof Tracer)) continue;
    const trace = operand.trace;
    if (!trace.active) throw leakedTracerError(operand);
    if (top === null || trace.level > top.level) top = trace;
    else if (trace !== top && trace.level === top.level) {
      throw internalError(
        `two running traces share level ${trace.level}: ${trace.transform}, ${top.transform}`,
      );
    }
  }
  return top;
}

/** The error for a tracer that outlived its transform. */
export function leakedTracerError(tracer: Tracer): PhxError {
  const site = userCallSite();
  return new PhxError({
    code: "PHX924",
    what: `an unexpected tracer: a traced value of type ${typeText(tracer.type)} was used${site === undefined ? "" : ` at ${site}`} after its ${tracer.trace.transform} had ended`,
    why: `it leaked out of the function that ${tracer.trace.transform} was running (through an outer variable, a cache or a callback that ran later)`,
    fix: "return the value from the function (hasAux of grad gives extra results) instead of storing it outside",
  });
}
