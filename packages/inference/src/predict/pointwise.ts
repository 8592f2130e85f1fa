// The log-likelihood of each observation at each draw of a fit.
import type { Device, Value } from "@phxlang/autodiff";
import { makeJit, vmap } from "@phxlang/autodiff";
import { cpuDevice } from "@phxlang/runtime";
import type { Model } from "@phxlang/runtime";
import { numbersOf, stacked } from "../concrete.ts";
import type { Fit } from "../fit/fit.ts";
import { thetaOfDraw } from "../fit/fit.ts";
import type { Data } from "../posterior/posterior.ts";
import { observationSets } from "../posterior/posterior.ts";

export interface PointwiseLogLikelihood {
  /** One-based row in the user's table of each observation; for a subject of a panel its first row. */
  readonly rows: Int32Array;
  /** values[c]: draws × observations of chain c, row-major, warm-up left out. */
  readonly values: readonly Float64Array[];
}

/** Draws evaluated at once. */
const lanes = 8;

/** weight × log likelihood of each row (each subject of panel data) at each draw. */
export function pointwiseLogLikelihood(
  model: Model,
  fit: Fit,
  data: Data,
  device: Device = cpuDevice,
): PointwiseLogLikelihood {
  const evaluate = makeJit(device)(vmap((theta: Value) => model.logLikelihoods(theta, data)));
  const rows = observationSets(data).flatMap((set) =>
    set.kind === "path"
      ? Array.from(set.subjectOffsets.subarray(0, -1), (first) => set.sourceRows[first])
      : Array.from(set.sourceRows),
  );
  const values = fit.chains.map(({ warmup, parameters }, c) => {
    const count = (parameters[0]?.length ?? 0) - warmup;
    const result = new Float64Array(count * rows.length);
    for (let first = 0; first < count; first += lanes) {
      const thetas = Array.from({ length: lanes }, (_, lane) =>
        thetaOfDraw(fit, c, Math.min(first + lane, count - 1)),
      );
      const found = numbersOf(evaluate(stacked(thetas, [lanes, model.parameterCount])));
      const kept = Math.min(lanes, count - first);
      result.set(found.subarray(0, kept * rows.length), first * rows.length);
    }
    return result;
  });
  return { rows: Int32Array.from(rows), values };
}
