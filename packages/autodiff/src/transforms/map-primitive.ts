// The primitive `map` of pmap: one program for a member, run for all members of a named axis by a device.
import { bind } from "../bind.ts";
import type { Device, Executable } from "../device.ts";
import { compileMappedOn, compileOn, spreadsMembers } from "../device.ts";
import { moveAxis, sumOverAxis } from "../engine-operations.ts";
import { dependentOutputs } from "../passes/dependence.ts";
import { inlineAllCalls, inlineCalls } from "../passes/inline-calls.ts";
import { simplify } from "../passes/simplify.ts";
import type { Batched, Parameters, Primitive } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Program } from "../program.ts";
import { outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { present, splitTangents } from "./call-primitive.ts";
import { batchProgram, jvpProgram, linearizeProgram, transposedProgram } from "./program-transforms.ts";

export interface MapParameters extends Parameters {
  /** The program of one member. */
  readonly program: Program;
  readonly axisName: string;
  readonly size: number;
  /** Operands that are mapped along their axis 0; the others are the same for all members. */
  readonly mapped: readonly boolean[];
}

/** The axis of a map without a name: no collective can speak of it. */
export const unnamedAxis = "";

const primitives = new WeakMap<Device, Primitive<MapParameters>>();

/** The one primitive of a device. */
export function mapPrimitiveOf(device: Device): Primitive<MapParameters> {
  let primitive = primitives.get(device);
  if (primitive === undefined) primitives.set(device, (primitive = makeMapPrimitive(device)));
  return primitive;
}

/** Every result has the member axis as axis 0. */
function makeMapPrimitive(device: Device): Primitive<MapParameters> {
  const executables = new WeakMap<Program, Map<string, Executable>>();
  const primitive: Primitive<MapParameters> = {
    name: "map",
    documentation: "runs a program for every member of a named axis; results are stacked at axis 0",
    type: (_operands, { program, size }) =>
      outputTypes(program).map((type) => ({ ...type, shape: [size, ...type.shape] })),
    inline: wholeBatch,
    // Inside a member the whole inner map runs as a batch: the outermost is the one that is spread.
    hasOwnDevice: device.compileMapped !== undefined,
    dependence: (operands, { program }) => dependentOutputs(program, operands),
    evaluate(operands, parameters) {
      const { program, axisName, size, mapped } = parameters;
      const key = `${size} ${axisName} ${mapped.join()}`;
      let byMapping = executables.get(program);
      if (byMapping === undefined) executables.set(program, (byMapping = new Map<string, Executable>()));
      let executable = byMapping.get(key);
      if (executable === undefined) byMapping.set(key, (executable = compile(device, parameters)));
      return executable.run(operands);
    },
    jvp(primals, tangents, parameters) {
      const { program, mapped } = parameters;
      const nonzero = tangents.map((tangent) => tangent !== null);
      const transformed = jvpProgram(program, nonzero);
      const results = bind(primitive, [...primals, ...present(tangents)], {
        ...parameters,
        program: transformed.program,
        mapped: [...mapped, ...mapped.filter((_, i) => nonzero[i])],
      });
      return splitTangents(results, program.outputs.length, transformed.nonzeroOutputs);
    },
    linearize(primals, tangents, parameters) {
      const { program, mapped } = parameters;
      const marked = tangents.map((tangent) => tangent !== null);
      const split = linearizeProgram(program, marked);
      const count = program.outputs.length;
      const outputs = bind(primitive, primals, { ...parameters, program: split.primal });
      const residuals = split.residualSources.map((source) =>
        source >= 0 ? primals[source] : outputs[count - 1 - source],
      );
      const outTangents = bind(primitive, [...present(tangents), ...residuals], {
        ...parameters,
        program: split.linear,
        mapped: [
          ...mapped.filter((_, i) => marked[i]),
          ...split.residualSources.map((source) => source < 0 || mapped[source]),
        ],
      });
      return splitTangents([...outputs.slice(0, count), ...outTangents], count, split.nonzeroOutputs);
    },
    // What all members share gets the sum of their cotangents.
    transpose(cotangents, operands, parameters) {
      const { program, mapped } = parameters;
      const linear = operands.map((operand) => operand instanceof LinearOperand);
      const known = operands.filter((operand): operand is Value => !(operand instanceof LinearOperand));
      const given = cotangents.map((cotangent) => cotangent !== null);
      const back = bind(primitive, [...known, ...present(cotangents)], {
        ...parameters,
        program: transposedProgram(program, linear, given),
        mapped: [...mapped.filter((_, i) => !linear[i]), ...present(cotangents).map(() => true)],
      });
      let next = 0;
      return linear.map((flag, i) => {
        if (!flag) return null;
        const result = back[next++];
        return mapped[i] ? result : sumOverAxis(result, 0);
      });
    },
    batch(operands, axes, parameters, size, axisName): Batched {
      const { program, mapped } = parameters;
      const batched = axes.map((axis) => axis !== null);
      // The map's own axis hides an outer one of the same name from the collectives of its program.
      const visible = axisName === parameters.axisName ? undefined : axisName;
      const transformed = batchProgram(program, batched, size, visible);
      const aligned = operands.map((operand, i) => {
        const axis = axes[i];
        return axis === null ? operand : moveAxis(operand, axis, mapped[i] ? 1 : 0);
      });
      const results = bind(primitive, aligned, { ...parameters, program: transformed.program });
      return { results, axes: transformed.batchedOutputs.map((flag) => (flag ? 1 : null)) };
    },
  };
  return primitive;
}

function wholeBatch({ program, axisName, size, mapped }: MapParameters): Program {
  const all = Array.from(program.outputs, () => true);
  return batchProgram(program, mapped, size, axisName, all).program;
}

function compile(device: Device, parameters: MapParameters): Executable {
  const { program, axisName, size, mapped } = parameters;
  if (!spreadsMembers(device)) {
    return compileOn(
      device,
      inlineCalls(simplify(wholeBatch(parameters)), () => true),
    );
  }
  const member = inlineAllCalls(simplify(program), () => true);
  return compileMappedOn(device, member, { axisName, size, mappedInputs: mapped });
}
