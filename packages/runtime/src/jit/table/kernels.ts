// Primitives with loops of their own.
import { csrLinear, csrMatvec, csrOuter } from "../kernels/csr.ts";
import { cumsum } from "../kernels/cumulative.ts";
import { gather, scatter } from "../kernels/indexing.ts";
import { concatenate, dynamicSlice, dynamicUpdateSlice, pad } from "../kernels/layout.ts";
import { matmul } from "../kernels/matmul.ts";
import type { Kernel } from "../lowering.ts";

export const kernelTable: Readonly<Record<string, Kernel>> = {
  matmul,
  csrMatvec,
  csrLinear,
  csrOuter,
  gather,
  scatter,
  concatenate,
  pad,
  dynamicSlice,
  dynamicUpdateSlice,
  cumsum,
};
