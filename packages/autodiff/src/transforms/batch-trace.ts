// BatchTrace, the interpreter of vmap: every value may carry one extra axis, and rules move it along.
import type { ArrayType } from "../array.ts";
import { withAxisFrame } from "../axis-names.ts";
import { bind, leakedTracerError } from "../bind.ts";
import { countingArray } from "../engine-operations.ts";
import { internalError } from "../errors.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { Tracer } from "../trace.ts";
import type { RunningTrace } from "../with-trace.ts";
import { withTrace } from "../with-trace.ts";

/** A value of lower level together with the number of its batch axis; null: the same for the whole batch. */
export class BatchTracer extends Tracer {
  override readonly trace: BatchTrace;
  override readonly type: ArrayType;
  readonly value: Value;
  readonly axis: number | null;

  constructor(trace: BatchTrace, value: Value, axis: number | null) {
    super();
    this.trace = trace;
    this.value = value;
    this.axis = axis;
    this.type = axis === null ? value.type : withoutAxis(value.type, axis);
  }
}

function withoutAxis(type: ArrayType, axis: number): ArrayType {
  const shape = [...type.shape.slice(0, axis), ...type.shape.slice(axis + 1)];
  return { dtype: type.dtype, shape, weak: type.weak === true };
}

/**
 * With a name, values without batch axis stay wrapped, so that a collective over the name finds its way here
 * whatever its operand.
 */
export class BatchTrace implements RunningTrace {
  readonly level: number;
  readonly transform: string;
  readonly size: number;
  readonly axisName: string | undefined;
  active: boolean = true;

  constructor(level: number, transform: string, size: number, axisName: string | undefined) {
    this.level = level;
    this.transform = transform;
    this.size = size;
    this.axisName = axisName;
  }

  end(): void {
    this.active = false;
  }

  lift(value: Value): BatchTracer {
    if (value instanceof Tracer && !value.trace.active) throw leakedTracerError(value);
    return new BatchTracer(this, value, null);
  }

  process(primitive: Primitive, operands: readonly Tracer[], parameters: Parameters): readonly Value[] {
    const values: Value[] = [];
    const axes: (number | null)[] = [];
    let batched = this.axisName !== undefined && parameters["axisName"] === this.axisName;
    for (const operand of operands as readonly BatchTracer[]) {
      values.push(operand.value);
      axes.push(operand.axis);
      if (operand.axis !== null) batched = true;
    }
    if (!batched) {
      const results = bind(primitive, values, parameters);
      return this.axisName === undefined
        ? results
        : results.map((result) => new BatchTracer(this, result, null));
    }
    const { results, axes: resultAxes } = primitive.batch(values, axes, parameters, this.size, this.axisName);
    return results.map((result, i) => {
      const axis = resultAxes[i] ?? null;
      if (axis !== null && result.shape[axis] !== this.size) {
        throw internalError(
          `the batch rule of ${primitive.name} put the batch of ${this.size} at axis ${axis} of shape [${result.shape.join(", ")}]`,
        );
      }
      return new BatchTracer(this, result, axis);
    });
  }

  /** The parts of a result of the traced function, whichever trace it came from. */
  split(value: Value): { readonly value: Value; readonly axis: number | null } {
    if (value instanceof BatchTracer && value.trace === this) return value;
    if (value instanceof Tracer && !value.trace.active) throw leakedTracerError(value);
    return { value, axis: null };
  }
}

/** Maps a function of flat values over a batch; the results keep the batch axis wherever it came to lie. */
export function batchFlat(
  f: (inputs: readonly Value[]) => readonly Value[],
  inputs: readonly Value[],
  axes: readonly (number | null)[],
  size: number,
  axisName: string | undefined,
  transform: string,
): { readonly results: readonly Value[]; readonly axes: readonly (number | null)[] } {
  return withTrace(
    (level) => new BatchTrace(level, transform, size, axisName),
    (trace) => {
      const run = (): readonly Value[] =>
        f(
          inputs.map((input, i) =>
            axes[i] === null && axisName === undefined ? input : new BatchTracer(trace, input, axes[i]),
          ),
        );
      const outputs =
        axisName === undefined
          ? run()
          : withAxisFrame(
              { name: axisName, size, index: new BatchTracer(trace, countingArray(size), 0) },
              run,
            );
      const parts = outputs.map((output) => trace.split(output));
      return { results: parts.map((part) => part.value), axes: parts.map((part) => part.axis) };
    },
  );
}
