// How autodiff's primitives act on arrays of feature expressions.
import { NdArray } from "@phxlang/autodiff";
import type { ArrayType, Parameters, Primitive } from "@phxlang/autodiff";
import { isFeatureOperation, operationArity } from "./feature-operations.ts";
import type { FeatureTable } from "./feature-table.ts";

/** An array of expressions, row-major. */
export interface Expressions {
  readonly type: ArrayType;
  readonly nodes: readonly number[];
}

/** Primitives that only move elements: what they do to numbers of expressions they do to expressions. */
const moves: ReadonlySet<string> = new Set([
  "broadcast",
  "permute",
  "reshape",
  "concatenate",
  "reverse",
  "slice",
  "pad",
]);

/** The elements of the result, or null where the primitive cannot act on expressions. */
export function applyToExpressions(
  table: FeatureTable,
  primitive: Primitive,
  operands: readonly Expressions[],
  parameters: Parameters,
  result: ArrayType,
): readonly number[] | null {
  const { name } = primitive;
  if (moves.has(name)) return move(primitive, operands, parameters, result);
  if (name === "gather") return gather(table, primitive, operands, parameters, result);
  if (name === "convert") return convert(table, operands[0], result);
  if (name === "stop_gradient") return operands[0].nodes;
  if (name === "reduceSum") return reduce(table, "add", operands[0], parameters, result);
  if (name === "reduceMax") return reduce(table, "max", operands[0], parameters, result);
  if (name === "reduceMin") return reduce(table, "min", operands[0], parameters, result);
  if (name === "matmul") return matmul(table, operands, parameters, result);
  if (result.dtype !== "f64" && result.dtype !== "bool") return null;
  const [x, y, z] = operands.map((operand) => broadcastNodes(operand, result.shape));
  const at = elementwise(table, name, parameters, operands[0].type);
  return at === null ? null : x.map((node, i) => at(node, y?.[i] ?? -1, z?.[i] ?? -1));
}

type ElementRule = (x: number, y: number, z: number) => number;

function elementwise(
  table: FeatureTable,
  name: string,
  parameters: Parameters,
  first: ArrayType,
): ElementRule | null {
  const one = table.constant(1);
  const not = (x: number): number => table.apply("sub", one, x);
  switch (name) {
    case "notEqual":
      return (x, y) => not(table.apply("equal", x, y));
    case "not":
      return first.dtype === "bool" ? not : null;
    case "and":
      return first.dtype === "bool" ? (x, y) => table.apply("mul", x, y) : null;
    case "or":
      return first.dtype === "bool" ? (x, y) => table.apply("max", x, y) : null;
    case "xor":
      return first.dtype === "bool" ? (x, y) => not(table.apply("equal", x, y)) : null;
    case "integerPow": {
      const exponent = table.constant(Number(parameters["exponent"]));
      return (x) => table.apply("pow", x, exponent);
    }
    default:
  }
  if (!isFeatureOperation(name)) return null;
  const arity = operationArity(name);
  return (x, y, z) => table.apply(name, ...[x, y, z].slice(0, arity));
}

/** Runs the primitive on the numbers of the expressions. */
function move(
  primitive: Primitive,
  operands: readonly Expressions[],
  parameters: Parameters,
  result: ArrayType,
): readonly number[] {
  const numbers = operands.map(({ type, nodes }) => new NdArray(Float64Array.from(nodes), type.shape, "f64"));
  const [moved] = primitive.evaluate(numbers, parameters, [{ dtype: "f64", shape: result.shape }]);
  return Array.from(moved.elements);
}

/** Of constant indices that are all within the array; what lies outside would read as something else. */
function gather(
  table: FeatureTable,
  primitive: Primitive,
  [from, at]: readonly Expressions[],
  parameters: Parameters,
  result: ArrayType,
): readonly number[] | null {
  const indices = at.nodes.map((node) => table.constantValue(node) ?? NaN);
  if (!indices.every((index) => index >= 0 && index < from.type.shape[1])) return null;
  const [moved] = primitive.evaluate(
    [
      new NdArray(Float64Array.from(from.nodes), from.type.shape, "f64"),
      new NdArray(Int32Array.from(indices), at.type.shape, "i32"),
    ],
    parameters,
    [{ dtype: "f64", shape: result.shape }],
  );
  return Array.from(moved.elements);
}

/** To f64: as it is. To bool: x ≠ 0. To anything else only constants that stay what they are. */
function convert(table: FeatureTable, operand: Expressions, result: ArrayType): readonly number[] | null {
  const from = operand.type.dtype;
  if (result.dtype === "f64" || from === result.dtype) return operand.nodes;
  if (result.dtype === "bool") {
    const [zero, one] = [table.constant(0), table.constant(1)];
    return operand.nodes.map((node) => table.apply("sub", one, table.apply("equal", node, zero)));
  }
  const values = operand.nodes.map((node) => table.constantValue(node));
  return values.every((value) => value !== undefined && Number.isInteger(value) && Math.abs(value) < 2 ** 31)
    ? operand.nodes
    : null;
}

function reduce(
  table: FeatureTable,
  operation: "add" | "max" | "min",
  operand: Expressions,
  parameters: Parameters,
  result: ArrayType,
): readonly number[] | null {
  const axes = parameters["axes"];
  if (!Array.isArray(axes)) return null;
  const { shape } = operand.type;
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const size = result.shape.reduce((product, length) => product * length, 1);
  const totals: (number | undefined)[] = Array.from({ length: size }, () => undefined);
  operand.nodes.forEach((node, flat) => {
    const index = unflatten(flat, shape);
    const place = kept.reduce((sum, axis) => sum * shape[axis] + index[axis], 0);
    const total = totals[place];
    totals[place] = total === undefined ? node : table.apply(operation, total, node);
  });
  return totals.map((total) => total ?? table.constant(0));
}

function unflatten(flat: number, shape: readonly number[]): number[] {
  const index = shape.map(() => 0);
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

function broadcastNodes({ type, nodes }: Expressions, shape: readonly number[]): readonly number[] {
  const size = shape.reduce((product, length) => product * length, 1);
  if (nodes.length === size) return nodes;
  const offset = shape.length - type.shape.length;
  return Array.from({ length: size }, (_, flat) => {
    const index = unflatten(flat, shape);
    return nodes[
      type.shape.reduce((sum, length, axis) => sum * length + (length === 1 ? 0 : index[axis + offset]), 0)
    ];
  });
}

/** [b, m, k] · [b, k, n], as sums of products. */
function matmul(
  table: FeatureTable,
  [left, right]: readonly Expressions[],
  parameters: Parameters,
  result: ArrayType,
): readonly number[] {
  const [, m, n] = result.shape;
  const transposeLeft = parameters["transposeLeft"] === true;
  const transposeRight = parameters["transposeRight"] === true;
  const k = left.type.shape[transposeLeft ? 1 : 2];
  const size = result.shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, flat) => {
    const [batch, row, column] = unflatten(flat, result.shape);
    const leftBase = left.type.shape[0] === 1 ? 0 : batch * m * k;
    const rightBase = right.type.shape[0] === 1 ? 0 : batch * k * n;
    let sum = table.constant(0);
    for (let j = 0; j < k; j++) {
      const x = left.nodes[leftBase + (transposeLeft ? j * m + row : row * k + j)];
      const y = right.nodes[rightBase + (transposeRight ? column * k + j : j * n + column)];
      sum = table.apply("add", sum, table.apply("mul", x, y));
    }
    return sum;
  });
}
