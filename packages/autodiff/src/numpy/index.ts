// np: NumPy's functions on arrays and traced values, with JAX's conventions for derivatives.
export { array } from "../as-value.ts";
export * from "./contraction.ts";
export { arange, eye, full, linspace, meshgrid, oneHot, ones, tril, triu, zeros } from "./creation.ts";
export * from "./elementwise.ts";
export * from "./indexing.ts";
export * from "./reductions.ts";
export * from "./shaping.ts";
export * from "./special.ts";
export * from "./statistics.ts";
export * as linalg from "./linalg.ts";
