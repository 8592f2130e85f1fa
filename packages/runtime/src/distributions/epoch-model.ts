// Model.epochs: the same graph with parameters that change in time.
import type { Value } from "@phxlang/autodiff";
import { NdArray, PhxError } from "@phxlang/autodiff";
import type { ModelDescription, ParameterDeclaration } from "@phxlang/graph";
import { concatenate, reshape, take } from "../array-operations.ts";
import type { EpochSetting } from "../model.ts";
import type { EpochInputs } from "./evaluation.ts";
import type { ModelParts } from "./model-parts.ts";
import { sameRows } from "./model-structure.ts";
import { mapStructures } from "./structures.ts";
import { lowerCovariates, lowerTheta } from "./theta.ts";

/**
 * Parts of a model whose θ is one copy of the parameters for each setting, then the times of change. All stretches have the
 * same rows, so that nothing is explored or eliminated again.
 */
export function epochParts(parts: ModelParts, settings: readonly EpochSetting[]): ModelParts {
  const { description, structures } = parts;
  checkSettings(structures.time.epochs.length, settings);
  const { parameters } = description;
  const size = parameters.reduce((total, parameter) => total + parameter.size, 0);
  const count = settings.length;
  const defaults = settings.map(({ theta }, e) => {
    const lowered = lowerTheta(description, theta);
    if (lowered instanceof NdArray && lowered.elements instanceof Float64Array) return lowered.elements;
    throw new PhxError({
      code: "PHX908",
      what: `the theta of stretch ${e + 1} is traced`,
      why: "settings are the defaults of the new model: concrete numbers",
      fix: "give numbers here, and traced values in the θ of the new model's functions",
    });
  });
  const untils = settings.slice(0, -1).map(({ until }) => until ?? 0);
  const copies = settings.flatMap((_, e) =>
    parameters.map((parameter) => copyOf(parameter, e, e * size, defaults[e])),
  );
  const times = untils.map((until, e) => timeParameter(e, count * size + e, until));
  return {
    ...parts,
    description: withParameters(description, [...copies, ...times]),
    structures: mapStructures(structures, (structure) => {
      const [own] = structure.epochs;
      return {
        ...structure,
        epochs: settings.map(() => own),
        entries: untils.map(() => sameRows(own)),
      };
    }),
    inputs(theta, options): EpochInputs {
      const all = lowerTheta(withParameters(description, [...copies, ...times]), theta);
      const covariates = lowerCovariates(description, options?.with);
      return {
        inputs: settings.map((_, e) => {
          const stretch = take(
            all,
            Int32Array.from({ length: size }, (_entry, i) => e * size + i),
          );
          return concatenate([checkedCopy(description, stretch), covariates]);
        }),
        times: untils.map((_, e) => reshape(take(all, [count * size + e]), [])),
      };
    },
  };
}

/** Bounds that read other parameters are those of the copy: they are checked here, copy by copy. */
function checkedCopy(description: ModelDescription, theta: Value): Value {
  return lowerTheta(description, theta);
}

function withParameters(
  description: ModelDescription,
  parameters: readonly ParameterDeclaration[],
): ModelDescription {
  return { ...description, parameters };
}

function copyOf(
  parameter: ParameterDeclaration,
  e: number,
  shift: number,
  theta: Float64Array,
): ParameterDeclaration {
  const { offset, size, lower, upper } = parameter;
  return {
    ...parameter,
    name: `${parameter.name}@${e + 1}`,
    offset: shift + offset,
    lower: typeof lower === "number" ? lower : null,
    upper: typeof upper === "number" ? upper : null,
    defaults: theta.slice(offset, offset + size),
    prior: null,
  };
}

function timeParameter(e: number, offset: number, until: number): ParameterDeclaration {
  return {
    name: `until@${e + 1}`,
    shape: [],
    indexFrom: [],
    offset,
    size: 1,
    lower: 0,
    upper: null,
    lowerClosed: true,
    upperClosed: false,
    simplex: false,
    defaults: Float64Array.of(until),
    prior: null,
  };
}

function checkSettings(epochCount: number, settings: readonly EpochSetting[]): void {
  if (epochCount > 1) {
    throw new PhxError({
      code: "PHX982",
      what: "epochs of a model that has epochs of its own",
      why: "its parameters would change at two sets of times",
      fix: "use a model without epochs",
    });
  }
  const untils = settings.map(({ until }) => until);
  const isRight = untils.every((until, e) => {
    if (e === untils.length - 1) return until === undefined;
    const before = e === 0 ? 0 : (untils[e - 1] ?? Number.NaN);
    return until !== undefined && until >= before && until < Infinity;
  });
  if (settings.length > 0 && isRight) return;
  throw new PhxError({
    code: "PHX908",
    what: `the ends of the stretches are ${untils.map((until) => String(until)).join(", ")}`,
    why: "they must increase, and the last stretch has no end",
    fix: "give `until` to every setting but the last, in increasing order",
  });
}
