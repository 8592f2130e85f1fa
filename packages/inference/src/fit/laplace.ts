// fit.laplace: the posterior as a normal distribution around its mode, on unconstrained space.
import type { Model } from "@phxlang/runtime";
import { timesTriangle } from "../matrices/cholesky.ts";
import { findMode } from "../posterior/mode.ts";
import { randomStream } from "../random-stream.ts";
import type { Fit, FitChain } from "./fit.ts";
import { makeFit } from "./fit.ts";
import { checkCount, prepare, thetaColumns } from "./prepare.ts";
import type { PosteriorOptions } from "./prepare.ts";

export interface LaplaceOptions extends PosteriorOptions {
  /** Default 1000. */
  readonly draws?: number;
}

/** Independent draws. PHX803 where the posterior is flat in some direction. */
export function fitLaplace(model: Model, options: LaplaceOptions): Fit {
  const { draws = 1000 } = options;
  checkCount("draws", draws, 1);
  const { target, density, center } = prepare(model, options);
  const mode = findMode(density, center);
  const stream = randomStream(options.key);
  const points = Array.from({ length: draws }, () => {
    const moved = timesTriangle(
      mode.scale,
      mode.point.map(() => stream.normal()),
    );
    return mode.point.map((x, i) => x + moved[i]);
  });
  const chain: FitChain = {
    warmup: 0,
    parameters: thetaColumns(target, points),
    statistics: { lp: density.valuesOfAll(points) },
  };
  return makeFit("laplace", model, [chain], density.refusals);
}
