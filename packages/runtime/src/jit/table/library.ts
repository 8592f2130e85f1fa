// Primitives that run as their own evaluate, on arrays that are copied out of the kernels' memory and back: whole
// algorithms, beside which the copies are small. What is missing here, jit refuses.
import type { Library } from "../lowering.ts";
import { checkedPrimitive } from "../../primitives/checked.ts";
import { exponentialAction, exponentialPrimitives, propagation } from "../../primitives/exponential.ts";
import { quantilePrimitive } from "../../distributions/quantile.ts";
import { momentPrimitives } from "../../primitives/moments.ts";
import { reductionPrimitives } from "../../primitives/reduction.ts";
import { simulationPrimitive } from "../../primitives/simulation.ts";
import { factorPrimitive, solvePrimitives } from "../../primitives/solve.ts";

const orders = ["argSort", "argMax", "argMin"];
const linearAlgebra = ["triangularSolve", "cholesky", "lu", "solve", "det", "slogdet", "cofactor"];
/** Rejection samplers: each number takes as many draws as it needs. */
const samplers = ["randomLogGamma", "randomPoisson"];
/** pmap inside jit: its own device runs the members. */
const maps = ["map"];

/** Kernels of models: they do their work in WebAssembly themselves. */
const phaseType = [
  checkedPrimitive,
  factorPrimitive,
  quantilePrimitive,
  simulationPrimitive,
  exponentialAction,
  propagation,
  momentPrimitives.gradient,
  momentPrimitives.second,
  reductionPrimitives.gradient,
  reductionPrimitives.second,
  solvePrimitives.gradient,
  solvePrimitives.second,
  exponentialPrimitives.gradient,
  exponentialPrimitives.second,
].map(({ name }) => name);

const library: Library = { kind: "library" };

export const libraryTable: Readonly<Record<string, Library>> = Object.fromEntries(
  [...orders, ...linearAlgebra, ...samplers, ...maps, ...phaseType].map((name) => [name, library]),
);
