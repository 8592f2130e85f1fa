// The functions of a Distribution, for whatever can be seen as the time to absorption of a chain.
import type { Value } from "@phxlang/autodiff";
import { PhxError, vmap } from "@phxlang/autodiff";
import type { TimeKind } from "@phxlang/graph";
import { concatenate, filled, mul, reshape, sqrt, sub } from "../array-operations.ts";
import type { ArrayArgument, Atoms, Distribution, EvaluationOptions, Theta, TimeOptions } from "../model.ts";
import { quantile } from "./quantile.ts";
import {
  causeIndex,
  checkCount,
  lowerProbabilities,
  lowerTimes,
  lowerTransformArgument,
  overEntries,
} from "./arguments.ts";
import type { Chain } from "./chain.ts";
import type { Evaluation } from "./evaluation.ts";
import { binomial } from "./multi-index.ts";
import * as timeLaws from "./time-laws.ts";

/** What a distribution is made of. */
export interface DistributionSource {
  /** As people say it: `T`, or the reward's name. */
  readonly variable: string;
  readonly kind: TimeKind;
  readonly causes: readonly string[];
  evaluate(theta: Theta, options: EvaluationOptions | undefined): Evaluation;
  /** PHX983 where the variable has moments but no law in closed form. */
  checkLaw(): void;
  /** The chain that takes the variable's value to stop; PHX983 where there is none. */
  chain(evaluation: Evaluation): Chain;
  /** E[X], …, E[X^count]: scalars. */
  moments(evaluation: Evaluation, count: number): Value[];
  /** E[exp(−s X)] for a scalar s. */
  transform(evaluation: Evaluation, s: Value): Value;
  sample(theta: Theta, options: EvaluationOptions | undefined, key: Value, count: number): Value;
}

type TimeLaw = (chain: Chain, times: Value, cause: number | null) => Value;

export function makeDistribution(source: DistributionSource): Distribution {
  const { kind, causes } = source;

  const at = (law: TimeLaw) => {
    return (theta: Theta, times: ArrayArgument, options?: TimeOptions): Value => {
      const cause = causeIndex(causes, options?.cause);
      const lowered = lowerTimes(times, kind);
      const chain = source.chain(source.evaluate(theta, options));
      return overEntries(lowered, (flat) => law(chain, flat, cause));
    };
  };

  /** The same, for a function that only one of the two kinds has. */
  const only = (needed: TimeKind, name: string, law: TimeLaw) => {
    if (kind === needed) return at(law);
    return (): never => {
      source.checkLaw();
      throw wrongKind(source, name);
    };
  };

  const moments = (theta: Theta, count: number, options?: EvaluationOptions): Value[] => {
    checkCount("the number of moments", count, 1);
    return source.moments(source.evaluate(theta, options), count);
  };

  const variance = (theta: Theta, options?: EvaluationOptions): Value => {
    const [first, second] = moments(theta, 2, options);
    return sub(second, mul(first, first));
  };

  return {
    kind,
    pdf: only("continuous", "pdf", timeLaws.density),
    logPdf: only("continuous", "logPdf", timeLaws.logDensity),
    pmf: only("discrete", "pmf", timeLaws.probability),
    logPmf: only("discrete", "logPmf", timeLaws.logProbability),
    cdf: at(timeLaws.cumulative),
    survival: at(timeLaws.survival),
    logSurvival: at(timeLaws.logSurvival),
    hazard: at(timeLaws.hazard),
    quantile(theta, p, options) {
      const chain = source.chain(source.evaluate(theta, options));
      return overEntries(lowerProbabilities(p), (flat) => quantile(chain, flat));
    },
    sample(key, theta, count, options) {
      checkCount("the number of draws", count, 0);
      return source.sample(theta, options, key, count);
    },
    mean: (theta, options) => moments(theta, 1, options)[0],
    variance,
    std: (theta, options) => sqrt(variance(theta, options)),
    moment(theta, order, options) {
      checkCount("the order of a moment", order, 0);
      const evaluation = source.evaluate(theta, options);
      return order === 0 ? reshape(filled(1, 1), []) : source.moments(evaluation, order)[order - 1];
    },
    moments: (theta, count, options) => joined(moments(theta, count, options)),
    cumulants: (theta, count, options) => joined(cumulantsOf(moments(theta, count, options))),
    laplace(theta, s, options) {
      const evaluation = source.evaluate(theta, options);
      const lowered = lowerTransformArgument(s);
      const transform = (entry: Value): Value => source.transform(evaluation, entry);
      return lowered.shape.length === 0
        ? transform(lowered)
        : overEntries(lowered, (flat) => vmap(transform)(flat));
    },
    atoms(theta, options): Atoms {
      const chain = source.chain(source.evaluate(theta, options));
      const atoms = timeLaws.atomsOf(chain, null);
      return {
        locations: concatenate(
          atoms.map(({ time }) => (typeof time === "number" ? filled(1, time) : reshape(time, [1]))),
        ),
        probabilities: concatenate(atoms.map(({ mass }) => reshape(mass, [1]))),
      };
    },
  };
}

/** κ_n = m_n − Σ_{k=1}^{n−1} C(n − 1, k − 1) κ_k m_{n−k} */
function cumulantsOf(moments: readonly Value[]): Value[] {
  const cumulants: Value[] = [];
  for (let n = 1; n <= moments.length; n++) {
    let cumulant = moments[n - 1];
    for (let k = 1; k < n; k++) {
      cumulant = sub(cumulant, mul(mul(cumulants[k - 1], moments[n - k - 1]), binomial(n - 1, k - 1)));
    }
    cumulants.push(cumulant);
  }
  return cumulants;
}

function joined(scalars: readonly Value[]): Value {
  return concatenate(scalars.map((x) => reshape(x, [1])));
}

function wrongKind({ variable, kind }: DistributionSource, name: string): PhxError {
  const isContinuous = kind === "continuous";
  return new PhxError({
    code: "PHX909",
    what: `${variable} has no ${name}`,
    why: isContinuous
      ? `${variable} is a continuous variable: single values have probability 0`
      : `${variable} counts steps: it has probabilities, not a density`,
    fix: `use ${isContinuous ? name.replace("Pmf", "Pdf").replace("pmf", "pdf") : name.replace("Pdf", "Pmf").replace("pdf", "pmf")}`,
  });
}
