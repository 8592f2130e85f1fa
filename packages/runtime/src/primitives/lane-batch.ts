// Batches in lanes: up to eight items of a batch at once, side by side in the kernels' memory.
import type { NdArray } from "@phxlang/autodiff";
import type { LaneCount } from "../kernels/lane-arrays.ts";
import { laneCountFor, placeLanes, readLane } from "../kernels/lane-arrays.ts";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import { batchLength, itemOf } from "./leading-batch.ts";

/**
 * Calls `compute` with the addresses of the operands' lane arrays until the batch is done; what it returns are
 * addresses of lane arrays for the results (null for zeros), which are read before their arena is released. A result
 * has the batch as its leading axis if there is one.
 */
export function evaluateInLanes(
  operands: readonly NdArray[],
  batched: readonly number[],
  bytesPerLane: number,
  results: readonly Float64Array[],
  compute: (arena: Arena, lanes: LaneCount, operands: readonly number[]) => readonly (number | null)[],
): void {
  const length = batchLength(operands, batched) ?? 1;
  for (let first = 0; first < length;) {
    const lanes = laneCountFor(length - first, bytesPerLane);
    const arena = kernelHost().arena();
    try {
      const placed = operands.map((operand, i) =>
        placeLanes(
          arena,
          Array.from({ length: lanes }, (_, lane) => itemOf(operand, batched[i] === 1, first + lane)),
        ),
      );
      compute(arena, lanes, placed).forEach((part, i) => {
        if (part === null) return;
        const size = results[i].length / length;
        for (let lane = 0; lane < lanes; lane++) {
          readLane(part, lanes, lane, results[i].subarray((first + lane) * size, (first + lane + 1) * size));
        }
      });
    } finally {
      arena.release();
    }
    first += lanes;
  }
}
