// Linearization: primal work is done at once, tangent work is recorded into a linear program.
import type { Tangent } from "../primitive.ts";
import type { Program } from "../program.ts";
import { ProgramTrace } from "../program-trace.ts";
import type { Value } from "../trace.ts";
import { withTrace } from "../with-trace.ts";
import { JvpTrace, JvpTracer } from "./jvp-trace.ts";

/** The derivative of a function at one point, as a program that is linear in its tangent inputs. */
export interface LinearMap {
  /** Inputs: the tangents of the marked primals, then the captured values. Outputs: the tangents that are not zero. */
  readonly program: Program;
  readonly captured: readonly Value[];
  readonly tangentCount: number;
  /** For each output of the function: its output number in the program, or −1 where its tangent is zero. */
  readonly outputIndex: readonly number[];
}

/**
 * Runs `f` at `primals` and records how its outputs depend linearly on the primals that are marked. Tangents are
 * variables of a ProgramTrace below the JvpTrace: an operation of a jvp rule on primal values alone has no such
 * variable among its operands and runs at once, so that the program holds the linear operations only and the
 * primal values they need as constants (or captured, when they belong to an outer trace).
 */
export function linearizeFlat(
  f: (inputs: readonly Value[]) => readonly Value[],
  primals: readonly Value[],
  marked: readonly boolean[],
  transform: string,
): { readonly outputs: readonly Value[]; readonly linear: LinearMap } {
  return withTrace(
    (level) => new ProgramTrace(level, transform),
    (recorder) => {
      let tangentCount = 0;
      const tangents: Tangent[] = primals.map((primal, i) => {
        if (!marked[i]) return null;
        tangentCount += 1;
        return recorder.input(primal.type);
      });
      const results = withTrace(
        (level) => new JvpTrace(level, transform, recorder),
        (trace) =>
          f(
            primals.map((primal, i) =>
              tangents[i] === null ? primal : new JvpTracer(trace, primal, tangents[i]),
            ),
          ).map((output) => trace.split(output)),
      );
      const outputTangents: Value[] = [];
      const outputIndex = results.map(({ tangent }) =>
        tangent === null ? -1 : outputTangents.push(tangent) - 1,
      );
      const program = recorder.finish(outputTangents);
      return {
        outputs: results.map((result) => result.primal),
        linear: { program, captured: recorder.captured, tangentCount, outputIndex },
      };
    },
  );
}
