// The primitive `cond`: operands are an index and the inputs that every branch program takes.
import type { ArrayType } from "../array.ts";
import { bind } from "../bind.ts";
import { atMost, moveAxis, selectLeading } from "../engine-operations.ts";
import { callProgram, evaluateProgram } from "../evaluate-program.ts";
import { neededInputs, restrictProgram } from "../passes/dead-code.ts";
import { dependentOutputs } from "../passes/dependence.ts";
import type { Batched, Parameters, Primitive } from "../primitive.ts";
import { LinearOperand } from "../primitive.ts";
import type { Program } from "../program.ts";
import { inputTypes, outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { shareResiduals } from "./share-residuals.ts";
import { batchAll, batchFirst, present, splitTangents } from "../transforms/call-primitive.ts";
import {
  batchProgram,
  jvpProgram,
  linearizeProgram,
  transposedProgram,
} from "../transforms/program-transforms.ts";

export interface CondParameters extends Parameters {
  /** All with the same input and output types. */
  readonly branches: readonly Program[];
}

const union = (masks: readonly (readonly boolean[])[]): boolean[] =>
  (masks[0] ?? []).map((_, i) => masks.some((mask) => mask[i]));

export const condPrimitive: Primitive<CondParameters> = {
  name: "cond",
  documentation: "runs the branch numbered by the first operand (i32 scalar, clamped) on the other operands",
  type: (_operands, { branches }) => weakestTypes(branches),
  evaluate([index, ...operands], { branches }) {
    const chosen = Math.min(Math.max(index.elements[0], 0), branches.length - 1);
    return evaluateProgram(branches[chosen], operands);
  },
  prune(used, { branches }) {
    if (used.every(Boolean)) return null;
    const results = used.flatMap((flag, i) => (flag ? [i] : []));
    const inputs = union(branches.map((branch) => neededInputs(branch, results))).flatMap((flag, i) =>
      flag ? [i] : [],
    );
    return {
      parameters: { branches: branches.map((branch) => restrictProgram(branch, results, inputs)) },
      operands: [0, ...inputs.map((i) => i + 1)],
      results,
    };
  },
  dependence([, ...operands], { branches }) {
    return union(branches.map((branch) => dependentOutputs(branch, operands)));
  },
  jvp([index, ...primals], [, ...tangents], { branches }) {
    const nonzero = tangents.map((tangent) => tangent !== null);
    const forced = union(branches.map((branch) => jvpProgram(branch, nonzero).nonzeroOutputs));
    const transformed = branches.map((branch) => jvpProgram(branch, nonzero, forced).program);
    const results = bind(condPrimitive, [index, ...primals, ...present(tangents)], { branches: transformed });
    return splitTangents(results, branches[0].outputs.length, forced);
  },
  linearize([index, ...primals], [, ...tangents], { branches }) {
    const marked = tangents.map((tangent) => tangent !== null);
    const forced = union(branches.map((branch) => linearizeProgram(branch, marked).nonzeroOutputs));
    const splits = branches.map((branch) => linearizeProgram(branch, marked, forced));
    const outputCount = branches[0].outputs.length;
    const shared = shareResiduals(
      splits,
      inputTypes(branches[0]),
      outputCount,
      present(tangents).map((t) => t.type),
    );
    const outputs = bind(condPrimitive, [index, ...primals], { branches: shared.forward });
    const outTangents = bind(
      condPrimitive,
      [index, ...present(tangents), ...primals, ...outputs.slice(outputCount)],
      { branches: shared.linear },
    );
    return splitTangents([...outputs.slice(0, outputCount), ...outTangents], outputCount, forced);
  },
  transpose(cotangents, [index, ...operands], { branches }) {
    const linear = operands.map((operand) => operand instanceof LinearOperand);
    const given = cotangents.map((cotangent) => cotangent !== null);
    const known = operands.filter((operand): operand is Value => !(operand instanceof LinearOperand));
    const back = bind(condPrimitive, [index as Value, ...known, ...present(cotangents)], {
      branches: branches.map((branch) => transposedProgram(branch, linear, given)),
    });
    let next = 0;
    return [null, ...linear.map((flag) => (flag ? back[next++] : null))];
  },
  batch([index, ...operands], [indexAxis, ...axes], { branches }, size, axisName): Batched {
    const batched = axes.map((axis) => axis !== null);
    if (indexAxis === null) {
      const forced = union(branches.map((b) => batchProgram(b, batched, size, axisName).batchedOutputs));
      const programs = branches.map((b) => batchProgram(b, batched, size, axisName, forced).program);
      const results = bind(condPrimitive, [index, ...batchFirst(operands, axes)], { branches: programs });
      return { results, axes: forced.map((flag) => (flag ? 0 : null)) };
    }
    const all = batched.map(() => true);
    const aligned = batchAll(operands, axes, all, size);
    const everything = Array.from(branches[0].outputs, () => true);
    const results = branches.map((b) =>
      callProgram(batchProgram(b, all, size, axisName, everything).program, aligned),
    );
    let chosen = results[branches.length - 1];
    for (let b = branches.length - 2; b >= 0; b--) {
      const here = atMost(moveAxis(index, indexAxis, 0), b);
      chosen = chosen.map((value, i) => selectLeading(here, results[b][i], value));
    }
    return { results: chosen, axes: everything.map(() => 0) };
  },
};

/** Types of the results: weak only where they are weak in every branch. */
function weakestTypes(branches: readonly Program[]): ArrayType[] {
  const all = branches.map(outputTypes);
  return all[0].map(({ dtype, shape }, i) => ({
    dtype,
    shape,
    weak: all.every((types) => types[i].weak === true),
  }));
}
