// SavedDraws: what a file of draws holds, whichever its format, ready for diagnostics and pictures.
import { PhxError } from "@phxlang/autodiff";
import type { Chains } from "../diagnostics/ranks.ts";
import type { FitChain } from "../fit/fit.ts";
import type { PointwiseLogLikelihood } from "../predict/pointwise.ts";
import type { InferenceData, NamedArray } from "./inference-data.ts";
import { observationName } from "./inference-data.ts";

export interface SavedDraws {
  /** Null where the file does not say. */
  readonly model: string | null;
  readonly method: string | null;
  readonly parameterNames: readonly string[];
  /** Without warm-up. */
  readonly chains: readonly FitChain[];
  /** draws[p]: the chains of parameter p. */
  readonly draws: readonly Chains[];
  readonly logLikelihood: PointwiseLogLikelihood | null;
}

/** Methods whose draws are independent, or particles: R-hat and effective sizes have no meaning for them. */
const unordered = new Set(["laplace", "pathfinder", "svgd"]);

/** Whether the draws are those of Markov chains. What does not say its method is taken for one. */
export function isMarkov({ method }: Pick<SavedDraws, "method">): boolean {
  return method === null || !unordered.has(method);
}

/** Chains of draws, put together. PHX847 where there are none, or their lengths differ. */
export function savedDraws(
  parameterNames: readonly string[],
  chains: readonly FitChain[],
  origin: Pick<SavedDraws, "model" | "method" | "logLikelihood">,
): SavedDraws {
  if (parameterNames.length === 0 || chains.length === 0) throw unusable("there are no parameters in it");
  const length = chains[0].parameters[0].length;
  if (chains.some(({ parameters }) => parameters.some((values) => values.length !== length))) {
    throw unusable("its chains have different lengths");
  }
  if (length < 4) throw unusable(`it has ${length} draws a chain, and nothing can be said of fewer than 4`);
  const draws = parameterNames.map((_, p) => chains.map(({ parameters }) => parameters[p]));
  return { ...origin, parameterNames, chains, draws };
}

/**
 * The draws of the group `posterior`. A variable of more dimensions than chain and draw becomes a parameter for each of
 * its entries, which count from 1: `w[1]`, `w[2]`.
 */
export function drawsOf({ attributes, groups, rows }: InferenceData): SavedDraws {
  const posterior = groups.posterior ?? groups.prior;
  if (posterior === undefined) throw unusable("it has no group `posterior`");
  const columns = Object.entries(posterior).flatMap(([name, variable]) => entriesOf(name, variable));
  const chainCount = columns[0]?.chains.length ?? 0;
  const statistics = Object.entries(groups.sample_stats ?? {}).filter(
    ([, { shape }]) => shape.length === 2 && shape[0] === chainCount,
  );
  const chains = Array.from({ length: chainCount }, (_, c): FitChain => ({
    warmup: 0,
    parameters: columns.map((column) => column.chains[c]),
    statistics: Object.fromEntries(
      statistics.map(([name, { shape, values }]) => [
        name,
        values.subarray(c * shape[1], (c + 1) * shape[1]),
      ]),
    ),
  }));
  return savedDraws(
    columns.map(({ name }) => name),
    chains,
    {
      model: attributes["model"] ?? null,
      method: attributes["method"] ?? null,
      logLikelihood: pointwiseOf(groups.log_likelihood?.[observationName], rows),
    },
  );
}

function entriesOf(
  name: string,
  { shape, values }: NamedArray,
): { readonly name: string; readonly chains: readonly Float64Array[] }[] {
  if (shape.length < 2) throw unusable(`\`${name}\` has no dimensions chain and draw`);
  const [chainCount, drawCount, ...rest] = shape;
  const size = rest.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, entry) => ({
    name: rest.length === 0 ? name : `${name}[${subscripts(entry, rest).join(",")}]`,
    chains: Array.from({ length: chainCount }, (__, c) =>
      Float64Array.from({ length: drawCount }, (___, i) => values[(c * drawCount + i) * size + entry]),
    ),
  }));
}

function subscripts(entry: number, shape: readonly number[]): number[] {
  let rest = entry;
  return shape
    .toReversed()
    .map((length) => {
      const at = rest % length;
      rest = (rest - at) / length;
      return at + 1;
    })
    .toReversed();
}

function pointwiseOf(
  variable: NamedArray | undefined,
  rows: Int32Array | null,
): PointwiseLogLikelihood | null {
  if (variable?.shape.length !== 3) return null;
  const [chainCount, drawCount, rowCount] = variable.shape;
  return {
    rows: rows?.length === rowCount ? rows : Int32Array.from({ length: rowCount }, (_, i) => i + 1),
    values: Array.from({ length: chainCount }, (_, c) =>
      variable.values.subarray(c * drawCount * rowCount, (c + 1) * drawCount * rowCount),
    ),
  };
}

export function unusable(why: string): PhxError {
  return new PhxError({
    code: "PHX847",
    what: "these are not draws that phx can read",
    why,
    fix: "give what `phx fit --out` wrote, Stan CSV, or the JSON or NetCDF of ArviZ",
  });
}
