// The table of everything that the WebGPU device compiles, by the names of the primitives.
import type { Lowering } from "../program/lowering.ts";
import { phaseTypeTable } from "../phase-type/index.ts";
import { controlTable } from "./control.ts";
import { elementwiseTable } from "./elementwise.ts";
import { linearAlgebraTable } from "./linear-algebra.ts";
import { productTable } from "./products.ts";
import { rearrangeTable } from "./rearrange.ts";
import { reductionTable } from "./reductions.ts";
import { structureTable } from "./structure.ts";

const table: ReadonlyMap<string, Lowering> = new Map(
  Object.entries<Lowering>({
    ...elementwiseTable,
    ...structureTable,
    ...reductionTable,
    ...rearrangeTable,
    ...productTable,
    ...linearAlgebraTable,
    ...controlTable,
    ...phaseTypeTable,
  }),
);

/** How the device treats a primitive; undefined if it does not support it. */
export function loweringOf(name: string): Lowering | undefined {
  return table.get(name);
}
