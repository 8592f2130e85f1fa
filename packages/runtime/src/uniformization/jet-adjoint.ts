// The backward sweep of jets with any components, step by step.
import type { Jet } from "../jets/subsets.ts";
import { forProducts } from "../jets/subsets.ts";
import type { LaneCount } from "../kernels/lane-arrays.ts";
import { readLane, zeroLanes } from "../kernels/lane-arrays.ts";
import { blockSteps, leastWeight } from "../kernels/sweep-kernels.ts";
import type { SweepFunctions } from "../kernels/sweep-kernels.ts";
import { kernelHost } from "../wasm/index.ts";
import type { BackwardRequest } from "./backward-sweep.ts";
import { scatterEntries } from "./scatter.ts";

type Addresses = readonly (number | null)[];

/** c_k = Pᵀ c_{k+1} + Σ_m g_k^m left_m as a product of jets, and what it leaves on the way. */
export class JetAdjoint {
  readonly #request: BackwardRequest;
  readonly #functions: SweepFunctions;
  readonly #laneCount: LaneCount;
  readonly #rows: number;
  #cotangent: Addresses;
  #next: Addresses;
  /** Gradients of entries and rows, and of left, by component of the slots (of left). */
  readonly #entries: Addresses;
  readonly #rowGradients: Addresses;
  readonly #leftGradients: Addresses;
  /** Positions of left that are not 0, by component and lane. */
  readonly #positions: readonly (readonly Int32Array[])[];

  constructor(request: BackwardRequest, support: readonly boolean[]) {
    const { kernels, arena, pattern, lanes, leftCount } = request;
    this.#request = request;
    this.#laneCount = lanes.length as LaneCount;
    this.#functions = kernels(this.#laneCount);
    this.#rows = pattern.rowCount;
    const zeros = (isThere: readonly boolean[], count: number): Addresses =>
      isThere.map((present) => {
        if (!present) return null;
        return zeroLanes(arena, this.#laneCount, count);
      });
    this.#cotangent = zeros(support, this.#rows);
    this.#next = zeros(support, this.#rows);
    const [{ slotParts, leftParts, left }] = lanes;
    const wantsSlots = slotParts.map((part) => part !== null);
    this.#entries = zeros(wantsSlots, pattern.entryCount);
    this.#rowGradients = zeros(wantsSlots, this.#rows);
    this.#leftGradients = zeros(
      leftParts.map((part) => part !== null),
      leftCount * this.#rows,
    );
    this.#positions = left.map((_, component) =>
      lanes.map((lane) => nonzeroPositions(lane.left[component] ?? new Float64Array(0))),
    );
  }

  run(): Jet[] {
    const { tape, steps } = this.#request;
    const hasVectors = tape.support.some(Boolean);
    const none = tape.support.map(() => null);
    for (let k = steps; k >= 0; k--) {
      const vectors = hasVectors ? tape.vectorsAt(k) : none;
      if (k < steps) {
        this.#rescale(k);
        this.#addEdges(vectors);
      }
      this.#step();
      this.#addWeighted(k);
      this.#addLeft(k, vectors);
      [this.#cotangent, this.#next] = [this.#next, this.#cotangent];
      if (k % blockSteps === 0) this.#dropWeightless();
    }
    return this.#collect();
  }

  /** As the kernels do between blocks of steps. */
  #dropWeightless(): void {
    const { f64 } = kernelHost();
    const length = this.#rows * this.#laneCount;
    for (const address of this.#cotangent) {
      if (address === null) continue;
      for (let i = address / 8; i < address / 8 + length; i++) if (Math.abs(f64[i]) < leastWeight) f64[i] = 0;
    }
  }

  /** Cotangents of step k + 1 into the scale of step k. */
  #rescale(k: number): void {
    const { exponents } = this.#request;
    const { f64 } = kernelHost();
    const lanes = this.#laneCount;
    for (let lane = 0; lane < lanes; lane++) {
      const bits = exponents[k * lanes + lane] - exponents[(k + 1) * lanes + lane];
      if (bits === 0) continue;
      for (const address of this.#cotangent) {
        if (address === null) continue;
        for (let r = 0; r < this.#rows; r++) f64[address / 8 + r * lanes + lane] *= 2 ** bits;
      }
    }
  }

  #addEdges(vectors: Addresses): void {
    const [operator] = this.#request.operators;
    const frame = operator?.frame ?? this.#request.operators.find((part) => part !== null)?.frame;
    if (frame === undefined) return;
    for (const [a, entries] of this.#entries.entries()) {
      const rows = this.#rowGradients[a];
      if (entries === null || rows === null) continue;
      forProducts(this.#cotangent, vectors, a, (c, u) => {
        this.#functions.addEdgeProducts(frame, c, u, entries, rows);
      });
    }
  }

  #step(): void {
    const { operators } = this.#request;
    const bytes = 8 * this.#laneCount * this.#rows;
    const frames = operators.map((operator) => operator?.frame ?? null);
    for (const [a, target] of this.#next.entries()) {
      if (target === null) continue;
      kernelHost().u8.fill(0, target, target + bytes);
      forProducts(frames, this.#cotangent, a, (frame, c) => {
        this.#functions.addAppliedTransposed(frame, c, target);
      });
    }
  }

  #addWeighted(k: number): void {
    const { stepWeights, leftCount, lanes } = this.#request;
    const { f64 } = kernelHost();
    const laneCount = this.#laneCount;
    for (const [a, target] of this.#next.entries()) {
      if (target === null) continue;
      for (let b = a; ; b = (b - 1) & a) {
        const weights = stepWeights[a ^ b];
        for (const [lane, { left }] of lanes.entries()) {
          const x = left[b];
          if (weights === null || x === null) break;
          for (const position of this.#positions[b][lane]) {
            const r = position % this.#rows;
            const m = (position - r) / this.#rows;
            const weight = weights[(k * leftCount + m) * laneCount + lane];
            f64[target / 8 + r * laneCount + lane] += weight * x[position];
          }
        }
        if (b === 0) break;
      }
    }
  }

  #addLeft(k: number, vectors: Addresses): void {
    const { stepWeights, leftCount } = this.#request;
    const { f64 } = kernelHost();
    const lanes = this.#laneCount;
    for (const [a, target] of this.#leftGradients.entries()) {
      if (target === null) continue;
      forProducts(stepWeights, vectors, a, (weights, u) => {
        for (let m = 0; m < leftCount; m++) {
          for (let lane = 0; lane < lanes; lane++) {
            const weight = weights[(k * leftCount + m) * lanes + lane];
            if (weight === 0) continue;
            for (let r = 0; r < this.#rows; r++) {
              f64[target / 8 + (m * this.#rows + r) * lanes + lane] += weight * f64[u / 8 + r * lanes + lane];
            }
          }
        }
      });
    }
  }

  #collect(): Jet[] {
    const { pattern, lanes, leftCount } = this.#request;
    return lanes.map(({ scale, slotParts, leftParts }, lane) => {
      const read = (address: number, count: number): Float64Array => {
        const target = new Float64Array(count);
        readLane(address, this.#laneCount, lane, target);
        return target;
      };
      for (const [a, target] of slotParts.entries()) {
        const entries = this.#entries[a];
        const rows = this.#rowGradients[a];
        if (target === null || entries === null || rows === null) continue;
        const ofEntries = read(entries, pattern.entryCount);
        scatterEntries(pattern, ofEntries, read(rows, this.#rows), scale, target);
      }
      for (const [a, target] of leftParts.entries()) {
        const gradient = this.#leftGradients[a];
        if (target === null || gradient === null) continue;
        read(gradient, leftCount * this.#rows).forEach((x, i) => (target[i] += x));
      }
      return this.#cotangent.map((address) => (address === null ? null : read(address, this.#rows)));
    });
  }
}

export function nonzeroPositions(part: Float64Array): Int32Array {
  const positions: number[] = [];
  for (let i = 0; i < part.length; i++) if (part[i] !== 0) positions.push(i);
  return Int32Array.from(positions);
}
