// fit.pathfinder: a quick posterior from several optimizer paths, corrected by importance sampling.
import { random } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { largestParetoK, smoothWeights } from "../importance/psis.ts";
import { resample } from "../importance/resample.ts";
import { runPath } from "../pathfinder/path.ts";
import type { Path } from "../pathfinder/path.ts";
import { randomStream } from "../random-stream.ts";
import type { Fit, FitWarning } from "./fit.ts";
import { makeFit, withProblems } from "./fit.ts";
import { checkCount, prepare, thetaColumns } from "./prepare.ts";
import type { PosteriorOptions } from "./prepare.ts";

export interface PathfinderOptions extends PosteriorOptions {
  /** Default 4. */
  readonly paths?: number;
  /** Draws of the fit; default 1000. */
  readonly draws?: number;
  /** Draws of each path, among which the draws of the fit are chosen by importance; default 1000. */
  readonly drawsPerPath?: number;
}

export interface PathfinderFit extends Fit {
  readonly method: "pathfinder";
  /** Tail shape of the importance weights: above 0.7 the draws are not those of the posterior. */
  readonly paretoK: number;
  /** Evidence lower bounds of the paths. */
  readonly elbos: Float64Array;
}

/**
 * Multi-path Pathfinder (Zhang, Carpenter, Gelman & Vehtari 2022) with Pareto-smoothed importance resampling. Draws are
 * made with replacement, so some may be equal.
 */
export function fitPathfinder(model: Model, options: PathfinderOptions): PathfinderFit {
  const { paths = 4, draws = 1000, drawsPerPath = 1000 } = options;
  checkCount("paths", paths, 1);
  checkCount("draws", draws, 1);
  checkCount("drawsPerPath", drawsPerPath, 25);
  const { target, density, center } = prepare(model, options);
  const [pathKey, choiceKey] = random.splitList(options.key);
  const found = random
    .splitList(pathKey, paths)
    .map((key): Path => runPath(density, center, key, { draws: drawsPerPath }));
  const pool = found.flatMap((path) => path.draws);
  const { logWeights, paretoK } = smoothWeights(
    Float64Array.from(pool, (draw) => draw.logDensity - draw.logApproximation),
  );
  const chosen = resample(logWeights, draws, randomStream(choiceKey)).map((i) => pool[i]);
  const columns = thetaColumns(
    target,
    chosen.map(({ point }) => point),
  );
  const statistics = {
    lp: Float64Array.from(chosen, (draw) => draw.logDensity),
    lp_approx: Float64Array.from(chosen, (draw) => draw.logApproximation),
  };
  const problems: FitWarning[] =
    paretoK < largestParetoK
      ? []
      : [
          {
            code: "PHX841",
            message: `the normal approximations are too far from the posterior for importance sampling: the tail shape of the weights is ${paretoK.toFixed(2)}, above ${largestParetoK}`,
          },
        ];
  const chain = { warmup: 0, parameters: columns, statistics };
  const fit = {
    ...makeFit("pathfinder", model, [chain], density.refusals),
    paretoK,
    elbos: Float64Array.from(found, ({ elbo }) => elbo),
  };
  return withProblems(fit, problems);
}
