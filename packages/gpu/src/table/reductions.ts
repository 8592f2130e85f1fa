// Sums and extrema over axes, running sums, places of extrema, orders.
import type { DType, Parameters } from "@phxlang/autodiff";
import { sizeOf } from "@phxlang/autodiff";
import type { Code } from "../program/code.ts";
import type { Kernel } from "../program/lowering.ts";
import type { Scalar } from "../program/scalars.ts";
import { operate, unravel } from "./indices.ts";

type Combination = "add" | "max" | "min";

/** What a reduction of nothing gives. */
function initial(combination: Combination, dtype: DType): number {
  if (combination === "add") return 0;
  const sign = combination === "max" ? -1 : 1;
  if (dtype === "i32") return sign < 0 ? -2147483648 : 2147483647;
  if (dtype === "f64" || dtype === "f32") return sign * Infinity;
  return sign < 0 ? 0 : dtype === "bool" ? 1 : 4294967295;
}

/** Longer rows are cut into chunks, which are folded side by side and then together: faster, and sums err less. */
const longRow = 256;
/** As many results keep the device busy by themselves. */
const manyResults = 4096;

function chunksOf(results: number, row: number): number {
  return row > longRow && results < manyResults ? Math.ceil(Math.sqrt(row)) : 1;
}

const axesOf = (parameters: Parameters): readonly number[] => parameters["axes"] as readonly number[];

/** Folds entries from, from + 1, … below to into a variable that starts with the first. */
function fold(
  code: Code,
  scalar: Scalar,
  combination: Combination,
  from: string,
  to: string,
  entry: (k: string) => string,
): string {
  const result = code.variable(entry(from));
  code.for(`(${from}) + 1u`, to, (k) =>
    code.set(result, operate(scalar, combination, result, code.let(entry(k)))),
  );
  return result;
}

function reduction(combination: Combination): Kernel {
  return {
    kind: "kernel",
    supports: (scalars, [{ dtype }]) =>
      dtype !== "bool" || scalars(dtype).binary(combination, "x", "y") !== undefined,
    scratch([x], _parameters, [result]) {
      const results = sizeOf(result.shape);
      const row = sizeOf(x.shape) / Math.max(1, results);
      const chunks = chunksOf(results, row);
      return chunks === 1 ? [] : [{ dtype: x.dtype, shape: [results, chunks] }];
    },
    emit({ scalars, scratch: [partial], each }, [x], [result], parameters) {
      const { dtype, shape } = x.type;
      const scalar = scalars(dtype);
      const axes = axesOf(parameters);
      const results = sizeOf(result.type.shape);
      const reduced = axes.map((axis) => shape[axis]);
      const row = sizeOf(reduced);
      if (row === 0) {
        each(results, (code, i) => code.add(result.store(i, scalar.literal(initial(combination, dtype)))));
        return;
      }
      const entry = (i: string, k: string): string => {
        const kept = unravel(i, result.type.shape);
        const inner = unravel(k, reduced);
        return x.at(shape.map((_, axis) => (axes.includes(axis) ? inner.shift() : kept.shift()) ?? "0u"));
      };
      const chunks = chunksOf(results, row);
      if (chunks === 1) {
        each(results, (code, i) => {
          const total = fold(code, scalar, combination, "0u", `${row}u`, (k) => entry(i, k));
          code.add(result.store(i, total));
        });
        return;
      }
      const length = Math.ceil(row / chunks);
      // The last chunks may be empty: they repeat nothing, as there are only as many as have entries.
      const filled = Math.ceil(row / length);
      each(results * filled, (code, i) => {
        const list = code.let(`${i} / ${filled}u`);
        const start = code.let(`(${i} % ${filled}u) * ${length}u`);
        const end = code.let(`min(${start} + ${length}u, ${row}u)`);
        const total = fold(code, scalar, combination, start, end, (k) => entry(list, k));
        code.add(partial.store(`(${list} * ${chunks}u + ${i} % ${filled}u)`, total));
      });
      each(results, (code, i) => {
        const total = fold(code, scalar, combination, "0u", `${filled}u`, (k) => partial.at([i, k]));
        code.add(result.store(i, total));
      });
    },
  };
}

/** The indices of entry k of line number i along an axis. */
function lineEntry(shape: readonly number[], axis: number, line: string, k: string): string[] {
  const indices = unravel(
    line,
    shape.map((length, a) => (a === axis ? 1 : length)),
  );
  indices[axis] = k;
  return indices;
}

/** The row-major number of an element. */
function numberOf(shape: readonly number[], indices: readonly string[]): string {
  let stride = 1;
  const terms: string[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) terms.push(stride === 1 ? indices[axis] : `${indices[axis]} * ${stride}u`);
    stride *= shape[axis];
  }
  return terms.length === 0 ? "0u" : `(${terms.join(" + ")})`;
}

const linesOf = (shape: readonly number[], axis: number): number =>
  sizeOf(shape.map((length, a) => (a === axis ? 1 : length)));

const cumsum: Kernel = {
  kind: "kernel",
  emit({ scalars, each }, [x], [result], parameters) {
    const { shape, dtype } = x.type;
    const axis = parameters["axis"] as number;
    const length = shape[axis];
    if (sizeOf(shape) === 0) return;
    const scalar = scalars(dtype);
    each(linesOf(shape, axis), (code, line) => {
      const sum = code.variable(scalar.literal(0));
      code.for("0u", `${length}u`, (k) => {
        const place = code.let(parameters["reverse"] === true ? `${length - 1}u - ${k}` : k);
        const indices = lineEntry(shape, axis, line, place);
        code.set(sum, operate(scalar, "add", sum, code.let(x.at(indices))));
        code.add(result.store(code.let(numberOf(shape, indices)), sum));
      });
    });
  },
};

/** NaN, by its bits. */
function isNaN(scalar: Scalar, x: string): string {
  if (scalar.dtype !== "f32" && scalar.dtype !== "f64") return "false";
  const high = scalar.words === 2 ? `${x}.x` : x;
  return `((bitcast<u32>(${high}) & 0x7fffffffu) > 0x7f800000u)`;
}

function place(isBetter: (scalar: Scalar, candidate: string, best: string) => string): Kernel {
  return {
    kind: "kernel",
    emit({ scalars, each }, [x], [result], parameters) {
      const { shape, dtype } = x.type;
      const axis = parameters["axis"] as number;
      const scalar = scalars(dtype);
      each(sizeOf(result.type.shape), (code, line) => {
        const best = code.variable("0i");
        const value = code.variable(x.at(lineEntry(shape, axis, line, "0u")));
        code.for("1u", `${shape[axis]}u`, (k) => {
          const candidate = code.let(x.at(lineEntry(shape, axis, line, k)));
          const better = `(${isBetter(scalar, candidate, value)} || ${isNaN(scalar, candidate)})`;
          // The first NaN stays.
          code.if(`!${isNaN(scalar, value)} && ${better}`, () => {
            code.set(best, `i32(${k})`);
            code.set(value, candidate);
          });
        });
        code.add(result.store(line, best));
      });
    },
  };
}

/** Each entry counts those before it: its place in the order. */
const argSort: Kernel = {
  kind: "kernel",
  emit({ scalars, each }, [x], [result], parameters) {
    const { shape, dtype } = x.type;
    const axis = parameters["axis"] as number;
    const length = shape[axis];
    const scalar = scalars(dtype);
    each(sizeOf(shape), (code, i) => {
      const line = code.let(`${i} / ${length}u`);
      const own = code.let(`${i} % ${length}u`);
      const value = code.let(x.at(lineEntry(shape, axis, line, own)));
      const isLast = code.let(isNaN(scalar, value));
      const rank = code.variable("0u");
      code.for("0u", `${length}u`, (k) => {
        const other = code.let(x.at(lineEntry(shape, axis, line, k)));
        const otherIsLast = code.let(isNaN(scalar, other));
        const less = `(!${otherIsLast} && (${isLast} || ${scalar.compare("less", other, value)}))`;
        const same = `(${otherIsLast} == ${isLast} && (${isLast} || ${scalar.compare("equal", other, value)}))`;
        code.if(`${less} || (${same} && ${k} < ${own})`, () => code.add(`${rank} += 1u;`));
      });
      code.add(result.store(code.let(numberOf(shape, lineEntry(shape, axis, line, rank))), `i32(${own})`));
    });
  },
};

export const reductionTable: Readonly<Record<string, Kernel>> = {
  reduceSum: reduction("add"),
  reduceMax: reduction("max"),
  reduceMin: reduction("min"),
  cumsum,
  argMax: place((scalar, candidate, best) => scalar.compare("less", best, candidate)),
  argMin: place((scalar, candidate, best) => scalar.compare("less", candidate, best)),
  argSort,
};
