// Energies: scalar functions of several array items whose gradient can be evaluated over jets. Everything that a
// model computes is the gradient of one: that closes all orders of differentiation with one rule.
import type { Parameters } from "@phxlang/autodiff";
import type { PhaseTypeKernels } from "../kernels/phase-type-kernels.ts";
import type { Jet } from "./subsets.ts";

/** What `Energy.gradient` is asked for. */
export interface GradientRequest<P extends Parameters> {
  /** Number of ε. */
  readonly order: number;
  /** One jet for each item of the energy; all components are in the item's row-major order. */
  readonly items: readonly Jet[];
  /** Operands that are never differentiated. */
  readonly constants: readonly Float64Array[];
  /** Shapes of the items. */
  readonly shapes: readonly (readonly number[])[];
  readonly parameters: P;
  /** wanted[item * 2^order + component]: which parts of the gradient are to be computed. */
  readonly wanted: readonly boolean[];
  readonly kernels: PhaseTypeKernels;
}

/**
 * A function Φ of items c₁, c₂, … (and constants), analytic where it is used. `gradient` gives ∂Φ/∂c_i evaluated
 * with jets in place of numbers: for c = c⁰ + ε c¹ its ε-component is the second derivative ∂²Φ(c⁰)·c¹, and so
 * on. A result is null where it is zero for a reason of structure.
 */
export interface Energy<P extends Parameters> {
  readonly name: string;
  readonly documentation: string;
  readonly items: readonly string[];
  readonly constants: readonly string[];
  gradient(request: GradientRequest<P>): readonly Jet[];
}
