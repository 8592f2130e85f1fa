// checked: the test of a model's rates and probabilities, in a kernel. Which state is to blame, only the CPU can say.
import { sizeOf } from "@phxlang/autodiff";
import type { Kernel } from "../program/lowering.ts";
import { operate } from "../table/indices.ts";

/** What the kernel reads of a value check of the runtime. */
interface ValueTest {
  readonly count: number;
  readonly mustBePositive: boolean;
  readonly mustBeFinite: boolean;
  readonly groups: Int32Array | null;
  readonly groupCount: number;
}

/** Sums of probabilities may differ from 1 by this much, or by what floats round. */
const sumTolerance = { 1: 1e-5, 2: 1e-9 } as const;

const failure = {
  code: "PHX958",
  what: "a rate, probability or reward of the model is negative, infinite or not a number, or probabilities do not sum to 1",
  why: "the parameters given on the WebGPU device lead there; it cannot say in which state",
  fix: "evaluate the model at these parameters on the device cpu, which names the state",
};

export const checkedKernel: Kernel = {
  kind: "kernel",
  emit({ scalars, each, constant, fail }, [x], [result], parameters) {
    const { test } = parameters["check"] as unknown as { readonly test: ValueTest };
    const scalar = scalars(x.type.dtype);
    const length = x.type.shape[x.type.shape.length - 1] ?? 1;
    const lists = length === 0 ? 0 : sizeOf(x.type.shape) / length;
    const groups = test.groups === null ? null : constant(test.groups);
    each(sizeOf(x.type.shape), (code, i) => {
      const value = code.let(x.load(i));
      code.add(result.store(i, value));
      const place = code.let(`${i} % ${length}u`);
      const inRange = scalar.compare(test.mustBePositive ? "less" : "lessEqual", scalar.literal(0), value);
      const high = scalar.words === 2 ? `${value}.x` : value;
      const isFinite = test.mustBeFinite ? ` && (bitcast<u32>(${high}) & 0x7f800000u) != 0x7f800000u` : "";
      const tested = `${place} < ${test.count}u${groups === null ? "" : ` && ${groups.load(place)} >= 0`}`;
      code.if(`${tested} && !(${inRange}${isFinite})`, () => code.add(fail(failure)));
    });
    if (groups === null) return;
    each(lists * test.groupCount, (code, i) => {
      const sum = code.variable(scalar.literal(-1));
      code.for("0u", `${test.groups?.length ?? 0}u`, (k) => {
        const entry = `(${i} / ${test.groupCount}u * ${length}u + ${k})`;
        code.if(`${groups.load(k)} == i32(${i} % ${test.groupCount}u)`, () =>
          code.set(sum, operate(scalar, "add", sum, code.let(x.load(entry)))),
        );
      });
      const size = code.let(operate(scalar, "abs", sum));
      const bound = scalar.literal(sumTolerance[scalar.words]);
      code.if(`!${scalar.compare("lessEqual", size, bound)}`, () => code.add(fail(failure)));
    });
  },
};
