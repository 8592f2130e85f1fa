// What the energy of solves is about.
import type { EliminationTrace } from "@phxlang/graph";

export type SolveParameters = { readonly trace: EliminationTrace };

/** Positions of the items. */
export const solveItems = { slots: 0, killing: 1, right: 2, left: 3 } as const;
