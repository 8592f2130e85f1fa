// The transforms of programs into programs; each result is kept with its program, so that it is made once.
import { internalError } from "../errors.ts";
import { callProgram } from "../evaluate-program.ts";
import { moveAxis, broadcastAxis } from "../engine-operations.ts";
import { pruneInputs } from "../passes/dead-code.ts";
import { simplify } from "../passes/simplify.ts";
import { LinearOperand } from "../primitive.ts";
import type { Program } from "../program.ts";
import { traceProgram } from "../program-trace.ts";
import { inputTypes, outputTypes } from "../program-types.ts";
import type { Value } from "../trace.ts";
import { batchFlat } from "./batch-trace.ts";
import { jvpFlat } from "./jvp-trace.ts";
import { linearizeFlat } from "./linearize-flat.ts";
import { transposeProgram } from "./transpose-program.ts";
import { instantiateOne } from "./zero-tangents.ts";

/** Keeps results by program and by a key of the other arguments; they go when the program goes. */
export function kept<R>(): (program: Program, key: string, make: () => R) => R {
  const cache = new WeakMap<Program, Map<string, R>>();
  return (program, key, make) => {
    let results = cache.get(program);
    if (results === undefined) {
      results = new Map();
      cache.set(program, results);
    }
    let result = results.get(key);
    if (result === undefined) {
      result = make();
      results.set(key, result);
    }
    return result;
  };
}

const bits = (flags: readonly boolean[]): string => flags.map((flag) => (flag ? "1" : "0")).join("");

function closed(f: (inputs: readonly Value[]) => readonly Value[], types: Program["types"]): Program {
  const { program, captured } = traceProgram(f, types, "a transformed program");
  if (captured.length > 0) throw internalError("a closed program captured a tracer");
  return program;
}

export interface JvpProgram {
  /** Inputs: primals, then the tangents that are not zero. Outputs: primals, then tangents that are not zero. */
  readonly program: Program;
  readonly nonzeroOutputs: readonly boolean[];
}

const jvpCache = kept<JvpProgram>();

/** Forward mode. Outputs marked in `forced` get a tangent even where it is zero. */
export function jvpProgram(
  program: Program,
  nonzero: readonly boolean[],
  forced?: readonly boolean[],
): JvpProgram {
  return jvpCache(program, `${bits(nonzero)}/${bits(forced ?? [])}`, () => {
    const types = inputTypes(program);
    let nonzeroOutputs: readonly boolean[] = [];
    const result = closed(
      (inputs) => {
        let next = types.length;
        const tangents = nonzero.map((flag) => (flag ? inputs[next++] : null));
        const out = jvpFlat((xs) => callProgram(program, xs), inputs.slice(0, types.length), tangents, "jvp");
        nonzeroOutputs = out.tangents.map((tangent, i) => tangent !== null || forced?.[i] === true);
        const shown = out.tangents.flatMap((tangent, i) =>
          nonzeroOutputs[i] ? [instantiateOne(out.primals[i], tangent)] : [],
        );
        return [...out.primals, ...shown];
      },
      [...types, ...types.filter((_, i) => nonzero[i])],
    );
    return { program: simplify(result), nonzeroOutputs };
  });
}

export interface LinearizedProgram {
  /** Inputs as the program's. Outputs: the program's, then the new residuals. */
  readonly primal: Program;
  /** Inputs: tangents of the marked inputs, then all residuals. Outputs: tangents that are not zero. */
  readonly linear: Program;
  /**
   * Where each residual of `linear` comes from: input number of the program, or −1 − r for the r-th new
   * residual of `primal`.
   */
  readonly residualSources: readonly number[];
  readonly nonzeroOutputs: readonly boolean[];
}

const linearizeCache = kept<LinearizedProgram>();

/** Splits a program into its nonlinear part, which keeps what the linear part will need, and the linear part. */
export function linearizeProgram(
  program: Program,
  marked: readonly boolean[],
  forced?: readonly boolean[],
): LinearizedProgram {
  return linearizeCache(program, `${bits(marked)}/${bits(forced ?? [])}`, () => {
    const types = inputTypes(program);
    const outTypes = outputTypes(program);
    let linear: Program | null = null;
    let residualSources: readonly number[] = [];
    let nonzeroOutputs: readonly boolean[] = [];
    const primal = closed((inputs) => {
      const result = linearizeFlat((xs) => callProgram(program, xs), inputs, marked, "linearize");
      const { outputIndex, tangentCount } = result.linear;
      nonzeroOutputs = outputIndex.map((index, i) => index >= 0 || forced?.[i] === true);
      const complete = withForcedZeros(result.linear.program, outputIndex, nonzeroOutputs, outTypes);
      const pruned = pruneInputs(simplify(complete), tangentCount);
      linear = pruned.program;
      const residuals: Value[] = [];
      residualSources = pruned.inputs.slice(tangentCount).map((number) => {
        const value = result.linear.captured[number - tangentCount];
        const input = inputs.indexOf(value);
        return input >= 0 ? input : -residuals.push(value);
      });
      return [...result.outputs, ...residuals];
    }, types);
    if (linear === null) throw internalError("linearization recorded nothing");
    return { primal: simplify(primal), linear, residualSources, nonzeroOutputs };
  });
}

/** Adds outputs of zeros where a tangent was asked for and there is none. */
function withForcedZeros(
  linear: Program,
  outputIndex: readonly number[],
  nonzero: readonly boolean[],
  outTypes: Program["types"],
): Program {
  if (outputIndex.every((index, i) => index >= 0 === nonzero[i])) return linear;
  return closed((inputs) => {
    const results = callProgram(linear, inputs);
    return outputIndex.flatMap((index, i) =>
      nonzero[i] ? [index >= 0 ? results[index] : instantiateOne({ type: outTypes[i] }, null)] : [],
    );
  }, inputTypes(linear));
}

const transposeCache = kept<Program>();

/**
 * Reverse mode of a program that is linear in the marked inputs. Inputs of the result: the unmarked inputs, then
 * cotangents of the outputs marked in `cotangents`. Outputs: cotangents of the marked inputs, zeros included.
 */
export function transposedProgram(
  program: Program,
  linear: readonly boolean[],
  cotangents: readonly boolean[],
): Program {
  return transposeCache(program, `${bits(linear)}/${bits(cotangents)}`, () => {
    const types = inputTypes(program);
    const outTypes = outputTypes(program);
    const known = types.filter((_, i) => !linear[i]);
    const result = closed(
      (inputs) => {
        let next = 0;
        const operands = types.map((type, i) => (linear[i] ? new LinearOperand(type) : inputs[next++]));
        const given = cotangents.map((flag) => (flag ? inputs[next++] : null));
        const back = transposeProgram(program, operands, given);
        return types.flatMap((type, i) => (linear[i] ? [instantiateOne({ type }, back[i])] : []));
      },
      [...known, ...outTypes.filter((_, i) => cotangents[i])],
    );
    return simplify(result);
  });
}

export interface BatchedProgram {
  readonly program: Program;
  /** Whether each output has the batch axis, which is then axis 0. */
  readonly batchedOutputs: readonly boolean[];
}

const batchCache = kept<BatchedProgram>();

/** The program over a batch: marked inputs have it as axis 0. Outputs marked in `forced` get it in any case. */
export function batchProgram(
  program: Program,
  batched: readonly boolean[],
  size: number,
  axisName: string | undefined,
  forced?: readonly boolean[],
): BatchedProgram {
  const key = `${bits(batched)}/${bits(forced ?? [])}/${size}/${axisName === undefined ? "" : JSON.stringify(axisName)}`;
  return batchCache(program, key, () => {
    const types = inputTypes(program).map((type, i) =>
      batched[i] ? { dtype: type.dtype, shape: [size, ...type.shape], weak: type.weak === true } : type,
    );
    let batchedOutputs: readonly boolean[] = [];
    const result = closed((inputs) => {
      const axes = batched.map((flag) => (flag ? 0 : null));
      const out = batchFlat((xs) => callProgram(program, xs), inputs, axes, size, axisName, "vmap");
      batchedOutputs = out.axes.map((axis, i) => axis !== null || forced?.[i] === true);
      return out.results.map((value, i) => {
        const axis = out.axes[i];
        if (axis !== null) return moveAxis(value, axis, 0);
        return batchedOutputs[i] ? broadcastAxis(value, size, 0) : value;
      });
    }, types);
    return { program: simplify(result), batchedOutputs };
  });
}
