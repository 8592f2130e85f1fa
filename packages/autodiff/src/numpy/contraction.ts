// np's products of vectors, matrices and tensors; all are lowered to the one primitive matmul.
import { sizeOf } from "../array.ts";
import type { ArrayLike } from "../as-value.ts";
import { PhxError } from "../errors.ts";
import * as arithmetic from "../primitives/arithmetic.ts";
import { range } from "../primitives/layout.ts";
import { contractionError, matmul as stackedProduct } from "../primitives/matmul.ts";
import { permute, reduceSum, reshape } from "../primitives/structural.ts";
import type { Value } from "../trace.ts";
import { normalizeAxis } from "./axes.ts";
import { promoteNumber } from "./promote.ts";
import { broadcastTo, diagonal, moveaxis } from "./shaping.ts";

/**
 * NumPy's `@`: [m, k] · [k, n] → [m, n]; vectors are rows on the left and columns on the right, and lose that axis;
 * leading axes broadcast.
 */
export function matmul(x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promoteNumber([x, y]);
  if (a.shape.length === 0 || b.shape.length === 0) throw contractionError(a.type, b.type);
  const left = a.shape.length === 1 ? reshape(a, [1, a.shape[0]]) : a;
  const right = b.shape.length === 1 ? reshape(b, [b.shape[0], 1]) : b;
  const [m, k] = left.shape.slice(-2);
  const [l, n] = right.shape.slice(-2);
  if (k !== l) throw contractionError(a.type, b.type);
  const leftStack = left.shape.slice(0, -2);
  const rightStack = right.shape.slice(0, -2);
  const { stack, full } = commonStack(left, right, leftStack, rightStack);
  const product = stackedProduct(
    reshape(full[0], [sizeOf(full[0].shape.slice(0, -2)), m, k]),
    reshape(full[1], [sizeOf(full[1].shape.slice(0, -2)), k, n]),
  );
  return reshape(product, [
    ...stack,
    ...(a.shape.length === 1 ? [] : [m]),
    ...(b.shape.length === 1 ? [] : [n]),
  ]);
}

/** Operands whose leading axes agree, or are all 1 in one of them, which matmul serves without repeating it. */
function commonStack(
  left: Value,
  right: Value,
  leftStack: readonly number[],
  rightStack: readonly number[],
): { readonly stack: readonly number[]; readonly full: readonly [Value, Value] } {
  if (sizeOf(leftStack) === 1 && leftStack.length <= rightStack.length)
    return { stack: rightStack, full: [left, right] };
  if (sizeOf(rightStack) === 1 && rightStack.length <= leftStack.length)
    return { stack: leftStack, full: [left, right] };
  const rank = Math.max(leftStack.length, rightStack.length);
  const at = (stack: readonly number[], axis: number): number => stack[axis - rank + stack.length] ?? 1;
  const stack = range(rank).map((axis) =>
    at(leftStack, axis) === 1 ? at(rightStack, axis) : at(leftStack, axis),
  );
  return {
    stack,
    full: [
      broadcastTo(left, [...stack, ...left.shape.slice(-2)]),
      broadcastTo(right, [...stack, ...right.shape.slice(-2)]),
    ],
  };
}

/** NumPy's dot: matmul for vectors and matrices, a product for scalars; x's last axis with y's last but one. */
export function dot(x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promoteNumber([x, y]);
  if (a.shape.length === 0 || b.shape.length === 0) return arithmetic.mul(a, b);
  if (a.shape.length <= 2 && b.shape.length <= 2) return matmul(a, b);
  return tensordot(a, b, [[a.shape.length - 1], [Math.max(0, b.shape.length - 2)]]);
}

/** Σ x y over all entries. */
export function vdot(x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promoteNumber([x, y]);
  return matmul(reshape(a, [a.size]), reshape(b, [b.size]));
}

/** Σ over the last axis of both. */
export function inner(x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promoteNumber([x, y]);
  if (a.shape.length === 0 || b.shape.length === 0) return arithmetic.mul(a, b);
  return tensordot(a, b, [[a.shape.length - 1], [b.shape.length - 1]]);
}

/** x[i] y[j] of flattened operands. */
export function outer(x: ArrayLike, y: ArrayLike): Value {
  const [a, b] = promoteNumber([x, y]);
  return arithmetic.mul(reshape(a, [a.size, 1]), reshape(b, [1, b.size]));
}

/** Sums products over pairs of axes: the last n of x with the first n of y, or the listed ones. */
export function tensordot(
  x: ArrayLike,
  y: ArrayLike,
  axes: number | readonly [readonly number[], readonly number[]] = 2,
): Value {
  const [a, b] = promoteNumber([x, y]);
  const [p, q] = [a.shape.length, b.shape.length];
  const left =
    typeof axes === "number" ? range(axes).map((i) => p - axes + i) : axes[0].map((i) => normalizeAxis(i, p));
  const right = typeof axes === "number" ? range(axes) : axes[1].map((i) => normalizeAxis(i, q));
  if (left.length !== right.length || left.some((axis, i) => a.shape[axis] !== b.shape[right[i]])) {
    throw contractionError(a.type, b.type);
  }
  const keptLeft = range(p).filter((axis) => !left.includes(axis));
  const keptRight = range(q).filter((axis) => !right.includes(axis));
  const shapeLeft = keptLeft.map((axis) => a.shape[axis]);
  const shapeRight = keptRight.map((axis) => b.shape[axis]);
  const k = sizeOf(left.map((axis) => a.shape[axis]));
  const product = stackedProduct(
    reshape(permute(a, [...keptLeft, ...left]), [1, sizeOf(shapeLeft), k]),
    reshape(permute(b, [...right, ...keptRight]), [1, k, sizeOf(shapeRight)]),
  );
  return reshape(product, [...shapeLeft, ...shapeRight]);
}

interface Term {
  readonly value: Value;
  /** One letter for each axis, all different. */
  readonly labels: string;
}

/**
 * Einstein's sums: `einsum("ij,jk->ik", x, y)`. Every letter names a length; letters that the result lacks are summed.
 * Without `->` the result has the letters that occur once, in alphabetical order. Operands are contracted from the
 * left. No ellipsis.
 */
export function einsum(formula: string, ...operands: readonly ArrayLike[]): Value {
  const [inputs, output] = parseFormula(formula, operands.length);
  const values = promoteNumber(operands);
  const terms = values.map((value, i) => uniqueLabels(formula, value, inputs[i]));
  checkLengths(formula, terms);
  let result = terms[0];
  for (let i = 1; i < terms.length; i++) {
    const later =
      output +
      terms
        .slice(i + 1)
        .map((term) => term.labels)
        .join("");
    result = contract(result, terms[i], later);
  }
  const summed = sumAway(result, output);
  return permute(
    summed.value,
    Array.from(output, (label) => summed.labels.indexOf(label)),
  );
}

function parseFormula(formula: string, count: number): readonly [string[], string] {
  const [left, right, ...more] = formula.replaceAll(" ", "").split("->");
  const inputs = left.split(",");
  const letters = inputs.join("");
  const once = Array.from(new Set(letters))
    .filter((label) => letters.split(label).length === 2)
    .sort()
    .join("");
  const output = right ?? once;
  const wellFormed =
    more.length === 0 &&
    inputs.length === count &&
    /^[A-Za-z]*$/.test(letters + output) &&
    new Set(output).size === output.length &&
    Array.from(output).every((label) => letters.includes(label));
  if (wellFormed) return [inputs, output];
  throw new PhxError({
    code: "PHX948",
    what: `einsum of ${count} operands with the formula "${formula}"`,
    why: "it has one group of letters for each operand, and its result names letters of them, each once",
    fix: 'write a formula like "ij,jk->ik"',
  });
}

/** An operand as a term: repeated letters become diagonals. */
function uniqueLabels(formula: string, value: Value, labels: string): Term {
  if (labels.length !== value.shape.length) {
    throw new PhxError({
      code: "PHX948",
      what: `einsum "${formula}": the group "${labels}" for an operand with ${value.shape.length} axes`,
      why: "there is one letter for each axis",
      fix: "name all axes",
    });
  }
  let term: Term = { value, labels };
  for (let i = 0; i < term.labels.length; i++) {
    const j = term.labels.indexOf(term.labels[i], i + 1);
    if (j < 0) continue;
    if (term.value.shape[i] !== term.value.shape[j]) throw contractionError(value.type, value.type);
    const last = term.value.shape.length - 1;
    const rest = term.labels.slice(0, i) + term.labels.slice(i + 1, j) + term.labels.slice(j + 1);
    term = {
      value: diagonal(moveaxis(moveaxis(term.value, j, last), i, last - 1)),
      labels: rest + term.labels[i],
    };
    i = -1;
  }
  return term;
}

function checkLengths(formula: string, terms: readonly Term[]): void {
  const lengths = new Map<string, number>();
  for (const { value, labels } of terms) {
    for (let i = 0; i < labels.length; i++) {
      const known = lengths.get(labels[i]);
      if (known !== undefined && known !== value.shape[i]) {
        throw new PhxError({
          code: "PHX948",
          what: `einsum "${formula}": "${labels[i]}" is ${known} in one operand and ${value.shape[i]} in another`,
          why: "a letter stands for one length",
          fix: "check the formula, or transpose an operand",
        });
      }
      lengths.set(labels[i], value.shape[i]);
    }
  }
}

/** Sums over the labels that are not wanted any more. */
function sumAway({ value, labels }: Term, wanted: string): Term {
  const axes = range(labels.length).filter((i) => !wanted.includes(labels[i]));
  return {
    value: reduceSum(value, axes),
    labels: Array.from(labels)
      .filter((l) => wanted.includes(l))
      .join(""),
  };
}

/** The product of two terms, summed over what no later term and not the result needs: one stacked matmul. */
function contract(x: Term, y: Term, later: string): Term {
  const a = sumAway(x, y.labels + later);
  const b = sumAway(y, x.labels + later);
  const shared = Array.from(a.labels).filter((label) => b.labels.includes(label));
  const stack = shared.filter((label) => later.includes(label));
  const summed = shared.filter((label) => !later.includes(label));
  const rows = Array.from(a.labels).filter((label) => !b.labels.includes(label));
  const columns = Array.from(b.labels).filter((label) => !a.labels.includes(label));
  const lengthOf = (label: string): number =>
    a.labels.includes(label)
      ? a.value.shape[a.labels.indexOf(label)]
      : b.value.shape[b.labels.indexOf(label)];
  const lengths = (labels: readonly string[]): number[] => labels.map(lengthOf);
  const arrange = (term: Term, order: readonly string[]): Value =>
    permute(
      term.value,
      order.map((label) => term.labels.indexOf(label)),
    );
  const product = stackedProduct(
    reshape(arrange(a, [...stack, ...rows, ...summed]), [
      sizeOf(lengths(stack)),
      sizeOf(lengths(rows)),
      sizeOf(lengths(summed)),
    ]),
    reshape(arrange(b, [...stack, ...summed, ...columns]), [
      sizeOf(lengths(stack)),
      sizeOf(lengths(summed)),
      sizeOf(lengths(columns)),
    ]),
  );
  const labels = [...stack, ...rows, ...columns];
  return { value: reshape(product, lengths(labels)), labels: labels.join("") };
}
