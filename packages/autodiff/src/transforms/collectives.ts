// Collectives: operations over a named batch axis of vmap or pmap.
import type { DType } from "../array.ts";
import { findAxis } from "../axis-names.ts";
import { bind, highestTrace } from "../bind.ts";
import {
  broadcastAxis,
  broadcastInto,
  divide,
  filled,
  identityMatrix,
  maxOverAxis,
  moveAxis,
  multiply,
  sumOverAxis,
} from "../engine-operations.ts";
import { PhxError } from "../errors.ts";
import type { Parameters, Primitive } from "../primitive.ts";
import type { Value } from "../trace.ts";
import type { MapTree } from "../tree.ts";
import { map } from "../tree.ts";
import { leafValue } from "./flat-function.ts";

interface AxisParameters extends Parameters {
  readonly axisName: string;
  readonly size: number;
}

interface MaskParameters extends AxisParameters {
  readonly dtype: DType;
}

/** Outside its vmap a collective has nothing to combine. */
function unbound(name: string, axisName: string): PhxError {
  return new PhxError({
    code: "PHX936",
    what: `${name} over the axis "${axisName}", which is not bound`,
    why: "the program holds a collective and was run outside the vmap or pmap of that name",
    fix: `map it with axisName "${axisName}"`,
  });
}

export const psumPrimitive: Primitive<AxisParameters> = {
  name: "psum",
  documentation: "sum of x over the named axis; the same for every member",
  type: ([x]) => [{ dtype: x.dtype, shape: x.shape, weak: x.weak === true }],
  evaluate(_operands, { axisName }) {
    throw unbound("psum", axisName);
  },
  // Linear: d psum(x) = psum(dx).
  jvp: ([x], [t], parameters) => ({
    primals: bind(psumPrimitive, [x], parameters),
    tangents: t === null ? [null] : bind(psumPrimitive, [t], parameters),
  }),
  // The result of every member reads every member's x: cotangents are summed too, as in JAX.
  transpose: ([cotangent], _operands, parameters) =>
    cotangent === null ? [null] : bind(psumPrimitive, [cotangent], parameters),
  batch([x], [axis], parameters, size, axisName) {
    if (axisName !== parameters.axisName)
      return { results: bind(psumPrimitive, [x], parameters), axes: [axis] };
    const result = axis === null ? multiply(x, filled(x.type, size)) : sumOverAxis(x, axis);
    return { results: [result], axes: [null] };
  },
};

export const allGatherPrimitive: Primitive<AxisParameters> = {
  name: "all_gather",
  documentation: "x of all members of the named axis, stacked at axis 0; the same for every member",
  type: ([x], { size }) => [{ dtype: x.dtype, shape: [size, ...x.shape], weak: x.weak === true }],
  evaluate(_operands, { axisName }) {
    throw unbound("allGather", axisName);
  },
  jvp: ([x], [t], parameters) => ({
    primals: bind(allGatherPrimitive, [x], parameters),
    tangents: t === null ? [null] : bind(allGatherPrimitive, [t], parameters),
  }),
  // Entry i of every member's result is x of member i: sum over members, then each takes its own entry.
  transpose([cotangent], _operands, parameters) {
    if (cotangent === null) return [null];
    const [summed] = bind(psumPrimitive, [cotangent], parameters);
    const [mask] = bind(axisMaskPrimitive, [summed], { ...parameters, dtype: cotangent.dtype });
    return [sumOverAxis(multiply(summed, broadcastInto(mask, summed.shape, [0])), 0)];
  },
  batch([x], [axis], parameters, size, axisName) {
    if (axisName !== parameters.axisName) {
      const results = bind(allGatherPrimitive, [x], parameters);
      return { results, axes: [axis === null ? null : axis + 1] };
    }
    return { results: [axis === null ? broadcastAxis(x, size, 0) : moveAxis(x, axis, 0)], axes: [null] };
  },
};

/** Its operand only says in which trace it is recorded. */
export const axisMaskPrimitive: Primitive<MaskParameters> = {
  name: "axis_mask",
  documentation:
    "a vector over the named axis that is 1 at the member's own place and 0 elsewhere; the operand is not read",
  type: (_operands, { size, dtype }) => [{ dtype, shape: [size] }],
  evaluate(_operands, { axisName }) {
    throw unbound("axis_mask", axisName);
  },
  jvp: ([x], _tangents, parameters) => ({
    primals: bind(axisMaskPrimitive, [x], parameters),
    tangents: [null],
  }),
  batch([x], [axis], parameters, size, axisName) {
    if (axisName === parameters.axisName)
      return { results: [identityMatrix(size, parameters.dtype)], axes: [0] };
    const member = axis === null ? x : sumOverAxis(x, axis);
    return { results: bind(axisMaskPrimitive, [member], parameters), axes: [null] };
  },
};

export const collectivePrimitives: readonly Primitive[] = [
  psumPrimitive,
  allGatherPrimitive,
  axisMaskPrimitive,
];

/**
 * Binds a collective. A value that does not belong to the mapping trace or to one inside it is the same for all
 * members, and `ofConstant` says what becomes of it.
 */
function collective(
  primitive: Primitive<AxisParameters>,
  name: string,
  x: Value,
  axisName: string,
  ofConstant: (x: Value, size: number) => Value,
): Value {
  const { size, index } = findAxis(axisName, name);
  const top = highestTrace([x]);
  if (top === null || top.level < index.trace.level) return ofConstant(x, size);
  return bind(primitive, [x], { axisName, size })[0];
}

const sumOf = (name: string, x: Value, axisName: string): Value =>
  collective(psumPrimitive, name, x, axisName, (same, size) => multiply(same, filled(same.type, size)));

const gathered = (name: string, x: Value, axisName: string): Value =>
  collective(allGatherPrimitive, name, x, axisName, (same, size) => broadcastAxis(same, size, 0));

/** Sum over the named axis, leaf by leaf; PHX936 outside a vmap or pmap of that axisName. */
export function psum<T>(tree: T, axisName: string): MapTree<T, Value> {
  return map((leaf) => sumOf("psum", leafValue(leaf), axisName), tree);
}

/** Mean over the named axis, leaf by leaf. */
export function pmean<T>(tree: T, axisName: string): MapTree<T, Value> {
  const { size } = findAxis(axisName, "pmean");
  return map((leaf) => {
    const sum = sumOf("pmean", leafValue(leaf), axisName);
    return divide(sum, filled(sum.type, size));
  }, tree);
}

/** Maximum over the named axis, leaf by leaf; its derivative is that of the maximum over an axis. */
export function pmax<T>(tree: T, axisName: string): MapTree<T, Value> {
  return map((leaf) => maxOverAxis(gathered("pmax", leafValue(leaf), axisName), 0), tree);
}

/** The values of all members along the named axis, stacked at a new axis 0, leaf by leaf. */
export function allGather<T>(tree: T, axisName: string): MapTree<T, Value> {
  return map((leaf) => gathered("allGather", leafValue(leaf), axisName), tree);
}

/** The member's place along the named axis: an i32 scalar from 0. */
export function axisIndex(axisName: string): Value {
  return findAxis(axisName, "axisIndex").index;
}
