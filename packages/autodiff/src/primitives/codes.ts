// Error codes of the primitives, with what `phx explain` says about them.
import type { CodeExplanation } from "../errors.ts";

function code(
  number: number,
  title: string,
  explanation: string,
  repair: string,
  example: string,
): CodeExplanation {
  return { code: `PHX${number}`, severity: "error", title, explanation, repair, example };
}

export const primitiveCodes: readonly CodeExplanation[] = [
  code(
    927,
    "dtypes do not fit the operation",
    "Operands of an operation have one dtype, of a kind that the operation is defined for: sine needs floats, bit operations need integers or bools.",
    "Convert an operand with astype.",
    'np.sin(np.array([1, 2], "i32").astype("bool"))',
  ),
  code(
    928,
    "shapes do not broadcast",
    "Shapes are aligned at the last axis; there two lengths must agree unless one of them is 1, as in NumPy.",
    "Insert axes of length 1 with expandDims, or transpose an operand.",
    "np.add(np.zeros([2, 3]), np.zeros([2]))",
  ),
  code(
    929,
    "a reshape changes the number of elements",
    "Reshaping keeps the elements in row-major order, so the new shape must hold as many.",
    "Give a shape of as many elements; −1 stands for one length that follows from the others.",
    "np.zeros([2, 3]).reshape([4])",
  ),
  code(
    945,
    "an axis does not exist",
    "Axes are numbered from 0, or from −1 backwards; each may be named once.",
    "Name an axis in range.",
    "np.sum(np.zeros([2, 3]), { axis: 2 })",
  ),
  code(
    946,
    "an index or a stretch is out of bounds",
    "Slices, pads and concrete indices must lie within the array.",
    "Give bounds between 0 and the length of the axis; negative ones count from the end.",
    "np.take(np.zeros([3]), np.array([5]))",
  ),
  code(
    947,
    "a sparse matrix does not fit together",
    "rowOffsets run from 0 to the number of entries without decreasing, columns lie in [0, columnCount), and operands have the lengths that the pattern says.",
    "Check the lengths of rowOffsets, columns and the operands.",
    "csrPattern({ rowOffsets: Int32Array.of(0, 2), columns: Int32Array.of(0), columnCount: 1 })",
  ),
  code(
    948,
    "matrices do not fit together",
    "Contracted axes have the same length, and decompositions need square matrices.",
    "Transpose an operand, or name the axes with einsum.",
    "np.matmul(np.zeros([2, 3]), np.zeros([2, 3]))",
  ),
  code(
    949,
    "an argument is out of range",
    "A static argument (a step, a count, a seed, a shape) has a value that the function is not defined for.",
    "Give a value in the range that the message names.",
    "np.arange(0, 1, 0)",
  ),
];
