// What goes beside the draws of a fit: log-likelihoods of the observations, and the observations themselves.
import type { Device } from "@phxlang/autodiff";
import type { Observations } from "@phxlang/graph";
import { leaveOneOut, pointwiseLogLikelihood } from "@phxlang/inference";
import type { Fit, InferenceParts, LeaveOneOut, PointwiseLogLikelihood } from "@phxlang/inference";
import type { Model } from "@phxlang/runtime";
import type { Invocation } from "../command.ts";

/** Draws × observations that are kept at once: 80 MB of doubles. */
const mostValues = 1e7;

export interface FitParts {
  /** For files. */
  readonly parts: InferenceParts;
  /**
   * Null where an approximation is not the posterior, and where there are fewer than two observations or a hundred draws. Chains
   * that cannot be trusted yet have their warnings.
   */
  readonly leaveOneOut: LeaveOneOut | null;
}

/** Where draws × observations are too many, a note says that they are left out. */
export async function fitParts(
  invocation: Invocation,
  model: Model,
  fit: Fit,
  data: readonly Observations[],
  device: Device,
): Promise<FitParts> {
  const drawCount = fit.draws[0]?.reduce((sum, chain) => sum + chain.length, 0) ?? 0;
  const rowCount = data.reduce(
    (sum, set) => sum + (set.kind === "path" ? set.subjectOffsets.length - 1 : set.count),
    0,
  );
  if (drawCount * rowCount > mostValues) {
    await invocation.note(
      `no leave-one-out: ${drawCount} draws of ${rowCount} observations are more than ${mostValues} log-likelihoods`,
    );
    return { parts: { data }, leaveOneOut: null };
  }
  const logLikelihood: PointwiseLogLikelihood = pointwiseLogLikelihood(model, fit, data, device);
  const canLeaveOneOut = (fit.isPosterior || fit.method === "nuts") && rowCount > 1 && drawCount >= 100;
  return {
    parts: { data, logLikelihood },
    leaveOneOut: canLeaveOneOut ? leaveOneOut(logLikelihood) : null,
  };
}
