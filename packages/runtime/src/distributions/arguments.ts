// Arguments of model functions other than θ: times, probabilities, orders, causes.
import type { Value } from "@phxlang/autodiff";
import { asValue, NdArray, PhxError } from "@phxlang/autodiff";
import type { TimeKind } from "@phxlang/graph";
import { reshape, toF64 } from "../array-operations.ts";
import type { Accuracy } from "../densities/accuracy.ts";
import { defaultAccuracy, densityMethods } from "../densities/accuracy.ts";
import type { ArrayArgument, EvaluationOptions } from "../model.ts";

/** Applies a function of a vector [N] to an array of any shape. */
export function overEntries(argument: Value, f: (flat: Value) => Value): Value {
  const flat = reshape(argument, [argument.size]);
  const result = f(flat);
  return reshape(result, [...argument.shape, ...result.shape.slice(1)]);
}

/** Times as f64; concrete ones are checked: PHX907, and PHX908 for fractions of a step. */
export function lowerTimes(times: ArrayArgument, kind: TimeKind): Value {
  const lowered = toF64(asValue(times));
  if (lowered instanceof NdArray) {
    const { elements } = lowered;
    for (let i = 0; i < elements.length; i++) {
      if (!(elements[i] >= 0 && elements[i] < Infinity)) throw badTime(elements[i], i, elements.length);
      if (kind === "discrete" && !Number.isInteger(elements[i])) throw notWhole(elements[i]);
    }
  }
  return lowered;
}

function badTime(time: number, index: number, count: number): PhxError {
  return new PhxError({
    code: "PHX907",
    what: count === 1 ? `the time is ${time}` : `time ${index} (of ${count}, from 0) is ${time}`,
    why: "times are finite numbers from 0 on",
    fix: "look for NaN, infinities and negative numbers among the times",
  });
}

function notWhole(time: number): PhxError {
  return new PhxError({
    code: "PHX908",
    what: `${time} is not a whole number of steps`,
    why: "the variable counts steps",
    fix: "give whole numbers",
  });
}

/** Arguments of transforms: numbers from 0 on. */
export function lowerTransformArgument(s: ArrayArgument): Value {
  const lowered = toF64(asValue(s));
  if (lowered instanceof NdArray) {
    for (const entry of lowered.elements) {
      if (entry >= 0 && entry < Infinity) continue;
      throw new PhxError({
        code: "PHX907",
        what: `the argument of the transform is ${entry}`,
        why: "E[exp(−s X)] is taken at finite s from 0 on",
        fix: "give such numbers",
      });
    }
  }
  return lowered;
}

export function lowerProbabilities(p: ArrayArgument): Value {
  const lowered = toF64(asValue(p));
  if (lowered instanceof NdArray) {
    for (const entry of lowered.elements) {
      if (entry >= 0 && entry <= 1) continue;
      throw new PhxError({
        code: "PHX908",
        what: `${entry} is not a probability`,
        why: "quantiles are taken at numbers from 0 to 1",
        fix: "give such numbers",
      });
    }
  }
  return lowered;
}

/** A whole number from `least` on: PHX908 otherwise. */
export function checkCount(name: string, count: number, least: number): void {
  if (Number.isInteger(count) && count >= least) return;
  throw new PhxError({
    code: "PHX908",
    what: `${name} is ${count}`,
    why: `it must be a whole number from ${least} on`,
    fix: "give such a number",
  });
}

/** Index of a cause; null for any. PHX906 for an unknown name. */
export function causeIndex(causes: readonly string[], name: string | undefined): number | null {
  if (name === undefined) return null;
  const index = causes.indexOf(name);
  if (index >= 0) return index;
  throw new PhxError({
    code: "PHX906",
    what: `there is no cause ${name}`,
    why:
      causes.length === 1 && causes[0] === ""
        ? "the model's stops have no names"
        : `the causes are ${causes.join(", ")}`,
    fix: "use one of them, or leave the cause out",
  });
}

/** How densities are to be computed. PHX908 for an unknown method or a tolerance outside of (0, 1). */
export function accuracyOf(options: EvaluationOptions | undefined): Accuracy {
  const { method, tolerance } = { ...defaultAccuracy, ...options };
  if (!densityMethods.includes(method)) {
    throw new PhxError({
      code: "PHX908",
      what: `there is no method ${method}`,
      why: `densities are computed by ${densityMethods.slice(1).join(", ")}`,
      fix: 'leave `method` out ("auto" chooses), or give one of these names',
    });
  }
  if (!(tolerance > 0 && tolerance < 1)) {
    throw new PhxError({
      code: "PHX908",
      what: `the tolerance is ${tolerance}`,
      why: "it bounds the relative error of the method: a number between 0 and 1",
      fix: "give such a number, or leave it out",
    });
  }
  return { method, tolerance };
}
