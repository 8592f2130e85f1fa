// What the GTH kernels of one lane count share: addresses, guarded products, the inflow of a row.
import { at, f64Lanes } from "../../wasm/index.ts";
import type { Expression, FunctionBuilder, Lanes, LaneValue, Local } from "../../wasm/index.ts";
import { element, forOuterSlots, forSegment } from "./trace-frame.ts";
import type { TraceFrame } from "./trace-frame.ts";

export type Address = Local<"i32">;

/** Addresses of the parts of a trace's factors: multipliers, upper entries, pivots, exits. */
export interface FactorAddresses {
  readonly lower: Address;
  readonly upper: Address;
  readonly pivots: Address;
  readonly exits: Address;
}

/** Everything the kernels of one lane count share. */
export class LaneKernel {
  readonly lanes: Lanes;
  readonly shift: number;
  /**
   * Whether zeros are guarded against infinities, as pivots of 0 (states that are never left) require. Without such
   * pivots both variants give the same values.
   */
  readonly guarded: boolean;

  constructor(laneCount: number, guarded: boolean) {
    this.lanes = f64Lanes(laneCount);
    this.shift = 3 + Math.log2(laneCount);
    this.guarded = guarded;
  }

  /** Address of element `index` of an array of lanes. */
  at(base: Expression<"i32">, index: Expression<"i32">): Expression<"i32"> {
    return at(base, index, this.shift);
  }

  load(f: FunctionBuilder, base: Expression<"i32">, index: Expression<"i32">): LaneValue {
    return this.lanes.load(f.let(this.at(base, index)));
  }

  store(f: FunctionBuilder, base: Expression<"i32">, index: Expression<"i32">, value: LaneValue): void {
    this.lanes.store(f, f.let(this.at(base, index)), value);
  }

  /** base[index] ← base[index] + value. */
  accumulate(f: FunctionBuilder, base: Expression<"i32">, index: Expression<"i32">, value: LaneValue): void {
    const address = f.let(this.at(base, index));
    this.lanes.store(f, address, this.lanes.add(this.lanes.load(address), value));
  }

  /** rate · x, where a rate of 0 gives 0 whatever x is. */
  product(f: FunctionBuilder, rate: LaneValue, x: LaneValue): LaneValue {
    const { lanes } = this;
    if (!this.guarded) return lanes.mul(rate, x);
    const left = lanes.let(f, rate);
    return lanes.select(lanes.eq(left, lanes.splat(0)), lanes.splat(0), lanes.mul(left, x));
  }

  /** As product, and 0 where x is 0; a pivot of 0 makes it infinite: time spent in that state does not end. */
  pivotProduct(f: FunctionBuilder, multiplier: LaneValue, pivot: LaneValue, x: LaneValue): LaneValue {
    const { lanes } = this;
    if (!this.guarded) return lanes.mul(multiplier, x);
    const left = lanes.let(f, multiplier);
    const right = lanes.let(f, x);
    const zero = lanes.splat(0);
    const stays = lanes.select(lanes.eq(pivot, zero), lanes.splat(Infinity), lanes.mul(left, right));
    return lanes.select(lanes.eq(left, zero), zero, lanes.select(lanes.eq(right, zero), zero, stays));
  }

  factors(
    f: FunctionBuilder,
    base: Address,
    counts: { readonly lowerCount: Address; readonly upperCount: Address; readonly rowCount: Address },
  ): FactorAddresses {
    const upper = f.let(this.at(base, counts.lowerCount));
    const pivots = f.let(this.at(upper, counts.upperCount));
    const exits = f.let(this.at(pivots, counts.rowCount));
    return { lower: base, upper, pivots, exits };
  }
}

/** sum += inflow of row i from rows of earlier blocks and earlier rows of its own block. */
export function addInflow(
  f: FunctionBuilder,
  kernel: LaneKernel,
  trace: TraceFrame,
  addresses: {
    readonly slots: Address;
    readonly lower: Address;
    readonly pivots: Address;
    readonly values: Address;
  },
  i: Address,
  sum: ReturnType<Lanes["local"]>,
): void {
  const { lanes } = kernel;
  forOuterSlots(f, trace, i, (s) => {
    const value = kernel.load(f, addresses.values, element(trace.columns, s));
    lanes.set(f, sum, lanes.add(sum, kernel.product(f, kernel.load(f, addresses.slots, s), value)));
  });
  forSegment(f, trace.lowerOffsets, i, (p) => {
    const k = f.let(element(trace.lowerColumns, p));
    const value = kernel.load(f, addresses.values, k);
    const pivot = kernel.guarded ? kernel.load(f, addresses.pivots, k) : [];
    const inflow = kernel.pivotProduct(f, kernel.load(f, addresses.lower, p), pivot, value);
    lanes.set(f, sum, lanes.add(sum, inflow));
  });
}

/** value = right[i], or 1 where the address of the right side is 0. */
export function setToRight(
  f: FunctionBuilder,
  { lanes, shift }: LaneKernel,
  value: ReturnType<Lanes["local"]>,
  right: Expression<"i32">,
  i: Expression<"i32">,
): void {
  f.if(
    right,
    () => lanes.set(f, value, lanes.load(f.let(at(right, i, shift)))),
    () => lanes.set(f, value, lanes.splat(1)),
  );
}
