// gpu_require: the identity, with an error of the call where a condition does not hold.
import type { Primitive, Value } from "@phxlang/autodiff";
import { bind, internalError } from "@phxlang/autodiff";
import { sizeOf } from "@phxlang/autodiff";
import type { Kernel } from "../program/lowering.ts";

type RequireParameters = {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
};

export const requirePrimitive: Primitive<RequireParameters> = {
  name: "gpu_require",
  documentation: "x unchanged; an error of the call where the bool scalar is false",
  type: ([x]) => [x],
  evaluate() {
    throw internalError("gpu_require ran on another device");
  },
  jvp: ([x, condition], [tangent], parameters) => ({
    primals: bind(requirePrimitive, [x, condition], parameters),
    tangents: [tangent],
  }),
  batch() {
    throw internalError("gpu_require was batched");
  },
};

/** x, once the condition (a bool scalar) holds; otherwise the call fails with this error. */
export function require(x: Value, condition: Value, failure: RequireParameters): Value {
  return bind(requirePrimitive, [x, condition], failure)[0];
}

export const requireKernel: Kernel = {
  kind: "kernel",
  emit({ each, fail }, [x, condition], [result], parameters) {
    const failure = parameters as unknown as RequireParameters;
    each(1, (code) => code.if(`!${condition.load("0u")}`, () => code.add(fail(failure))));
    each(sizeOf(x.type.shape), (code, i) => code.add(result.store(i, code.let(x.load(i)))));
  },
};
