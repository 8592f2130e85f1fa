// The primitives of checkpoint: one that runs a program, and its derivative, which runs it again when transposed.
import { bind } from "../bind.ts";
import { callProgram, evaluateProgram } from "../evaluate-program.ts";
import { selectOutputs } from "../passes/dead-code.ts";
import { simplify } from "../passes/simplify.ts";
import type { Primitive, Tangent } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import { inputTypes, outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import type { CallParameters } from "./call-primitive.ts";
import { present, programRules, splitTangents } from "./call-primitive.ts";
import { jvpProgram, kept, linearizeProgram } from "./program-transforms.ts";
import { transposeProgram } from "./transpose-program.ts";
import { instantiateOne } from "./zero-tangents.ts";

export const checkpointPrimitive: Primitive<CallParameters> = {
  name: "checkpoint",
  documentation:
    "runs a program on its operands; reverse mode runs it again instead of keeping what it computed",
  ...programRules(() => checkpointPrimitive),
  evaluate: (operands, { program }) => evaluateProgram(program, operands),
  linearize: linearizeCheckpoint,
};

function linearizeCheckpoint(
  primals: readonly Value[],
  tangents: readonly Tangent[],
  { program, name }: CallParameters,
): ReturnType<typeof splitTangents> {
  const marked = tangents.map((tangent) => tangent !== null);
  const outputs = bind(checkpointPrimitive, primals, { program, name });
  const outTangents = bind(checkpointDerivativePrimitive, [...primals, ...present(tangents)], {
    program,
    name,
    marked,
  });
  const { nonzeroOutputs } = linearizeProgram(program, marked);
  return splitTangents([...outputs, ...outTangents], outputs.length, nonzeroOutputs);
}

interface DerivativeParameters extends CallParameters {
  /** Which inputs of the program have a tangent. */
  readonly marked: readonly boolean[];
}

/** Linear in its tangents: ∂program(primals) · tangents. Its only inputs from the forward pass are the primals. */
export const checkpointDerivativePrimitive: Primitive<DerivativeParameters> = {
  name: "checkpoint_derivative",
  documentation:
    "the tangents of a program's results at its first operands, for the tangents that follow them",
  type: (_operands, { program, marked }) => outputTypes(linearizeProgram(program, marked).linear),
  inline: (parameters) => definition(parameters).program,
  evaluate: (operands, parameters) => evaluateProgram(definition(parameters).program, operands),
  jvp: (primals, tangents, parameters) => checkpointPrimitive.jvp(primals, tangents, definition(parameters)),
  linearize: (primals, tangents, parameters) =>
    linearizeCheckpoint(primals, tangents, definition(parameters)),
  batch: (operands, axes, parameters, size, axisName) =>
    checkpointPrimitive.batch(operands, axes, definition(parameters), size, axisName),
  transpose(cotangents, operands, parameters) {
    const { program, name, marked } = parameters;
    const known = operands.slice(0, program.inputCount);
    if (known.some((operand) => operand instanceof LinearOperand)) {
      return programRules(() => checkpointPrimitive).transpose(cotangents, operands, definition(parameters));
    }
    const given = cotangents.map((cotangent) => cotangent !== null);
    const back = bind(checkpointPrimitive, [...(known as readonly Value[]), ...present(cotangents)], {
      program: pullbackProgram(program, marked, given),
      name: `transpose(${name})`,
    });
    return [...known.map(() => null), ...back];
  },
};

const definitionCache = kept<CallParameters>();

/** What the derivative computes, as a program of primals and tangents. */
function definition({ program, name, marked }: DerivativeParameters): CallParameters {
  return definitionCache(program, marked.join(), () => {
    const { nonzeroOutputs } = linearizeProgram(program, marked);
    const transformed = jvpProgram(program, marked, nonzeroOutputs);
    let next = program.outputs.length;
    const tangents = transformed.nonzeroOutputs.flatMap((flag, i) => {
      if (!flag) return [];
      const output = next++;
      return nonzeroOutputs[i] ? [output] : [];
    });
    return { program: selectOutputs(transformed.program, tangents), name: `linear(${name})` };
  });
}

const pullbackCache = kept<Program>();

/** Inputs: the primals and the cotangents that are not zero. Runs the program forwards, then backwards. */
function pullbackProgram(program: Program, marked: readonly boolean[], given: readonly boolean[]): Program {
  return pullbackCache(program, `${marked.join()}/${given.join()}`, () => {
    const split = linearizeProgram(program, marked);
    const types = inputTypes(program);
    const tangentTypes = types.filter((_, i) => marked[i]);
    const cotangentTypes = outputTypes(split.linear).filter((_, i) => given[i]);
    const result = traceProgram(
      (inputs) => {
        const primals = inputs.slice(0, types.length);
        const outputs = callProgram(split.primal, primals);
        const residuals = split.residualSources.map((source) =>
          source >= 0 ? primals[source] : outputs[program.outputs.length - 1 - source],
        );
        let next = types.length;
        const cotangents = given.map((flag) => (flag ? inputs[next++] : null));
        const linear = tangentTypes.map((type) => new LinearOperand(type));
        const back = transposeProgram(split.linear, [...linear, ...residuals], cotangents);
        return tangentTypes.map((type, i) => instantiateOne({ type }, back[i]));
      },
      [...types, ...cotangentTypes],
      "checkpoint",
    );
    return simplify(result.program);
  });
}
