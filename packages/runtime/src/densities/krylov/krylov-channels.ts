// Values and derivatives by Krylov spaces of both sides.
import { special } from "@phxlang/autodiff";
import type { ExponentialRequest } from "../../jets/exponential-request.ts";
import { exponentialConstants, exponentialItems, leftCountOf } from "../../jets/exponential-request.ts";
import type { Jet } from "../../jets/subsets.ts";
import { zeroJet } from "../../jets/subsets.ts";
import { addProduct } from "../../kernels/wasm/matrix-product.ts";
import { noParts } from "../dense/matrix-jets.ts";
import { StepTable } from "../dense/step-table.ts";
import { StepWalk } from "../dense/step-walk.ts";
import type { TimeChannel } from "../time-method.ts";
import { eliminationOf } from "./pattern-elimination.ts";
import { firstUnit, levelsFor, stepMatrix, trueRows } from "./projected-curve.ts";
import type { SpaceCurve } from "./space-curves.ts";
import { krylovUnit, spaceCurve } from "./space-curves.ts";

type Parts = readonly (Float64Array | null)[];

/** What belongs to one left vector: its times and the factors e^−scale. */
interface LeftGroup {
  readonly left: Float64Array;
  readonly places: Int32Array;
  readonly times: Float64Array;
  readonly factors: Float64Array;
}

export function krylovChannels(request: ExponentialRequest): (start: Jet, channel: number) => TimeChannel {
  const own = new Krylov(request);
  return (start) => ({
    values: () => own.values(start),
    adjoint: (weights, slotParts, leftParts) => own.adjoint(start, weights, slotParts, leftParts),
  });
}

class Krylov {
  readonly #request: ExponentialRequest;
  readonly #slots: Float64Array;
  readonly #times: Float64Array;
  readonly #lefts: Jet;
  readonly #leftOfTime: Float64Array;
  readonly #factors: Float64Array;
  readonly #rows: number;

  constructor(request: ExponentialRequest) {
    const { items, constants, parameters } = request;
    this.#request = request;
    this.#slots = items[exponentialItems.slots][0] ?? new Float64Array(0);
    this.#times = items[exponentialItems.times][0] ?? new Float64Array(0);
    this.#lefts = items[exponentialItems.left];
    this.#leftOfTime = constants[exponentialConstants.leftOfTime];
    this.#factors = constants[exponentialConstants.scales].map((scale) => special.exp(-scale));
    this.#rows = parameters.pattern.rowCount;
  }

  /** Order 0, or 1 in any of slots, left and start. */
  values(start: Jet): Jet {
    const values = zeroJet(this.#request.order);
    for (const [b, left] of this.#lefts.entries()) {
      for (const [c, right] of start.entries()) {
        if (left === null || right === null || (b & c) !== 0) continue;
        const curve = this.#rightCurve(right, left);
        this.#add(values, b | c, curve.values);
      }
    }
    const direction = this.#request.items[exponentialItems.slots].slice(1);
    const [left, right] = [this.#lefts[0], start[0]];
    if (left === null || right === null) return values;
    for (const [i, rates] of direction.entries()) {
      if (rates === null) continue;
      const moved = new Float64Array(this.#times.length);
      for (const group of this.#groups(left)) this.#moveValues(group, right, rates, moved);
      this.#add(values, i + 1, moved);
    }
    return values;
  }

  /** Start, left vectors and rates are plain numbers. */
  adjoint(start: Jet, weights: Jet, slotParts: Parts, leftParts: Parts): Jet {
    const bar = zeroJet(this.#request.order);
    const [left, right] = [this.#lefts[0], start[0]];
    if (left === null || right === null) return bar;
    for (const [a, weight] of weights.entries()) {
      if (weight === null) continue;
      const scaled = weight.map((x, n) => x * this.#factors[n]);
      const leftBar = leftParts[a];
      if (leftBar !== null) this.#addLeftBar(this.#rightCurve(right, left), scaled, leftBar);
      const startBar = new Float64Array(this.#rows);
      for (const group of this.#groups(left)) {
        const own = Float64Array.from(group.places, (n) => scaled[n]);
        const back = this.#leftCurve(group, right);
        this.#addVector(back, own, startBar, 0);
        const slotBar = slotParts[a];
        if (slotBar !== null) this.#addSlotBar(group, back, right, own, slotBar);
      }
      bar[a] = startBar;
    }
    return bar;
  }

  #add(values: (Float64Array | null)[], component: number, found: Float64Array): void {
    const target = (values[component] ??= new Float64Array(found.length));
    for (let n = 0; n < found.length; n++) target[n] += this.#factors[n] * found[n];
  }

  #rightCurve(right: Float64Array, others: Float64Array): SpaceCurve {
    const { pattern, tolerance, method } = this.#request.parameters;
    const relativeTo = krylovUnit(method);
    const [slots, times, otherOfTime] = [this.#slots, this.#times, this.#leftOfTime];
    const common = {
      pattern,
      slots,
      side: "right",
      start: right,
      others,
      companion: null,
      relativeTo,
    } as const;
    return spaceCurve({ ...common, otherOfTime, times, tolerance });
  }

  #leftCurve({ left, times, places }: LeftGroup, right: Float64Array): SpaceCurve {
    const { pattern, tolerance, method } = this.#request.parameters;
    const relativeTo = krylovUnit(method);
    const otherOfTime = new Float64Array(times.length);
    const whole = this.#rightCurve(right, this.#lefts[0] ?? left);
    const companion = {
      values: Float64Array.from(places, (n) => whole.values[n]),
      errors: Float64Array.from(places, (n) => whole.errors[n]),
    };
    const common = {
      pattern,
      slots: this.#slots,
      side: "left",
      start: left,
      others: right,
      relativeTo,
    } as const;
    return spaceCurve({ ...common, companion, otherOfTime, times, tolerance });
  }

  #groups(left: Float64Array): LeftGroup[] {
    const all = Int32Array.from(this.#times.keys());
    return Array.from({ length: leftCountOf(this.#request) }, (_, m) => {
      const places = all.filter((n) => this.#leftOfTime[n] === m);
      return {
        left: left.subarray(m * this.#rows, (m + 1) * this.#rows),
        places,
        times: Float64Array.from(places, (n) => this.#times[n]),
        factors: Float64Array.from(places, (n) => this.#factors[n]),
      };
    }).filter(({ places }) => places.length > 0);
  }

  /** target += Σ_n weight_n exp(A t_n) right, for each left row separately. */
  #addLeftBar(forward: SpaceCurve, weights: Float64Array, target: Float64Array): void {
    for (let m = 0; m < target.length / this.#rows; m++) {
      const own = weights.map((x, n) => (this.#leftOfTime[n] === m ? x : 0));
      this.#addVector(forward, own, target, m * this.#rows);
    }
  }

  /** target += Σ_n weight_n (the curve's vector at time n), from `offset` on, in the order of the pattern. */
  #addVector({ curve }: SpaceCurve, weights: Float64Array, target: Float64Array, offset: number): void {
    const { dimension, basis } = curve.space;
    const { traceRows } = eliminationOf(this.#request.parameters.pattern);
    const sum = new Float64Array(dimension);
    for (let n = 0; n < weights.length; n++) {
      if (weights[n] === 0) continue;
      for (let j = 0; j < dimension; j++) sum[j] += weights[n] * curve.rows[n * dimension + j];
    }
    for (let j = 0; j < dimension; j++) {
      for (let r = 0; r < this.#rows; r++)
        target[offset + r] += sum[j] * basis[j * this.#rows + traceRows[r]];
    }
  }

  /**
   * dF/dA = Σ_n w_n ∫₀^{t_n} exp(Aᵀ s) left (exp(A (t_n − s)) right)ᵀ ds ≈ Wᵀ Ψ V: Ψ is the same integral in the two
   * spaces, the derivative of the block between their matrices.
   */
  #addSlotBar(
    { left, times }: LeftGroup,
    back: SpaceCurve,
    right: Float64Array,
    weights: Float64Array,
    slotBar: Float64Array,
  ): void {
    const forward = this.#curveOfGroup(right, left, times);
    const { rightTable, leftTable } = commonTables(forward, back, times);
    const { dimension, norm, basis } = forward.curve.space;
    const leftSpace = back.curve.space;
    const walk = new StepWalk(rightTable, [firstUnit(dimension, norm)], times);
    const cotangents = new Float64Array(times.length * leftSpace.dimension);
    weights.forEach((weight, n) => {
      cotangents[n * leftSpace.dimension] = weight * leftSpace.norm;
    });
    const block = noParts(1);
    const exponents = new Float64Array(times.length);
    walk.backward({ parts: [cotangents], exponents }, leftTable, block);
    const mixed = new Float64Array(this.#rows * dimension);
    const outer = { numbers: leftSpace.basis, transposed: true };
    const inner = { numbers: block[0] ?? new Float64Array(0), transposed: false };
    const scale = 1 / rightTable.matrix.rate;
    addProduct(mixed, outer, inner, [this.#rows, leftSpace.dimension, dimension], scale);
    this.#addEdges(mixed, basis, dimension, slotBar);
  }

  /** ∂/∂rate of the transition i → k: ⟨mixed_i, V_k − V_i⟩; of an exit: −⟨mixed_i, V_i⟩. */
  #addEdges(mixed: Float64Array, basis: Float64Array, dimension: number, slotBar: Float64Array): void {
    const { pattern } = this.#request.parameters;
    const { traceRows } = eliminationOf(pattern);
    const rows = this.#rows;
    const columns = new Float64Array(rows * dimension);
    for (let j = 0; j < dimension; j++) {
      for (let r = 0; r < rows; r++) columns[r * dimension + j] = basis[j * rows + r];
    }
    for (let r = 0; r < rows; r++) {
      const own = traceRows[r] * dimension;
      for (let e = pattern.rowOffsets[r]; e < pattern.rowOffsets[r + 1]; e++) {
        const other = traceRows[pattern.columns[e]] * dimension;
        let sum = 0;
        for (let j = 0; j < dimension; j++) sum += mixed[own + j] * (columns[other + j] - columns[own + j]);
        slotBar[pattern.entrySlots[e]] += sum;
      }
      if (pattern.exitOffsets[r] === pattern.exitOffsets[r + 1]) continue;
      let sum = 0;
      for (let j = 0; j < dimension; j++) sum += mixed[own + j] * columns[own + j];
      for (let x = pattern.exitOffsets[r]; x < pattern.exitOffsets[r + 1]; x++)
        slotBar[pattern.exitSlots[x]] -= sum;
    }
  }

  /** target_n += left exp(A t_n) right moved along rates: the upper right block of one exponential. */
  #moveValues(group: LeftGroup, right: Float64Array, rates: Float64Array, target: Float64Array): void {
    const { left, times, places } = group;
    const forward = this.#curveOfGroup(right, left, times);
    const back = this.#leftCurve(group, right);
    const own = forward.curve.space;
    const other = back.curve.space;
    const block = this.#directionIn(forward, back, rates);
    const [p, m] = [other.dimension, own.dimension];
    const size = p + m;
    const largest = block.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (largest === 0) return;
    const rate = Math.max(forward.curve.matrix.rate, back.curve.matrix.rate);
    const unit = rate / largest;
    const joined = new Float64Array(size * size);
    const put = (row: number, column: number, x: number): void => {
      joined[row * size + column] = x;
    };
    const tOwn = forward.curve.matrix;
    const tOther = back.curve.matrix;
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) put(i, j, (tOther.product[0]?.[j * p + i] ?? 0) * tOther.rate);
      for (let j = 0; j < m; j++) put(i, p + j, block[i * m + j] * unit);
    }
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) put(p + i, p + j, (tOwn.product[0]?.[i * m + j] ?? 0) * tOwn.rate);
    }
    const matrix = stepMatrix(joined, size, rate);
    const start = new Float64Array(size);
    start[p] = own.norm;
    const rows = trueRows(
      new StepWalk(new StepTable(matrix, levelsFor(matrix, times)), [start], times),
      size,
    );
    places.forEach((n, i) => {
      target[n] += (rows[i * size] * other.norm) / unit;
    });
  }

  /** W dA Vᵀ */
  #directionIn(forward: SpaceCurve, back: SpaceCurve, rates: Float64Array): Float64Array {
    const { kernels, parameters } = this.#request;
    const { pattern } = parameters;
    const { traceRows } = eliminationOf(pattern);
    const rows = this.#rows;
    const own = forward.curve.space;
    const other = back.curve.space;
    const moved = new Float64Array(own.dimension * rows);
    for (let j = 0; j < own.dimension; j++) {
      const x = Float64Array.from(traceRows, (row) => own.basis[j * rows + row]);
      const y = new Float64Array(rows);
      kernels.addGenerated(pattern, rates, x, y);
      traceRows.forEach((row, r) => {
        moved[j * rows + row] = y[r];
      });
    }
    const block = new Float64Array(other.dimension * own.dimension);
    const inner = { numbers: moved, transposed: true };
    const shape = [other.dimension, rows, own.dimension] as const;
    addProduct(block, { numbers: other.basis, transposed: false }, inner, shape, 1);
    return block;
  }

  #curveOfGroup(right: Float64Array, left: Float64Array, times: Float64Array): SpaceCurve {
    if (times.length === this.#times.length) return this.#rightCurve(right, left);
    const { pattern, tolerance, method } = this.#request.parameters;
    const relativeTo = krylovUnit(method);
    const otherOfTime = new Float64Array(times.length);
    const common = {
      pattern,
      slots: this.#slots,
      side: "right",
      start: right,
      others: left,
      relativeTo,
    } as const;
    return spaceCurve({ ...common, companion: null, otherOfTime, times, tolerance });
  }
}

/** Tables of T and of Rᵀ in the same steps; R is the matrix of the left space. */
function commonTables(
  forward: SpaceCurve,
  back: SpaceCurve,
  times: Float64Array,
): { readonly rightTable: StepTable; readonly leftTable: StepTable } {
  const own = forward.curve.matrix;
  const other = back.curve.matrix;
  const rate = Math.max(own.rate, other.rate);
  const scaled = (numbers: Float64Array, from: number, size: number): StepTable => {
    const matrix = stepMatrix(
      numbers.map((x) => x * from),
      size,
      rate,
    );
    return new StepTable(matrix, levelsFor(matrix, times));
  };
  const ownNumbers = own.product[0] ?? new Float64Array(0);
  const otherNumbers = other.product[0] ?? new Float64Array(0);
  const size = other.size;
  const transposed = otherNumbers.map((_, i) => otherNumbers[(i % size) * size + Math.floor(i / size)]);
  return {
    rightTable: rate === own.rate ? forward.curve.table : scaled(ownNumbers, own.rate, own.size),
    leftTable: scaled(transposed, other.rate, size),
  };
}
