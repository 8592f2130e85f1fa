// Energies: scalar functions of several array items whose gradient can be evaluated over jets. Everything that a
// model computes is the gradient of one: that closes all orders of differentiation with one rule.
import type { Parameters } from "@phxlang/autodiff";
import type { LaneCount } from "../kernels/lane-arrays.ts";
import type { PhaseTypeKernels } from "../kernels/phase-type-kernels.ts";
import type { Arena } from "../wasm/index.ts";
import type { Jet, JetOf } from "./subsets.ts";

interface Request<P extends Parameters> {
  /** Number of ε. */
  readonly order: number;
  /** Shapes of the items. */
  readonly shapes: readonly (readonly number[])[];
  readonly parameters: P;
  /** wanted[item * 2^order + component]: which parts of the gradient are to be computed. */
  readonly wanted: readonly boolean[];
}

/** What `Energy.gradient` is asked for. */
export interface GradientRequest<P extends Parameters> extends Request<P> {
  /** One jet for each item of the energy; all components are in the item's row-major order. */
  readonly items: readonly Jet[];
  /** Operands that are never differentiated. */
  readonly constants: readonly Float64Array[];
  readonly kernels: PhaseTypeKernels;
}

/** A jet whose components are addresses of lane arrays (lane-arrays.ts) in the kernels' memory. */
export type LaneJet = JetOf<number>;

/** The same of several batch items at once, side by side in lanes. Operands must not be written to. */
export interface LaneGradientRequest<P extends Parameters> extends Request<P> {
  readonly lanes: LaneCount;
  readonly items: readonly LaneJet[];
  readonly constants: readonly number[];
  /** Results and whatever is needed on the way are allocated here; it is given back once the results are read. */
  readonly arena: Arena;
}

/**
 * A function Φ of items c₁, c₂, … (and constants), analytic where it is used. `gradient` gives ∂Φ/∂c_i evaluated
 * with jets in place of numbers: for c = c⁰ + ε c¹ its ε-component is the second derivative ∂²Φ(c⁰)·c¹, and so
 * on. A result is null where it is zero for a reason of structure.
 */
export type Energy<P extends Parameters> = ItemEnergy<P> | LaneEnergy<P>;

interface EnergyText {
  readonly name: string;
  readonly documentation: string;
  readonly items: readonly string[];
  readonly constants: readonly string[];
}

/** An energy that takes one item of a batch at a time. */
export interface ItemEnergy<P extends Parameters> extends EnergyText {
  gradient(request: GradientRequest<P>): readonly Jet[];
}

/** An energy that takes up to eight; each lane gets the bits that it would get alone. */
export interface LaneEnergy<P extends Parameters> extends EnergyText {
  /** Bytes that one lane of a request of order 0 works on, roughly: the number of lanes is chosen by it. */
  bytesPerLane(parameters: P): number;
  laneGradient(request: LaneGradientRequest<P>): readonly LaneJet[];
}
