// The energy of time-dependent quantities: Φ = Σ_n weight_n e^−scale_n left_mᵀ exp(A(slots) time_n) right.
import { laneChannels } from "../densities/lane-channels.ts";
import { kernels } from "../kernels/index.ts";
import { placeLanes, readLane } from "../kernels/lane-arrays.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import type { LaneEnergy, LaneGradientRequest } from "./energy.ts";
import type { ExponentialParameters, ExponentialRequest as Request } from "./exponential-request.ts";
import { exponentialItems, sizeOfShape, wantsItem } from "./exponential-request.ts";
import type { Jet } from "./subsets.ts";
import { multiplyJets, zeroJet } from "./subsets.ts";
import { channelStarts, descendChannels, sumOfProducts, timeParts, timePowers } from "./time-channels.ts";

/**
 * A sweep reads its operator and two vectors again and again: what lanes work on should fit into the caches, which are
 * four times smaller than what other kernels may work on.
 */
export function sweepBytesPerLane({ entryCount, rowCount }: OperatorPattern): number {
  return 4 * 8 * (entryCount + 4 * rowCount);
}

export const exponentialEnergy: LaneEnergy<ExponentialParameters> = {
  name: "exponential",
  documentation:
    "Σ_n weights_n e^−scales_n left_mᵀ exp(A t_n) right: slots [slots], left [M, rows], right [rows], times [N], weights [N]",
  items: ["slots", "left", "right", "times", "weights"],
  constants: ["scales", "leftOfTime", "leftMask", "rightMask"],
  bytesPerLane: ({ pattern }) => sweepBytesPerLane(pattern),
  laneGradient(request) {
    const { lanes, arena } = request;
    const requests = Array.from({ length: lanes }, (_, lane) => requestOfLane(request, lane));
    const gradients = timeGradients(requests);
    return gradients[0].map((jet, item) =>
      jet.map((first, component) => {
        if (first === null) return null;
        return placeLanes(
          arena,
          gradients.map((own) => own[item][component] ?? new Float64Array(first.length)),
        );
      }),
    );
  },
};

function requestOfLane(request: LaneGradientRequest<ExponentialParameters>, lane: number): Request {
  const { lanes, shapes, items, constants, ...rest } = request;
  const read = (address: number, item: number): Float64Array => {
    const target = new Float64Array(sizeOfShape(shapes[item]));
    readLane(address, lanes, lane, target);
    return target;
  };
  const itemOfConstant = [
    exponentialItems.times,
    exponentialItems.times,
    exponentialItems.left,
    exponentialItems.right,
  ];
  return {
    ...rest,
    shapes,
    kernels,
    items: items.map((jet, item) => jet.map((part) => (part === null ? null : read(part, item)))),
    constants: constants.map((address, c) => read(address, itemOfConstant[c])),
  };
}

/**
 * The gradients of 1, 2, 4 or 8 requests that differ in their numbers only. Derivatives in time come from A once more:
 * each power of it is a channel, with a start of its own.
 */
export function timeGradients(requests: readonly Request[]): Jet[][] {
  const [request] = requests;
  const { order, parameters } = request;
  const wants = (item: number): boolean => wantsItem(request, item);
  const goesBack =
    wants(exponentialItems.slots) || wants(exponentialItems.left) || wants(exponentialItems.right);
  const wantsValues = wants(exponentialItems.weights) || wants(exponentialItems.times);
  const leftLength = sizeOfShape(request.shapes[exponentialItems.left]);
  const lanes = requests.map((own) => {
    const powers = timePowers(own.items[exponentialItems.times], order);
    const count = powers.length + (wants(exponentialItems.times) ? 1 : 0);
    return {
      request: own,
      weights: own.items[exponentialItems.weights],
      powers,
      starts: channelStarts(own, count),
      values: [] as Jet[],
      startBars: [] as Jet[],
      slotParts: wantedParts(own, exponentialItems.slots, parameters.pattern.slotCount),
      leftParts: wantedParts(own, exponentialItems.left, leftLength),
    };
  });
  const [{ starts, powers }] = lanes;
  const openChannel = laneChannels(requests);
  for (let j = 0; j < starts.length; j++) {
    const channels = openChannel(
      lanes.map((own) => own.starts[j]),
      j,
    );
    const values = wantsValues ? channels.values() : lanes.map(() => zeroJet(order));
    const bars =
      j < powers.length && goesBack
        ? channels.adjoint(
            lanes.map((own) => multiplyJets(own.weights, own.powers[j])),
            lanes.map((own) => own.slotParts),
            lanes.map((own) => own.leftParts),
          )
        : lanes.map(() => zeroJet(order));
    for (const [l, own] of lanes.entries()) {
      own.values.push(values[l]);
      own.startBars.push(bars[l]);
    }
  }
  return lanes.map((own) => [
    own.slotParts,
    own.leftParts,
    descendChannels(own.request, own.starts, own.startBars, own.slotParts),
    timeParts(own.request, own.weights, own.powers, own.values),
    sumOfProducts(own.powers, own.values, 0, parameters.law),
  ]);
}

function wantedParts(request: Request, item: number, length: number): (Float64Array | null)[] {
  const size = 1 << request.order;
  return Array.from({ length: size }, (_, a) =>
    request.wanted[item * size + a] ? new Float64Array(length) : null,
  );
}
