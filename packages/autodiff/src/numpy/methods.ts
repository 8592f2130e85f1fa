// The methods that every array and every traced array has, from one table: declared here, installed once.
import type { Value } from "../trace.ts";

export interface ArrayMethods {
  /** Elementwise negation. */
  neg(): Value;
}
