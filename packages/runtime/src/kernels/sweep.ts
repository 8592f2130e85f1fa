// The sweeps in plain typed-array loops, lane by lane: the oracle of the WebAssembly ones.
import { kernelHost } from "../wasm/index.ts";
import type { LaneCount } from "./lane-arrays.ts";
import type { SweepFunctions, SweepKernels } from "./sweep-kernels.ts";
import {
  blockSteps,
  largestPeak,
  leastWeight,
  leftFrame,
  operatorFrame,
  rescaledBits,
  smallestPeak,
} from "./sweep-kernels.ts";

/** A lane array in the memory, as seen by one lane. */
interface LaneArray {
  get(index: number): number;
  set(index: number, value: number): void;
}

export const referenceSweeps: SweepKernels = (lanes: LaneCount): SweepFunctions => {
  const host = kernelHost();
  const laneArray = (address: number, lane: number): LaneArray => ({
    get: (index) => host.f64[address / 8 + index * lanes + lane],
    set: (index, value) => {
      host.f64[address / 8 + index * lanes + lane] = value;
    },
  });
  const integer = (address: number, index: number): number => host.i32[address / 4 + index];
  const field = (frame: number, name: keyof typeof operatorFrame): number =>
    integer(frame, operatorFrame[name]);
  const leftField = (frame: number, name: keyof typeof leftFrame): number => integer(frame, leftFrame[name]);
  const eachLane = (work: (lane: number) => void): void => {
    for (let lane = 0; lane < lanes; lane++) work(lane);
  };

  /** start + P x in row r (or column r of P, transposed). */
  const product = (
    frame: number,
    lane: number,
    r: number,
    x: LaneArray,
    isTransposed: boolean,
    start: number | null,
  ): number => {
    const rows = field(frame, "rowCount");
    const offsets = field(frame, isTransposed ? "columnOffsets" : "rowOffsets");
    const indices = field(frame, isTransposed ? "sourceRows" : "columns");
    const values = laneArray(field(frame, isTransposed ? "transposedValues" : "values"), lane);
    const diagonal = laneArray(field(frame, "diagonal"), lane);
    const own = diagonal.get(r) * x.get(r);
    let sum = start === null ? own : start + own;
    for (let e = integer(offsets, r); e < integer(offsets, r + 1); e++) {
      sum += values.get(e) * x.get(integer(indices, e));
    }
    return sum + diagonal.get(rows + r) * x.get(r);
  };

  const vectorBytes = (operator: number): number => 8 * lanes * field(operator, "rowCount");

  /** Calls back for the entries of every left vector. */
  const forLeft = (left: number, visit: (m: number, row: number, entry: number) => void): void => {
    const offsets = leftField(left, "offsets");
    for (let m = 0; m < leftField(left, "count"); m++) {
      for (let p = integer(offsets, m); p < integer(offsets, m + 1); p++) {
        visit(m, integer(leftField(left, "rows"), p), p);
      }
    }
  };

  return {
    sweep(operator, left, source, target, advances, steps, exponents, peak, sums) {
      const rows = field(operator, "rowCount");
      const count = leftField(left, "count");
      const bytes = vectorBytes(operator);
      eachLane((lane) => {
        let from = source;
        let to = target;
        const leftValues = laneArray(leftField(left, "values"), lane);
        const sumOf = laneArray(sums, lane);
        for (let k = 0; k < steps; k++) {
          const x = laneArray(from, lane);
          const y = laneArray(to, lane);
          let largest = 0;
          for (let r = 0; r < rows; r++) {
            const value = product(operator, lane, r, x, false, null);
            y.set(r, value);
            const magnitude = Math.abs(value);
            if (!(magnitude <= largest)) largest = magnitude;
          }
          let bits = 0;
          if (largest < smallestPeak && largest > 0) bits = rescaledBits;
          if (largest > largestPeak) bits = -rescaledBits;
          if (bits !== 0) for (let r = 0; r < rows; r++) y.set(r, y.get(r) * 2 ** bits);
          const exponent = exponents / 4 + k * lanes + lane;
          host.i32[exponent + lanes] = host.i32[exponent] - bits;
          laneArray(peak, lane).set(0, largest * 2 ** bits);
          for (let m = 0; m < count; m++) sumOf.set(k * count + m, 0);
          forLeft(left, (m, row, p) => {
            const at = k * count + m;
            sumOf.set(at, sumOf.get(at) + leftValues.get(p) * y.get(row));
          });
          const next = advances === 1 ? to + bytes : from;
          from = to;
          to = next;
        }
      });
    },

    sweepBack(
      operator,
      left,
      vectors,
      weights,
      factors,
      blocks,
      cotangents,
      _scratch,
      entryGradient,
      rowGradient,
      leftGradient,
    ) {
      const rows = field(operator, "rowCount");
      const count = leftField(left, "count");
      const bytes = vectorBytes(operator);
      eachLane((lane) => {
        const ring = Array.from({ length: blockSteps + 1 }, (_, j) =>
          laneArray(cotangents + j * bytes, lane),
        );
        const leftValues = laneArray(leftField(left, "values"), lane);
        const weightOf = laneArray(weights, lane);
        const gradient = laneArray(leftGradient, lane);
        for (let block = blocks - 1; block >= 0; block--) {
          for (let j = blockSteps - 1; j >= 0; j--) {
            const k = blockSteps * block + j;
            const above = ring[j + 1];
            const factor = laneArray(factors, lane).get(k);
            if (factor !== 1) for (let r = 0; r < rows; r++) above.set(r, above.get(r) * factor);
            for (let r = 0; r < rows; r++) ring[j].set(r, product(operator, lane, r, above, true, null));
            forLeft(left, (m, row, p) => {
              ring[j].set(row, ring[j].get(row) + weightOf.get(k * count + m) * leftValues.get(p));
            });
            if (leftGradient === 0) continue;
            const u = laneArray(vectors + k * bytes, lane);
            for (let m = 0; m < count; m++) {
              for (let r = 0; r < rows; r++) {
                const at = m * rows + r;
                gradient.set(at, gradient.get(at) + weightOf.get(k * count + m) * u.get(r));
              }
            }
          }
          addSteps(
            operator,
            lane,
            ring.slice(1),
            Array.from({ length: blockSteps }, (_, j) =>
              laneArray(vectors + (blockSteps * block + j) * bytes, lane),
            ),
            entryGradient,
            rowGradient,
          );
          for (let r = 0; r < rows; r++) {
            const value = ring[0].get(r);
            ring[blockSteps].set(r, Math.abs(value) < leastWeight ? 0 : value);
          }
        }
      });
    },

    addApplied(operator, x, y) {
      addProduct(operator, x, y, false);
    },

    addAppliedTransposed(operator, x, y) {
      addProduct(operator, x, y, true);
    },

    addEdgeProducts(operator, cotangent, vector, entryGradient, rowGradient) {
      eachLane((lane) => {
        const zero: LaneArray = { get: () => 0, set: () => undefined };
        const c = [laneArray(cotangent, lane), zero, zero, zero];
        const u = [laneArray(vector, lane), zero, zero, zero];
        addSteps(operator, lane, c, u, entryGradient, rowGradient);
      });
    },
  };

  function addProduct(operator: number, x: number, y: number, isTransposed: boolean): void {
    eachLane((lane) => {
      const from = laneArray(x, lane);
      const to = laneArray(y, lane);
      for (let r = 0; r < field(operator, "rowCount"); r++) {
        to.set(r, product(operator, lane, r, from, isTransposed, to.get(r)));
      }
    });
  }

  /** Gradients of the entries and rows, four steps at once. */
  function addSteps(
    operator: number,
    lane: number,
    c: readonly LaneArray[],
    u: readonly LaneArray[],
    entryGradient: number,
    rowGradient: number,
  ): void {
    const entries = laneArray(entryGradient, lane);
    const ofRows = laneArray(rowGradient, lane);
    const columns = field(operator, "columns");
    const offsets = field(operator, "rowOffsets");
    const four = (term: (j: number) => number): number => term(0) + term(2) + (term(1) + term(3));
    for (let r = 0; r < field(operator, "rowCount"); r++) {
      const closing = integer(field(operator, "closingEnds"), r);
      for (let e = integer(offsets, r); e < integer(offsets, r + 1); e++) {
        const column = integer(columns, e);
        const own = (j: number): number => (e < closing ? u[j].get(r) : 0);
        entries.set(e, entries.get(e) + four((j) => c[j].get(r) * (u[j].get(column) - own(j))));
      }
      ofRows.set(r, ofRows.get(r) - four((j) => c[j].get(r) * u[j].get(r)));
    }
  }
};
