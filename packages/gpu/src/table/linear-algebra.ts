// Dense linear algebra on stacks of matrices [b, n, n]: one invocation for each matrix, or for each right-hand side.
import type { ArrayType } from "@phxlang/autodiff";
import { sizeOf } from "@phxlang/autodiff";
import type { Code } from "../program/code.ts";
import type { Kernel, KernelContext, MemoryArray } from "../program/lowering.ts";
import type { Scalar } from "../program/scalars.ts";
import { operate, unravel } from "./indices.ts";

/** One matrix of a stack, or one column of a stack of right-hand sides, by its row and column. */
interface Matrix {
  get(row: string, column: string): string;
  set(row: string, column: string, value: string): string;
}

/** Matrix number s of a dense stack. */
function matrixOf(array: MemoryArray, s: string): Matrix {
  const [, rows, columns] = array.type.shape;
  const place = (i: string, j: string): string =>
    `(${s} * ${rows * columns}u + (${i}) * ${columns}u + (${j}))`;
  return { get: (i, j) => array.at([s, i, j]), set: (i, j, value) => array.store(place(i, j), value) };
}

/** The arithmetic of one dtype, each result under a name. */
function named(
  code: Code,
  scalar: Scalar,
): (name: "add" | "sub" | "mul" | "div" | "neg" | "abs" | "sqrt" | "log", ...x: string[]) => string {
  return (name, ...x) => code.let(operate(scalar, name, ...x));
}

function copyAll({ each }: KernelContext, from: MemoryArray, to: MemoryArray): void {
  each(sizeOf(from.type.shape), (code, i) => code.add(to.store(i, code.let(from.load(i)))));
}

export interface TriangularOptions {
  readonly lower: boolean;
  readonly transposed: boolean;
  readonly unit: boolean;
}

/** Replaces column j of x by the solution of T X = B, or Tᵀ X = B. */
function writeTriangularSolve(
  code: Code,
  scalar: Scalar,
  t: Matrix,
  x: Matrix,
  j: string,
  n: number,
  { lower, transposed, unit }: TriangularOptions,
): void {
  const forwards = lower !== transposed;
  code.for("0u", `${n}u`, (step) => {
    const i = code.let(forwards ? step : `${n - 1}u - ${step}`);
    const value = code.variable(x.get(i, j));
    code.for("0u", step, (other) => {
      const k = code.let(forwards ? other : `${n - 1}u - ${other}`);
      const factor = code.let(transposed ? t.get(k, i) : t.get(i, k));
      code.if(scalar.compare("notEqual", factor, scalar.literal(0)), () => {
        const product = code.let(operate(scalar, "mul", factor, code.let(x.get(k, j))));
        code.set(value, operate(scalar, "sub", value, product));
      });
    });
    if (!unit) code.set(value, operate(scalar, "div", value, code.let(t.get(i, i))));
    code.add(x.set(i, j, value));
  });
}

const triangularSolve: Kernel = {
  kind: "kernel",
  emit(context, [t, b], [result], parameters) {
    const [stack, n, m] = b.type.shape;
    const scalar = context.scalars(b.type.dtype);
    copyAll(context, b, result);
    context.each(n === 0 ? 0 : stack * m, (code, i) => {
      const [s, j] = unravel(i, [stack, m]).map((index) => code.let(index));
      const options = parameters as unknown as TriangularOptions;
      writeTriangularSolve(code, scalar, matrixOf(t, s), matrixOf(result, s), j, n, options);
    });
  },
};

const cholesky: Kernel = {
  kind: "kernel",
  emit({ scalars, each }, [a], [result]) {
    const [stack, n] = a.type.shape;
    const scalar = scalars(a.type.dtype);
    each(n === 0 ? 0 : stack, (code, s) => {
      const from = matrixOf(a, s);
      const l = matrixOf(result, s);
      const failed = code.variable("false");
      code.for("0u", `${n}u`, (j) => {
        code.for(j, `${n}u`, (i) => {
          const sum = code.variable(from.get(i, j));
          code.for("0u", j, (k) => {
            const product = code.let(operate(scalar, "mul", code.let(l.get(i, k)), code.let(l.get(j, k))));
            code.set(sum, operate(scalar, "sub", sum, product));
          });
          code.if(
            `${i} > ${j}`,
            () => code.add(l.set(i, j, code.let(operate(scalar, "div", sum, code.let(l.get(j, j)))))),
            () => {
              code.if(`!${scalar.compare("less", scalar.literal(0), sum)}`, () => code.set(failed, "true"));
              code.add(l.set(j, j, code.let(operate(scalar, "sqrt", sum))));
            },
          );
        });
        code.for(`${j} + 1u`, `${n}u`, (k) => code.add(l.set(j, k, scalar.literal(0))));
      });
      code.if(failed, () => {
        code.for("0u", `${n * n}u`, (k) =>
          code.add(result.store(`(${s} * ${n * n}u + ${k})`, scalar.literal(NaN))),
        );
      });
    });
  },
};

function writeSwap(
  code: Code,
  first: readonly [string, (value: string) => string],
  second: typeof first,
): void {
  const [a, b] = [code.let(first[0]), code.let(second[0])];
  code.add(first[1](b));
  code.add(second[1](a));
}

/** Replaces a matrix by L and U, with partial pivoting; the sign of the permutation, as an i32 variable. */
function writeLu(
  code: Code,
  scalar: Scalar,
  a: Matrix,
  n: number,
  permutation: { get(i: string): string; set(i: string, value: string): string },
): string {
  const compute = named(code, scalar);
  const sign = code.variable("1i");
  code.for("0u", `${n}u`, (i) => code.add(permutation.set(i, `i32(${i})`)));
  code.for("0u", `${n}u`, (j) => {
    const pivot = code.variable(j);
    const largest = code.variable(operate(scalar, "abs", code.let(a.get(j, j))));
    code.for(`${j} + 1u`, `${n}u`, (i) => {
      const size = compute("abs", code.let(a.get(i, j)));
      code.if(scalar.compare("less", largest, size), () => {
        code.set(pivot, i);
        code.set(largest, size);
      });
    });
    code.if(`${pivot} != ${j}`, () => {
      code.set(sign, `-${sign}`);
      code.for("0u", `${n}u`, (k) =>
        writeSwap(
          code,
          [a.get(pivot, k), (value) => a.set(pivot, k, value)],
          [a.get(j, k), (value) => a.set(j, k, value)],
        ),
      );
      writeSwap(
        code,
        [permutation.get(pivot), (value) => permutation.set(pivot, value)],
        [permutation.get(j), (value) => permutation.set(j, value)],
      );
    });
    const diagonal = code.let(a.get(j, j));
    code.if(scalar.compare("notEqual", diagonal, scalar.literal(0)), () => {
      code.for(`${j} + 1u`, `${n}u`, (i) => {
        const factor = compute("div", code.let(a.get(i, j)), diagonal);
        code.add(a.set(i, j, factor));
        code.if(scalar.compare("notEqual", factor, scalar.literal(0)), () => {
          code.for(`${j} + 1u`, `${n}u`, (k) => {
            const product = compute("mul", factor, code.let(a.get(j, k)));
            code.add(a.set(i, k, compute("sub", code.let(a.get(i, k)), product)));
          });
        });
      });
    });
  });
  return sign;
}

/** A list of integers of a stack [b, n]. */
function listOf(
  array: MemoryArray,
  s: string,
): { get(i: string): string; set(i: string, value: string): string } {
  const n = array.type.shape[1];
  return {
    get: (i) => array.at([s, i]),
    set: (i, value) => array.store(`(${s} * ${n}u + (${i}))`, value),
  };
}

const lu: Kernel = {
  kind: "kernel",
  emit(context, [a], [factors, permutation]) {
    const [stack, n] = a.type.shape;
    copyAll(context, a, factors);
    context.each(n === 0 ? 0 : stack, (code, s) => {
      writeLu(code, context.scalars(a.type.dtype), matrixOf(factors, s), n, listOf(permutation, s));
    });
  },
};

const luScratch = ({ dtype, shape }: ArrayType): readonly ArrayType[] => [
  { dtype, shape },
  { dtype: "i32", shape: shape.slice(0, 2) },
];

const solve: Kernel = {
  kind: "kernel",
  scratch: ([a, b]) => [...luScratch(a), { dtype: b.dtype, shape: b.shape }],
  emit(context, [a, b], [result], parameters) {
    const [factors, permutation, given] = context.scratch;
    const [stack, n, m] = b.type.shape;
    const scalar = context.scalars(b.type.dtype);
    const transposed = parameters["transposed"] === true;
    copyAll(context, a, factors);
    context.each(n === 0 ? 0 : stack, (code, s) => {
      writeLu(code, scalar, matrixOf(factors, s), n, listOf(permutation, s));
    });
    context.each(n === 0 ? 0 : stack * m, (code, i) => {
      const [s, j] = unravel(i, [stack, m]).map((index) => code.let(index));
      const right = matrixOf(b, s);
      const x = matrixOf(result, s);
      const work = matrixOf(given, s);
      const rows = listOf(permutation, s);
      const lower = { lower: true, transposed, unit: true };
      const upper = { lower: false, transposed, unit: false };
      const system = matrixOf(factors, s);
      // A = Pᵀ L U, so that Aᵀ X = B is Uᵀ Lᵀ P X = B.
      code.for("0u", `${n}u`, (row) => {
        const source = transposed ? row : code.let(`u32(${rows.get(row)})`);
        code.add(work.set(row, j, code.let(right.get(source, j))));
      });
      for (const options of transposed ? [upper, lower] : [lower, upper]) {
        writeTriangularSolve(code, scalar, system, work, j, n, options);
      }
      code.for("0u", `${n}u`, (row) => {
        const target = transposed ? code.let(`u32(${rows.get(row)})`) : row;
        code.add(x.set(target, j, code.let(work.get(row, j))));
      });
    });
  },
};

const det: Kernel = {
  kind: "kernel",
  scratch: ([a]) => luScratch(a),
  emit(context, [a], [result]) {
    const [factors, permutation] = context.scratch;
    const [stack, n] = a.type.shape;
    const scalar = context.scalars(a.type.dtype);
    copyAll(context, a, factors);
    context.each(stack, (code, s) => {
      const matrix = matrixOf(factors, s);
      const sign = n === 0 ? "1i" : writeLu(code, scalar, matrix, n, listOf(permutation, s));
      const product = code.variable(`select(${scalar.literal(-1)}, ${scalar.literal(1)}, ${sign} > 0)`);
      code.for("0u", `${n}u`, (i) =>
        code.set(product, operate(scalar, "mul", product, code.let(matrix.get(i, i)))),
      );
      code.add(result.store(s, product));
    });
  },
};

const slogdet: Kernel = {
  kind: "kernel",
  supports: (scalars, [{ dtype }]) => scalars(dtype).unary("log", "x") !== undefined,
  scratch: ([a]) => luScratch(a),
  emit(context, [a], [signs, logarithms]) {
    const [factors, permutation] = context.scratch;
    const [stack, n] = a.type.shape;
    const scalar = context.scalars(a.type.dtype);
    copyAll(context, a, factors);
    context.each(stack, (code, s) => {
      const compute = named(code, scalar);
      const matrix = matrixOf(factors, s);
      const parity = n === 0 ? "1i" : writeLu(code, scalar, matrix, n, listOf(permutation, s));
      const sign = code.variable(`select(${scalar.literal(-1)}, ${scalar.literal(1)}, ${parity} > 0)`);
      const sum = code.variable(scalar.literal(0));
      code.for("0u", `${n}u`, (i) => {
        const pivot = code.let(matrix.get(i, i));
        code.set(sign, operate(scalar, "mul", sign, code.let(operate(scalar, "sign", pivot))));
        code.set(sum, operate(scalar, "add", sum, compute("log", compute("abs", pivot))));
      });
      code.add(signs.store(s, sign));
      code.add(logarithms.store(s, sum));
    });
  },
};

/**
 * Cofactors by complete pivoting, P A Q = L U, so that only the last pivot can be small while the others are not:
 * adj U is formed without dividing by that pivot, and adj A = ± Q adj(U) L⁻¹ P.
 */
const cofactor: Kernel = {
  kind: "kernel",
  scratch: ([{ dtype, shape }]) => [
    { dtype, shape },
    { dtype, shape },
    { dtype: "i32", shape: shape.slice(0, 2) },
    { dtype: "i32", shape: shape.slice(0, 2) },
  ],
  emit(context, [a], [result]) {
    const [work, adjugates, rowLists, columnLists] = context.scratch;
    const [stack, n] = a.type.shape;
    const scalar = context.scalars(a.type.dtype);
    copyAll(context, a, work);
    context.each(n === 0 ? 0 : stack, (code, s) => {
      const compute = named(code, scalar);
      const zero = scalar.literal(0);
      const u = matrixOf(work, s);
      const out = matrixOf(result, s);
      const adjugate = matrixOf(adjugates, s);
      const rows = listOf(rowLists, s);
      const columns = listOf(columnLists, s);
      const sign = code.variable("1i");
      code.for("0u", `${n}u`, (i) => {
        code.add(rows.set(i, `i32(${i})`));
        code.add(columns.set(i, `i32(${i})`));
        code.for("0u", `${n}u`, (k) => {
          code.add(out.set(i, k, zero));
          code.add(adjugate.set(i, k, zero));
        });
      });
      code.for("0u", `${n}u`, (j) => {
        const [p, q] = [code.variable(j), code.variable(j)];
        const largest = code.variable(operate(scalar, "abs", code.let(u.get(j, j))));
        code.for(j, `${n}u`, (i) =>
          code.for(j, `${n}u`, (k) => {
            const size = compute("abs", code.let(u.get(i, k)));
            code.if(scalar.compare("less", largest, size), () => {
              code.set(p, i);
              code.set(q, k);
              code.set(largest, size);
            });
          }),
        );
        const swap = (
          list: typeof rows,
          other: string,
          get: (at: string, k: string) => string,
          set: (at: string, k: string, value: string) => string,
        ): void =>
          code.if(`${other} != ${j}`, () => {
            code.set(sign, `-${sign}`);
            code.for("0u", `${n}u`, (k) =>
              writeSwap(
                code,
                [get(other, k), (value) => set(other, k, value)],
                [get(j, k), (value) => set(j, k, value)],
              ),
            );
            writeSwap(
              code,
              [list.get(other), (value) => list.set(other, value)],
              [list.get(j), (value) => list.set(j, value)],
            );
          });
        swap(
          rows,
          p,
          (at, k) => u.get(at, k),
          (at, k, value) => u.set(at, k, value),
        );
        swap(
          columns,
          q,
          (at, k) => u.get(k, at),
          (at, k, value) => u.set(k, at, value),
        );
        const pivot = code.let(u.get(j, j));
        code.if(scalar.compare("notEqual", pivot, zero), () => {
          code.for(`${j} + 1u`, `${n}u`, (i) => {
            const factor = compute("div", code.let(u.get(i, j)), pivot);
            code.add(u.set(i, j, factor));
            code.for(`${j} + 1u`, `${n}u`, (k) => {
              const product = compute("mul", factor, code.let(u.get(j, k)));
              code.add(u.set(i, k, compute("sub", code.let(u.get(i, k)), product)));
            });
          });
        });
      });
      const last = `${n - 1}u`;
      const determinant = code.variable(scalar.literal(1));
      code.for("0u", last, (i) =>
        code.set(determinant, operate(scalar, "mul", determinant, code.let(u.get(i, i)))),
      );
      // Two pivots of 0: every cofactor is 0.
      code.if(scalar.compare("notEqual", determinant, zero), () => {
        // With U = [[V, w], [0, μ]]: adj U = det(V) [[μ V⁻¹, −V⁻¹ w], [0, 1]].
        code.for("0u", `${n}u`, (j) => {
          code.if(
            `${j} == ${last}`,
            () => {
              code.for("0u", last, (i) =>
                code.add(adjugate.set(i, j, compute("neg", code.let(u.get(i, last))))),
              );
              code.add(adjugate.set(last, last, determinant));
            },
            () => code.add(adjugate.set(j, j, code.let(u.get(last, last)))),
          );
          const rowsToSolve = code.let(`min(${j} + 1u, ${last})`);
          code.for("0u", rowsToSolve, (step) => {
            const i = code.let(`${rowsToSolve} - 1u - ${step}`);
            const sum = code.variable(adjugate.get(i, j));
            code.for(`${i} + 1u`, last, (k) => {
              const product = compute("mul", code.let(u.get(i, k)), code.let(adjugate.get(k, j)));
              code.set(sum, operate(scalar, "sub", sum, product));
            });
            code.add(adjugate.set(i, j, compute("div", sum, code.let(u.get(i, i)))));
          });
          code.for("0u", last, (i) => {
            code.add(adjugate.set(i, j, compute("mul", code.let(adjugate.get(i, j)), determinant)));
          });
        });
        code.for("0u", `${n}u`, (i) => {
          code.for("0u", `${n}u`, (step) => {
            const j = code.let(`${last} - ${step}`);
            const sum = code.variable(adjugate.get(i, j));
            code.for(`${j} + 1u`, `${n}u`, (k) => {
              const product = compute("mul", code.let(adjugate.get(i, k)), code.let(u.get(k, j)));
              code.set(sum, operate(scalar, "sub", sum, product));
            });
            code.add(adjugate.set(i, j, sum));
          });
          code.for("0u", `${n}u`, (j) => {
            const value = code.let(adjugate.get(i, j));
            const signed = code.let(`select(${operate(scalar, "neg", value)}, ${value}, ${sign} > 0)`);
            code.add(out.set(code.let(`u32(${rows.get(j)})`), code.let(`u32(${columns.get(i)})`), signed));
          });
        });
      });
    });
  },
};

export const linearAlgebraTable: Readonly<Record<string, Kernel>> = {
  triangularSolve,
  cholesky,
  lu,
  solve,
  det,
  slogdet,
  cofactor,
};
