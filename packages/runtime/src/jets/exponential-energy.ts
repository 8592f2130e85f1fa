// The energy of time-dependent quantities: Φ = Σ_n weight_n e^−scale_n left_mᵀ exp(A(slots) time_n) right.
import { chooseParts } from "../densities/choose-method.ts";
import { channelsOf } from "../densities/time-parts.ts";
import { kernelHost } from "../wasm/index.ts";
import type { ItemEnergy } from "./energy.ts";
import { referenceProblem } from "./exponential-reference.ts";
import type { ExponentialParameters, ExponentialRequest as Request } from "./exponential-request.ts";
import { exponentialItems, sizeOfShape, wantsItem } from "./exponential-request.ts";
import type { Jet } from "./subsets.ts";
import { multiplyJets, zeroJet } from "./subsets.ts";
import { channelStarts, descendChannels, sumOfProducts, timeParts, timePowers } from "./time-channels.ts";

/** Derivatives in time come from A once more: each power of it is a channel, with a start of its own. */
export const exponentialEnergy: ItemEnergy<ExponentialParameters> = {
  name: "exponential",
  documentation:
    "Σ_n weights_n e^−scales_n left_mᵀ exp(A t_n) right: slots [slots], left [M, rows], right [rows], times [N], weights [N]",
  items: ["slots", "left", "right", "times", "weights"],
  constants: ["scales", "leftOfTime", "leftMask", "rightMask"],
  gradient(request) {
    const arena = kernelHost().arena();
    try {
      return gradientIn({ ...request, arena });
    } finally {
      arena.release();
    }
  },
};

function gradientIn(request: Request): Jet[] {
  const { order, parameters } = request;
  const weights = request.items[exponentialItems.weights];
  const wants = (item: number): boolean => wantsItem(request, item);
  const goesBack =
    wants(exponentialItems.slots) || wants(exponentialItems.left) || wants(exponentialItems.right);
  const powers = timePowers(request.items[exponentialItems.times], order);
  const channelCount = powers.length + (wants(exponentialItems.times) ? 1 : 0);
  const starts = channelStarts(request, channelCount);
  const values: Jet[] = [];
  const slotParts = wantedParts(request, exponentialItems.slots, parameters.pattern.slotCount);
  const leftLength = sizeOfShape(request.shapes[exponentialItems.left]);
  const leftParts = wantedParts(request, exponentialItems.left, leftLength);
  const startBars: Jet[] = [];
  const wantsValues = wants(exponentialItems.weights) || wants(exponentialItems.times);
  const { parts } = chooseParts(referenceProblem(request), parameters);
  const channelOf = channelsOf(request, parts);
  for (const [j, start] of starts.entries()) {
    const channel = channelOf(start, j);
    values.push(wantsValues ? channel.values() : zeroJet(order));
    if (j >= powers.length || !goesBack) {
      startBars.push(zeroJet(order));
      continue;
    }
    startBars.push(channel.adjoint(multiplyJets(weights, powers[j]), slotParts, leftParts));
  }
  const rightParts = descendChannels(request, starts, startBars, slotParts);
  return [
    slotParts,
    leftParts,
    rightParts,
    timeParts(request, weights, powers, values),
    sumOfProducts(powers, values, 0, parameters.law),
  ];
}

function wantedParts(request: Request, item: number, length: number): (Float64Array | null)[] {
  const size = 1 << request.order;
  return Array.from({ length: size }, (_, a) =>
    request.wanted[item * size + a] ? new Float64Array(length) : null,
  );
}
