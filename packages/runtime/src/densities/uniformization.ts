// Uniformization as a TimeMethod: one sweep through powers of the operator serves all times.
import { special } from "@phxlang/autodiff";
import { sweepKernels } from "../kernels/index.ts";
import { largestRate } from "../kernels/operator.ts";
import { sweepChannels } from "../uniformization/sweep-channels.ts";
import type { ReferenceRequest } from "../uniformization/reference-sweep.ts";
import { depthFor, referenceSweep, valueDepth } from "../uniformization/reference-sweep.ts";
import { sweepToKeep } from "../uniformization/sweep-memo.ts";
import { kernelHost } from "../wasm/index.ts";
import type { TimeChannel, TimeMethod, TimeProblem, TimeValues } from "./time-method.ts";

export const uniformization: TimeMethod = {
  name: "uniformization",
  channels(request) {
    const open = sweepChannels([request]);
    return (start, channel): TimeChannel => {
      const channels = open([start], channel);
      return {
        values: () => channels.values()[0],
        adjoint: (weights, slotParts, leftParts) => channels.adjoint([weights], [slotParts], [leftParts])[0],
      };
    };
  },
};

/** About how long a sweep takes. */
export function uniformizationNanoseconds({ pattern, slots, times }: TimeProblem): number {
  const mean = largestRate(pattern, slots) * times.reduce((largest, time) => Math.max(largest, time), 0);
  const steps = mean + Math.sqrt(2 * valueDepth * mean) + valueDepth / 2;
  const window = Math.min(steps, 20 * Math.sqrt(mean) + 20);
  const perStep = 60 + 0.6 * (pattern.entryCount + pattern.rowCount);
  return steps * perStep + times.length * window * 1.5;
}

/**
 * The values of 1, 2, 4 or 8 problems that differ in their numbers only; each gets the bits that it gets alone.
 * `keepsSweep`: a derivative will be asked for, and may take the sweep over.
 */
export function valuesInLanes(
  problems: readonly TimeProblem[],
  tolerance: number,
  keepsSweep: boolean,
): TimeValues[] {
  const [{ pattern, law, leftCount }] = problems;
  const request: ReferenceRequest = {
    kernels: sweepKernels,
    pattern,
    law,
    leftCount,
    items: problems,
    keep: keepsSweep,
    depth: depthFor(tolerance),
  };
  const arena = kernelHost().arena();
  try {
    const { lanes } = keepsSweep ? sweepToKeep(request) : referenceSweep(arena, request);
    const isDiscrete = law === "discrete";
    // What a sweep leaves out, relative to the value.
    const error = isDiscrete ? 0 : special.exp(-request.depth);
    const method = isDiscrete ? "powers" : "uniformization";
    return lanes.map(({ logValues, steps }) => ({
      logValues,
      errors: new Float64Array(logValues.length).fill(error),
      used: [{ method, times: logValues.length, work: steps, error }],
    }));
  } finally {
    arena.release();
  }
}
