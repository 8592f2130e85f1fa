// The primitive `call`, which runs a compiled program, and the rules of all primitives that only run one.
import { broadcastAxis, moveAxis } from "../engine-operations.ts";
import type { Device, Executable } from "../device.ts";
import { compileOn } from "../device.ts";
import { bind } from "../bind.ts";
import { dependentOutputs } from "../passes/dependence.ts";
import { inlineCalls } from "../passes/inline-calls.ts";
import { simplify } from "../passes/simplify.ts";
import type { Batched, Parameters, Primitive, Tangent } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Program } from "../program.ts";
import { outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { batchProgram, jvpProgram, linearizeProgram, transposedProgram } from "./program-transforms.ts";

export interface CallParameters extends Parameters {
  readonly program: Program;
  /** The name of the function, for printed programs and messages. */
  readonly name: string;
}

export type ProgramRules = Required<
  Pick<Primitive<CallParameters>, "type" | "jvp" | "transpose" | "batch" | "inline" | "dependence">
>;

/** Rules that hold for every primitive whose meaning is to run its program; `self` gives the primitive. */
export function programRules(self: () => Primitive<CallParameters>): ProgramRules {
  return {
    type: (_operands, { program }) => outputTypes(program),
    inline: ({ program }) => program,
    dependence: (linear, { program }) => dependentOutputs(program, linear),
    jvp(primals, tangents, { program, name }) {
      const nonzero = tangents.map((tangent) => tangent !== null);
      const transformed = jvpProgram(program, nonzero);
      const results = bind(self(), [...primals, ...present(tangents)], {
        program: transformed.program,
        name: `jvp(${name})`,
      });
      return splitTangents(results, program.outputs.length, transformed.nonzeroOutputs);
    },
    transpose(cotangents, operands, { program, name }) {
      const linear = operands.map((operand) => operand instanceof LinearOperand);
      const given = cotangents.map((cotangent) => cotangent !== null);
      const known = operands.filter((operand): operand is Value => !(operand instanceof LinearOperand));
      const back = bind(self(), [...known, ...present(cotangents)], {
        program: transposedProgram(program, linear, given),
        name: `transpose(${name})`,
      });
      let next = 0;
      return linear.map((flag) => (flag ? back[next++] : null));
    },
    batch(operands, axes, { program, name }, size, axisName): Batched {
      const batched = axes.map((axis) => axis !== null);
      const transformed = batchProgram(program, batched, size, axisName);
      const results = bind(self(), batchFirst(operands, axes), {
        program: transformed.program,
        name: `vmap(${name})`,
      });
      return { results, axes: transformed.batchedOutputs.map((flag) => (flag ? 0 : null)) };
    },
  };
}

/** Takes a batch of calls over; null where the batch is not worth it. */
export type SpreadCalls = (
  operands: readonly Value[],
  axes: readonly (number | null)[],
  program: Program,
  size: number,
  axisName: string | undefined,
) => Batched | null;

/** The primitive that runs a program on a device; one for each device. Batches are offered to `spread` first. */
export function makeCallPrimitive(device: Device, spread?: SpreadCalls): Primitive<CallParameters> {
  const executables = new WeakMap<Program, Executable>();
  const isOwn = (candidate: Primitive): boolean => candidate === (primitive as Primitive);
  // Calls of the same device are merged into one program and simplified with it. What else is only a program
  // (checkpoint, custom rules) is put in place after that: merging equal work would undo a checkpoint.
  const prepare = (program: Program): Program =>
    inlineCalls(
      simplify(inlineCalls(program, isOwn)),
      (candidate) => candidate.hasOwnDevice !== true || isOwn(candidate),
    );
  const rules = programRules(() => primitive);
  const primitive: Primitive<CallParameters> = {
    name: "call",
    documentation: "runs a compiled program on its operands",
    hasOwnDevice: true,
    ...rules,
    batch: (operands, axes, parameters, size, axisName) =>
      spread?.(operands, axes, parameters.program, size, axisName) ??
      rules.batch(operands, axes, parameters, size, axisName),
    evaluate(operands, { program }) {
      let executable = executables.get(program);
      if (executable === undefined) {
        executable = compileOn(device, prepare(program));
        executables.set(program, executable);
      }
      return executable.run(operands);
    },
    // The nonlinear part is run as a program of its own, which also returns what the linear part needs.
    linearize(primals, tangents, { program, name }) {
      const marked = tangents.map((tangent) => tangent !== null);
      const split = linearizeProgram(program, marked);
      const outputs = bind(primitive, primals, { program: split.primal, name: `forward(${name})` });
      const residuals = split.residualSources.map((source) =>
        source >= 0 ? primals[source] : outputs[program.outputs.length - 1 - source],
      );
      const outTangents = bind(primitive, [...present(tangents), ...residuals], {
        program: split.linear,
        name: `linear(${name})`,
      });
      return splitTangents(
        [...outputs.slice(0, program.outputs.length), ...outTangents],
        program.outputs.length,
        split.nonzeroOutputs,
      );
    },
  };
  return primitive;
}

/** The tangents or cotangents that are not zero. */
export function present(tangents: readonly Tangent[]): Value[] {
  return tangents.filter((tangent): tangent is Value => tangent !== null);
}

/** Results of a tangent program, in which zero tangents have no output. */
export function splitTangents(
  results: readonly Value[],
  primalCount: number,
  nonzero: readonly boolean[],
): { readonly primals: readonly Value[]; readonly tangents: readonly Tangent[] } {
  let next = primalCount;
  return {
    primals: results.slice(0, primalCount),
    tangents: nonzero.map((flag) => (flag ? results[next++] : null)),
  };
}

/** Operands with their batch axis, where they have one, as axis 0. */
export function batchFirst(operands: readonly Value[], axes: readonly (number | null)[]): Value[] {
  return operands.map((operand, i) => {
    const axis = axes[i];
    return axis === null ? operand : moveAxis(operand, axis, 0);
  });
}

/** Operands with the batch as axis 0, repeated where they had none but must have one. */
export function batchAll(
  operands: readonly Value[],
  axes: readonly (number | null)[],
  wanted: readonly boolean[],
  size: number,
): Value[] {
  return batchFirst(operands, axes).map((operand, i) =>
    axes[i] === null && wanted[i] ? broadcastAxis(operand, size, 0) : operand,
  );
}
