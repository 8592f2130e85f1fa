// Every primitive, by name, and the operations on values that rules and np functions are written with.
import type { Primitive } from "../primitive.ts";
import * as arithmetic from "./arithmetic.ts";
import * as comparison from "./comparison.ts";
import * as dynamicSlice from "./dynamic-slice.ts";
import * as exponential from "./exponential.ts";
import * as incomplete from "./incomplete.ts";
import * as indexing from "./indexing.ts";
import * as linearAlgebra from "./linear-algebra.ts";
import * as matmul from "./matmul.ts";
import * as randomBits from "./random-bits.ts";
import * as randomRejection from "./random-rejection.ts";
import * as reductions from "./reductions.ts";
import * as rounding from "./rounding.ts";
import * as slicing from "./slicing.ts";
import * as sparse from "./sparse.ts";
import * as specialFunctions from "./special-functions.ts";
import * as structural from "./structural.ts";
import * as trigonometric from "./trigonometric.ts";

const modules: readonly Record<string, unknown>[] = [
  structural,
  arithmetic,
  comparison,
  rounding,
  exponential,
  trigonometric,
  specialFunctions,
  incomplete,
  reductions,
  slicing,
  indexing,
  dynamicSlice,
  matmul,
  linearAlgebra,
  sparse,
  randomBits,
  randomRejection,
];

/** All primitives of this folder, in the order of their files. */
export const primitives: readonly Primitive[] = modules.flatMap((module) =>
  Object.entries(module)
    .filter(([name]) => name.endsWith("Primitive"))
    .map(([, primitive]) => primitive as Primitive),
);
