// The primitive `while`: operands are the carry, the constants of the condition, the constants of the body.
import { anyTrue, selectLeading } from "../engine-operations.ts";
import { bind } from "../bind.ts";
import { PhxError } from "../errors.ts";
import { callProgram, evaluateProgram } from "../evaluate-program.ts";
import { simplify } from "../passes/simplify.ts";
import type { Batched, Parameters, Primitive, Tangent } from "../primitive.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import { inputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { batchAll, present } from "../transforms/call-primitive.ts";
import { batchProgram, jvpProgram } from "../transforms/program-transforms.ts";
import { instantiateOne } from "../transforms/zero-tangents.ts";
import { closedCarries, forcedCarries } from "./scan-jvp.ts";
import { NdArray } from "../ndarray.ts";

export interface WhileParameters extends Parameters {
  /** Inputs: carry, constants of the condition. Output: one bool scalar. */
  readonly condition: Program;
  /** Inputs: carry, constants of the body. Outputs: carry. */
  readonly body: Program;
  readonly conditionConstants: number;
}

export const whilePrimitive: Primitive<WhileParameters> = {
  name: "while",
  documentation: "runs a body program on a carry as long as a condition program holds",
  type: (operands, { body }) =>
    operands
      .slice(0, body.outputs.length)
      .map(({ dtype, shape, weak }) => ({ dtype, shape, weak: weak === true })),
  evaluate(operands, { condition, body, conditionConstants }, types) {
    const count = body.outputs.length;
    const forCondition = operands.slice(count, count + conditionConstants);
    const forBody = operands.slice(count + conditionConstants);
    let carry = operands.slice(0, count);
    while (evaluateProgram(condition, [...carry, ...forCondition])[0].elements[0] !== 0) {
      carry = evaluateProgram(body, [...carry, ...forBody]);
    }
    return carry.map(
      (value, i) => new NdArray(value.elements, types[i].shape, types[i].dtype, types[i].weak),
    );
  },
  jvp: whileJvp,
  // The values run in a loop of their own; the loop that is recorded computes them again beside the tangents.
  linearize: (primals, tangents, parameters) => ({
    primals: bind(whilePrimitive, primals, parameters),
    tangents: whileJvp(primals, tangents, parameters).tangents,
  }),
  transpose() {
    throw new PhxError({
      code: "PHX938",
      what: "reverse-mode differentiation does not work for whileLoop, nor for foriLoop with traced bounds",
      why: "the number of steps depends on values, and reverse mode would have to keep the values of every step",
      fix: "use scan or foriLoop with a fixed number of steps, forward mode (jvp, jacfwd), or give the loop a rule with customVjp (at a fixed point the implicit function theorem gives one)",
    });
  },
  batch: whileBatch,
};

function whileJvp(
  primals: readonly Value[],
  tangents: readonly Tangent[],
  parameters: WhileParameters,
): { readonly primals: readonly Value[]; readonly tangents: readonly Tangent[] } {
  const { condition, body, conditionConstants } = parameters;
  const count = body.outputs.length;
  const split = count + conditionConstants;
  const bodyMask = closedCarries(
    [...tangents.slice(0, count), ...tangents.slice(split)].map((tangent) => tangent !== null),
    count,
    (inputs) => jvpProgram(body, inputs).nonzeroOutputs,
  );
  const { program } = jvpProgram(body, bodyMask, forcedCarries(bodyMask, count, count));
  const carryTangents = primals
    .slice(0, count)
    .flatMap((primal, i) => (bodyMask[i] ? [instantiateOne(primal, tangents[i])] : []));
  const constantTangents = present(tangents.slice(split));
  const constantCount = primals.length - split;
  // From (carry, constants, carry tangents, constant tangents) to (carry, carry tangents, constants, …).
  const types = inputTypes(program);
  const order = [
    ...range(0, count),
    ...range(count + constantCount, carryTangents.length),
    ...range(count, constantCount),
    ...range(count + constantCount + carryTangents.length, constantTangents.length),
  ];
  const reordered = reorderInputs(program, order, types);
  const conditionTypes = inputTypes(condition);
  const widened = traceProgram(
    (inputs) =>
      callProgram(condition, [...inputs.slice(0, count), ...inputs.slice(count + carryTangents.length)]),
    [
      ...conditionTypes.slice(0, count),
      ...carryTangents.map((tangent) => tangent.type),
      ...conditionTypes.slice(count),
    ],
    "whileLoop",
  ).program;
  const results = bind(
    whilePrimitive,
    [
      ...primals.slice(0, count),
      ...carryTangents,
      ...primals.slice(count, split),
      ...primals.slice(split),
      ...constantTangents,
    ],
    { condition: widened, body: reordered, conditionConstants },
  );
  let next = count;
  return {
    primals: results.slice(0, count),
    tangents: bodyMask.slice(0, count).map((flag) => (flag ? results[next++] : null)),
  };
}

/**
 * With a predicate that is the same for the whole batch the loop stays a loop over batched carries. With a
 * batched one it runs while any member goes on, and members that have stopped keep their carry.
 */
function whileBatch(
  operands: readonly Value[],
  axes: readonly (number | null)[],
  parameters: WhileParameters,
  size: number,
  axisName: string | undefined,
): Batched {
  const { condition, body, conditionConstants } = parameters;
  const count = body.outputs.length;
  const split = count + conditionConstants;
  const batched = axes.map((axis) => axis !== null);
  const closed = (start: readonly boolean[]): boolean[] =>
    closedCarries(
      [...start, ...batched.slice(split)],
      count,
      (inputs) => batchProgram(body, inputs, size, axisName).batchedOutputs,
    ).slice(0, count);
  let carryMask = closed(batched.slice(0, count));
  const conditionMask = (): boolean[] => [...carryMask, ...batched.slice(count, split)];
  const everyone = batchProgram(condition, conditionMask(), size, axisName).batchedOutputs[0];
  if (everyone) carryMask = carryMask.map(() => true);
  const bodyProgram = batchProgram(
    body,
    [...carryMask, ...batched.slice(split)],
    size,
    axisName,
    carryMask,
  ).program;
  const conditionProgram = batchProgram(condition, conditionMask(), size, axisName).program;
  const wanted = [...carryMask, ...batched.slice(count)];
  const aligned = batchAll(operands, axes, wanted, size);
  const loop = everyone
    ? masked(conditionProgram, bodyProgram, parameters, count)
    : { condition: conditionProgram, body: bodyProgram };
  const constants = everyone
    ? [...aligned.slice(count, split), ...aligned.slice(split)]
    : aligned.slice(split);
  const results = bind(
    whilePrimitive,
    [...aligned.slice(0, count), ...aligned.slice(count, split), ...constants],
    { condition: loop.condition, body: loop.body, conditionConstants },
  );
  return { results, axes: carryMask.map((flag) => (flag ? 0 : null)) };
}

/** The loop whose condition asks for any member and whose body moves only the members that go on. */
function masked(
  condition: Program,
  body: Program,
  { conditionConstants }: WhileParameters,
  count: number,
): { readonly condition: Program; readonly body: Program } {
  const conditionTypes = inputTypes(condition);
  const any = traceProgram(
    (inputs) => [anyTrue(callProgram(condition, inputs)[0])],
    conditionTypes,
    "whileLoop",
  );
  const moving = traceProgram(
    (inputs) => {
      const carry = inputs.slice(0, count);
      const goOn = callProgram(condition, inputs.slice(0, count + conditionConstants))[0];
      const next = callProgram(body, [...carry, ...inputs.slice(count + conditionConstants)]);
      return next.map((value, i) => selectLeading(goOn, value, carry[i]));
    },
    [...conditionTypes, ...inputTypes(body).slice(count)],
    "whileLoop",
  );
  return { condition: simplify(any.program), body: simplify(moving.program) };
}

function reorderInputs(program: Program, order: readonly number[], types: Program["types"]): Program {
  return traceProgram(
    (inputs) => {
      const ordered: Value[] = [];
      order.forEach((number, place) => (ordered[number] = inputs[place]));
      return callProgram(program, ordered);
    },
    order.map((number) => types[number]),
    "whileLoop",
  ).program;
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}
