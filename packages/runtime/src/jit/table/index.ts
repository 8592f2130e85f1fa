// The table of everything that the CPU device compiles, by the names of the primitives.
import type { Lowering } from "../lowering.ts";
import { arithmeticTable } from "./arithmetic.ts";
import { controlTable } from "./control.ts";
import { functionTable } from "./functions.ts";
import { kernelTable } from "./kernels.ts";
import { libraryTable } from "./library.ts";
import { randomTable } from "./random.ts";
import { structureTable } from "./structure.ts";

const table: ReadonlyMap<string, Lowering> = new Map(
  Object.entries<Lowering>({
    ...arithmeticTable,
    ...functionTable,
    ...structureTable,
    ...controlTable,
    ...kernelTable,
    ...libraryTable,
    ...randomTable,
  }),
);

/** How the device treats a primitive; undefined if it does not support it. */
export function loweringOf(name: string): Lowering | undefined {
  return table.get(name);
}
