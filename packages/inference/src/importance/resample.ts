// Draws with replacement, in proportion to weights.
import { special } from "@phxlang/autodiff";
import type { RandomStream } from "../random-stream.ts";

/** Indices drawn with replacement in proportion to weights. */
export function resample(logWeights: Float64Array, count: number, stream: RandomStream): number[] {
  let sum = 0;
  const cumulative = logWeights.map((log) => (sum += special.exp(log)));
  return Array.from({ length: count }, () => {
    const target = stream.uniform() * sum;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}
