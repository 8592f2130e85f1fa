// Primitives that run as their own evaluate, on arrays that are copied out of the kernels' memory and back: whole
// algorithms, beside which the copies are small. What is missing here, jit refuses.
import type { Library } from "../lowering.ts";
import { phaseTypePrimitives } from "../../primitives/index.ts";

const orders = ["argSort", "argMax", "argMin"];
const linearAlgebra = ["triangularSolve", "cholesky", "lu", "solve", "det", "slogdet", "cofactor"];
/** Rejection samplers: each number takes as many draws as it needs. */
const samplers = ["randomLogGamma", "randomPoisson"];
/** A map that its own device spreads. */
const maps = ["map"];

/** Kernels of models: they do their work in WebAssembly themselves. */
const phaseType = phaseTypePrimitives.map(({ name }) => name);

const library: Library = { kind: "library" };

export const libraryTable: Readonly<Record<string, Library>> = Object.fromEntries(
  [...orders, ...linearAlgebra, ...samplers, ...maps, ...phaseType].map((name) => [name, library]),
);
