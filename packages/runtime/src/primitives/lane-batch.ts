// Batches in lanes: up to eight items of a batch at once, side by side in the kernels' memory.
import type { NdArray } from "@phxlang/autodiff";
import { internalError } from "@phxlang/autodiff";
import type { LaneCount } from "../kernels/lane-arrays.ts";
import { laneCountFor, placeItems, readItems } from "../kernels/lane-arrays.ts";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import { batchLength } from "./leading-batch.ts";

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
      const placed = operands.map(({ elements, dtype, shape }, i) => {
        if (!(elements instanceof Float64Array)) throw internalError(`an operand of dtype ${dtype}, not f64`);
        const count = batched[i] === 1 ? elements.length / shape[0] : elements.length;
        return placeItems(arena, lanes, elements, count, batched[i] === 1 ? first : 0);
      });
      const parts = compute(arena, lanes, placed);
      for (const [i, part] of parts.entries()) {
        if (part !== null) readItems(part, lanes, results[i], results[i].length / length, first);
      }
    } finally {
      arena.release();
    }
    first += lanes;
  }
}
