// Kernels that move elements: concatenate, pad, gather, scatter, slices whose beginning is data.
import type { DType, Parameters } from "@phxlang/autodiff";
import { sizeOf } from "@phxlang/autodiff";
import type { Code } from "../program/code.ts";
import type { Kernel, MemoryArray } from "../program/lowering.ts";
import { operate, unravel } from "./indices.ts";

const list = (parameters: Parameters, name: string): readonly number[] =>
  parameters[name] as readonly number[];

const concatenate: Kernel = {
  kind: "kernel",
  emit({ each }, operands, [result], parameters) {
    const axis = parameters["axis"] as number;
    const { shape } = result.type;
    const inner = sizeOf(shape.slice(axis + 1));
    let at = 0;
    for (const operand of operands) {
      const own = operand.type.shape;
      const block = own[axis] * inner;
      const start = at * inner;
      each(sizeOf(own), (code, i) => {
        const target = `(${i} / ${block}u * ${shape[axis] * inner}u + ${i} % ${block}u + ${start}u)`;
        code.add(result.store(target, code.let(operand.load(i))));
      });
      at += own[axis];
    }
  },
};

const pad: Kernel = {
  kind: "kernel",
  emit({ each }, [x, value], [result], parameters) {
    const low = list(parameters, "low");
    const interior = list(parameters, "interior");
    const isEmpty = sizeOf(x.type.shape) === 0;
    each(sizeOf(result.type.shape), (code, i) => {
      if (isEmpty) {
        code.add(result.store(i, value.load("0u")));
        return;
      }
      const out = code.variable(value.load("0u"));
      const indices = unravel(i, result.type.shape).map((index, axis) =>
        code.let(`(${index}) - ${low[axis]}u`),
      );
      // An index before the first entry has wrapped, and is too large.
      const tests = indices.map((index, axis) => {
        const step = interior[axis] + 1;
        const inside = `${index} / ${step}u < ${x.type.shape[axis]}u`;
        return step === 1 ? inside : `${inside} && ${index} % ${step}u == 0u`;
      });
      const source = indices.map((index, axis) => `${index} / ${interior[axis] + 1}u`);
      code.if(tests.length === 0 ? "true" : tests.join(" && "), () => code.set(out, x.at(source)));
      code.add(result.store(i, out));
    });
  },
};

/** The first indices of the block of `sizes` at `starts`, moved inwards where it would stick out. */
function blockStarts(
  code: Code,
  starts: MemoryArray,
  shape: readonly number[],
  sizes: readonly number[],
): readonly string[] {
  return shape.map((length, axis) =>
    length === sizes[axis]
      ? "0u"
      : code.let(`u32(clamp(${starts.at([`${axis}u`])}, 0, ${length - sizes[axis]}))`),
  );
}

const dynamicSlice: Kernel = {
  kind: "kernel",
  emit({ each }, [x, starts], [result]) {
    const { shape } = result.type;
    each(sizeOf(shape), (code, i) => {
      const first = blockStarts(code, starts, x.type.shape, shape);
      const indices = unravel(i, shape).map((index, axis) => `${first[axis]} + ${index}`);
      code.add(result.store(i, code.let(x.at(indices))));
    });
  },
};

const dynamicUpdateSlice: Kernel = {
  kind: "kernel",
  emit({ each }, [x, update, starts], [result]) {
    const { shape } = result.type;
    const sizes = update.type.shape;
    each(sizeOf(shape), (code, i) => {
      const out = code.variable(x.load(i));
      if (sizeOf(sizes) > 0) {
        const first = blockStarts(code, starts, shape, sizes);
        const indices = unravel(i, shape).map((index, axis) => code.let(`(${index}) - ${first[axis]}`));
        const tests = indices.map((index, axis) => `${index} < ${sizes[axis]}u`);
        code.if(tests.length === 0 ? "true" : tests.join(" && "), () => code.set(out, update.at(indices)));
      }
      code.add(result.store(i, out));
    });
  },
};

/** What gather reads outside: NaN, the lowest i32, the highest u32, true. */
function fillValue(dtype: DType): number {
  return dtype === "i32" ? -2147483648 : dtype === "u32" ? 4294967295 : dtype === "bool" ? 1 : NaN;
}

const gather: Kernel = {
  kind: "kernel",
  emit({ scalars, each }, [x, indices], [result], parameters) {
    const { dtype, shape } = x.type;
    const scalar = scalars(dtype);
    const filler = parameters["outside"] === "zero" ? 0 : fillValue(dtype);
    each(sizeOf(result.type.shape), (code, i) => {
      const [s, j, l] = unravel(i, result.type.shape);
      // A negative index is too large as u32.
      const index = code.let(`bitcast<u32>(${indices.at([indices.type.shape[0] === 1 ? "0u" : s, j])})`);
      const out = code.variable(scalar.literal(filler));
      code.if(`${index} < ${shape[1]}u`, () => code.set(out, x.at([shape[0] === 1 ? "0u" : s, index, l])));
      code.add(result.store(i, out));
    });
  },
};

/** Below this product of places and updates every place looks through all updates; above, every row writes its own. */
const smallScatter = 2 ** 16;

const scatter: Kernel = {
  kind: "kernel",
  emit({ scalars, each }, [x, indices, updates], [result], parameters) {
    const { dtype, shape } = x.type;
    const [stack, n, m] = shape;
    const [c, k] = indices.type.shape;
    const scalar = scalars(dtype);
    const isSet = parameters["mode"] === "set";
    const indexAt = (s: string, j: string): string => `bitcast<u32>(${indices.at([c === 1 ? "0u" : s, j])})`;
    if (n * k <= smallScatter) {
      each(stack * n * m, (code, i) => {
        const [s, row, l] = unravel(i, shape);
        const out = code.variable(x.load(i));
        code.for("0u", `${k}u`, (j) => {
          code.if(`${indexAt(s, j)} == ${row}`, () => {
            const update = code.let(updates.at([s, j, l]));
            code.set(out, isSet ? update : operate(scalar, "add", out, update));
          });
        });
        code.add(result.store(i, out));
      });
      return;
    }
    each(stack * n * m, (code, i) => code.add(result.store(i, code.let(x.load(i)))));
    each(stack * m, (code, i) => {
      const [s, l] = unravel(i, [stack, m]);
      code.for("0u", `${k}u`, (j) => {
        const index = code.let(indexAt(s, j));
        code.if(`${index} < ${n}u`, () => {
          const update = code.let(updates.at([s, j, l]));
          const target = code.let(`(${s} * ${n}u + ${index}) * ${m}u + ${l}`);
          code.add(
            result.store(
              target,
              isSet ? update : code.let(operate(scalar, "add", code.let(result.load(target)), update)),
            ),
          );
        });
      });
    });
  },
};

export const rearrangeTable: Readonly<Record<string, Kernel>> = {
  concatenate,
  pad,
  dynamicSlice,
  dynamicUpdateSlice,
  gather,
  scatter,
};
