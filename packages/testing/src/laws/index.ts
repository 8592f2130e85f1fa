// laws: what every model and every differentiable function must obey, one call for each group.
import type { Value } from "@phxlang/autodiff";
import { np } from "@phxlang/autodiff";
import type { Model, Theta } from "@phxlang/runtime";
import { distributionLaws } from "./distribution.ts";
import { gradientLaws } from "./gradients.ts";
import type { Law, LawOptions, LawResult } from "./law.ts";
import { tryLaws } from "./law.ts";
import { samplingLaws } from "./sampling.ts";
import { structureLaws } from "./structure.ts";
import { numbersOf } from "../numbers-of.ts";
import type { ArrayFunction, TransformOptions } from "./transforms.ts";
import { checkTransforms } from "./transforms.ts";

/** Log densities under vmap, jit and their compositions, as functions of θ. */
const transformLaws: readonly Law[] = [
  {
    name: "transforms",
    says: "log densities agree under jvp, vjp, vmap, jit and their compositions",
    // Batches of scaled θ leave simplexes and two-sided bounds.
    appliesTo: (model) =>
      model.parameterCount > 0 &&
      model.parameters.every(
        ({ upper, lower, simplex }) => !simplex && upper === null && (lower === null || lower === 0),
      ),
    check(model, { theta, times }) {
      const log = (at: Theta): Value =>
        model.kind === "continuous" ? model.logPdf(at, times) : model.logPmf(at, times);
      if (!numbersOf(log([...theta])).every(Number.isFinite)) return;
      checkTransforms(log, [np.array([...theta])], { relative: 1e-4 });
    },
  },
];

type ModelLaws = (model: Model, options?: LawOptions) => readonly LawResult[];

/** Groups of laws. Each throws PHX989 at the first law that is broken, with the smallest input found. */
export interface Laws {
  /** cdf, pdf, moments, Laplace transform and quantiles agree with each other. */
  readonly distribution: ModelLaws;
  /** Derivatives in parameters and times, to the second order. */
  readonly gradients: ModelLaws;
  /** Draws follow the distribution; the false-alarm rate is 1e-9 for each input. */
  readonly sampling: ModelLaws;
  /** States, traces and matrices say the same as the distribution. */
  readonly structure: ModelLaws;
  /** jvp, vjp, vmap and jit of any function of arrays. */
  readonly transforms: (f: ArrayFunction, args: readonly Value[], options?: TransformOptions) => void;
}

export const laws: Laws = {
  distribution: (model, options) => tryLaws(model, distributionLaws, options),
  gradients: (model, options) => tryLaws(model, gradientLaws, options),
  sampling: (model, options) => tryLaws(model, samplingLaws, options),
  structure: (model, options) => tryLaws(model, structureLaws, options),
  transforms: checkTransforms,
};

/**
 * All laws of a model, one line in a test: `test("queue", () => void checkModel(model))`. Throws PHX989 at the first
 * law that is broken, with the smallest input found; returns what was tried.
 */
export function checkModel(model: Model, options: LawOptions = {}): readonly LawResult[] {
  const fewer = { ...options, runs: Math.max(1, Math.ceil((options.runs ?? 20) / 5)) };
  return [
    ...tryLaws(model, structureLaws, options),
    ...tryLaws(model, distributionLaws, options),
    ...tryLaws(model, gradientLaws, options),
    ...tryLaws(model, transformLaws, fewer),
    ...tryLaws(model, samplingLaws, fewer),
  ];
}
