// The draws of a fit as ArviZ reads them: groups of arrays, chain by chain.
import type { Fit } from "../fit/fit.ts";

/** values[chain][draw], warm-up left out. */
type ChainValues<T> = readonly (readonly T[])[];

export interface ArvizGroups {
  readonly posterior: Readonly<Record<string, ChainValues<number>>>;
  readonly sample_stats: Readonly<Record<string, ChainValues<number> | ChainValues<boolean>>>;
}

/**
 * The groups that `arviz.from_dict` takes, as plain arrays, so that JSON carries them. Variables have the shape
 * [chain, draw]; `diverging` is boolean, because ArviZ selects draws by it.
 */
export function toArviz({ parameterNames, draws, chains }: Fit): ArvizGroups {
  const statistics = Object.keys(chains[0].statistics).map((name) => {
    const values = chains.map((chain) => Array.from(chain.statistics[name].subarray(chain.warmup)));
    const isFlag = name === "diverging";
    return [name, isFlag ? values.map((chain) => chain.map((value) => value !== 0)) : values] as const;
  });
  return {
    posterior: Object.fromEntries(
      parameterNames.map((name, p) => [name, draws[p].map((chain) => Array.from(chain))]),
    ),
    sample_stats: Object.fromEntries(statistics),
  };
}
