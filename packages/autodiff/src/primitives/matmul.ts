// Matrix products of stacks of matrices: the one contraction, which dot, einsum and tensordot are lowered to.
import type { ArrayType } from "../array.ts";
import { allocate, sizeOf, typeText } from "../array.ts";
import { PhxError } from "../errors.ts";
import { NdArray } from "../ndarray.ts";
import type { Parameters, Primitive, Tangent } from "../primitive.ts";
import type { Value } from "../trace.ts";
import { addTangents } from "./arithmetic.ts";
import { apply, batchedFirst, isLinearOperand, single } from "./apply.ts";
import { copyStrided } from "./layout.ts";
import { numbers } from "./elementwise.ts";
import { broadcastInto, moveAxis, reduceSum, reshape } from "./structural.ts";

export interface MatmulParameters extends Parameters {
  readonly transposeLeft: boolean;
  readonly transposeRight: boolean;
}

/** Rows and columns of a stack as seen by the product. */
function sides(shape: readonly number[], transposed: boolean): readonly [number, number] {
  return transposed ? [shape[2], shape[1]] : [shape[1], shape[2]];
}

export const matmulPrimitive: Primitive<MatmulParameters> = {
  name: "matmul",
  documentation:
    "x [b, m, k] · y [b, k, n] → [b, m, n]; an operand with b = 1 serves all; with transposeLeft x is [b, k, m], with transposeRight y is [b, n, k]",
  type([x, y], { transposeLeft, transposeRight }) {
    const fits =
      x.shape.length === 3 &&
      y.shape.length === 3 &&
      x.dtype === y.dtype &&
      numbers.includes(x.dtype) &&
      sides(x.shape, transposeLeft)[1] === sides(y.shape, transposeRight)[0] &&
      (x.shape[0] === y.shape[0] || x.shape[0] === 1 || y.shape[0] === 1);
    if (!fits) throw contractionError(x, y);
    const shape = [
      x.shape[0] === 1 ? y.shape[0] : x.shape[0],
      sides(x.shape, transposeLeft)[0],
      sides(y.shape, transposeRight)[1],
    ];
    const weak = x.weak === true && y.weak === true;
    return [weak ? { dtype: x.dtype, shape, weak } : { dtype: x.dtype, shape }];
  },
  // Each entry is summed from 0 on in the order of the contracted axis, in the dtype of the operands.
  evaluate([x, y], { transposeLeft, transposeRight }, [type]) {
    const a = rowMajor(x, transposeLeft);
    const b = rowMajor(y, transposeRight);
    const [stack, m, n] = type.shape;
    const k = sides(x.shape, transposeLeft)[1];
    const out = allocate(type.dtype, sizeOf(type.shape));
    const isInteger = type.dtype === "i32" || type.dtype === "u32";
    const isSingle = type.dtype === "f32";
    for (let s = 0; s < stack; s++) {
      const atA = x.shape[0] === 1 ? 0 : s * m * k;
      const atB = y.shape[0] === 1 ? 0 : s * k * n;
      for (let i = 0; i < m; i++) {
        const row = (s * m + i) * n;
        for (let l = 0; l < k; l++) {
          const factor = a[atA + i * k + l];
          const from = atB + l * n;
          if (isInteger) for (let j = 0; j < n; j++) out[row + j] += Math.imul(factor, b[from + j]);
          else if (isSingle) for (let j = 0; j < n; j++) out[row + j] += Math.fround(factor * b[from + j]);
          else for (let j = 0; j < n; j++) out[row + j] += factor * b[from + j];
        }
      }
    }
    return [new NdArray(out, type.shape, type.dtype, type.weak)];
  },
  // d(X Y) = dX Y + X dY
  jvp([x, y], [tx, ty], { transposeLeft, transposeRight }) {
    const product = (a: Value, b: Value): Value => matmul(a, b, transposeLeft, transposeRight);
    return single(product(x, y), addTangents(tx && product(tx, y), ty && product(x, ty)));
  },
  transpose([ct], [x, y], { transposeLeft: tl, transposeRight: tr }): readonly Tangent[] {
    if (ct === null) return [null, null];
    if (isLinearOperand(x)) {
      // dX = ct Yᵀ, and its transpose Y ctᵀ if x is stored transposed
      const other = y as Value;
      const back = tl ? matmul(other, ct, tr, true) : matmul(ct, other, false, !tr);
      return [sumStack(back, x.type), null];
    }
    if (!isLinearOperand(y)) return [null, null];
    // dY = Xᵀ ct, and its transpose ctᵀ X
    const back = tr ? matmul(ct, x, true, tl) : matmul(x, ct, !tl, false);
    return [null, sumStack(back, y.type)];
  },
  batch(operands, axes, { transposeLeft, transposeRight }, size) {
    const [x, y] = operands.map((operand, i) => {
      const axis = axes[i];
      return axis === null ? operand : moveAxis(operand, axis, 0);
    });
    const [xBatched, yBatched] = axes.map((axis) => axis !== null);
    const stackX = x.shape[xBatched ? 1 : 0];
    const stackY = y.shape[yBatched ? 1 : 0];
    const stack = Math.max(stackX, stackY);
    if (xBatched && !yBatched && stack === 1 && !transposeLeft) {
      // One tall matrix instead of many: [size, 1, m, k] is [1, size · m, k].
      const [, , m, k] = x.shape;
      const product = matmul(reshape(x, [1, size * m, k]), y, false, transposeRight);
      return batchedFirst(reshape(product, [size, 1, m, product.shape[2]]));
    }
    const left = mergeStack(x, xBatched, stack, size);
    const right = mergeStack(y, yBatched, stack, size);
    const product = matmul(left, right, transposeLeft, transposeRight);
    return batchedFirst(reshape(product, [size, stack, product.shape[1], product.shape[2]]));
  },
};

/** Folds the batch into the stack: [size, own, p, q] → [size · stack, p, q]; what serves everything stays. */
function mergeStack(x: Value, batched: boolean, stack: number, size: number): Value {
  const [own, p, q] = x.shape.slice(-3);
  if (!batched && own === 1) return x;
  const dimensions = batched ? [0, 1, 2, 3] : [1, 2, 3];
  return reshape(broadcastInto(x, [size, stack, p, q], dimensions), [size * stack, p, q]);
}

function rowMajor(x: NdArray, transposed: boolean): NdArray["elements"] {
  if (!transposed) return x.elements;
  const [stack, p, q] = x.shape;
  return copyStrided(x.elements, x.dtype, [stack, q, p], 0, [p * q, 1, q]);
}

/** Sums over the stack for an operand that served all of it. */
function sumStack(ct: Value, type: ArrayType): Value {
  return type.shape[0] === 1 && ct.shape[0] !== 1 ? reshape(reduceSum(ct, [0]), type.shape) : ct;
}

export function matmul(x: Value, y: Value, transposeLeft = false, transposeRight = false): Value {
  return apply(matmulPrimitive, [x, y], { transposeLeft, transposeRight });
}

export function contractionError(x: ArrayType, y: ArrayType): PhxError {
  return new PhxError({
    code: "PHX948",
    what: `a product of ${typeText(x)} and ${typeText(y)}`,
    why: "the operands must have one dtype and agree in the length of the contracted axis and of the leading ones",
    fix: "transpose an operand, or name the axes with einsum",
  });
}
