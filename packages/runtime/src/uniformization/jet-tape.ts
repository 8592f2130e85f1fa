// JetTape: a sweep of jets through powers of an operator in the memory of the kernels, kept whole or by checkpoints.
import { orbitSupport } from "../jets/subsets.ts";
import type { LaneCount } from "../kernels/lane-arrays.ts";
import type { SweepFunctions, SweepKernels } from "../kernels/sweep-kernels.ts";
import { blockSteps, largestPeak, rescaledBits, smallestPeak } from "../kernels/sweep-kernels.ts";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import { GrowingArray } from "./growing-array.ts";
import type { LeftBlock } from "./left-block.ts";
import type { OperatorBlock } from "./operator-block.ts";

/**
 * Rows 0 … steps of every component that is there, one vector after the other from its address on; row 0 is u_k for
 * k = firstStep, and the last row is row 0 of the next segment.
 */
export interface TapeSegment {
  readonly firstStep: number;
  readonly steps: number;
  readonly vectors: readonly (number | null)[];
}

/**
 * What is kept: every vector, so that the sweep can be walked backwards at once; the first vector of every segment,
 * from which the segment is computed again when asked for; or the newest vector only.
 */
export type Keeping = "everything" | "checkpoints" | "newest";

export interface TapeRequest {
  readonly kernels: SweepKernels;
  /** Where the tape lives; whoever made the arena releases it. */
  readonly arena: Arena;
  /** Operator of each component of the slots, null where there is none. */
  readonly operators: readonly (OperatorBlock | null)[];
  /** Lane arrays [rows] of the components of the start, null where there is none. */
  readonly start: readonly (number | null)[];
  readonly rowCount: number;
  readonly lanes: LaneCount;
  /** What the first component is multiplied with on the way: `sums`. */
  readonly left: LeftBlock;
  /** Steps of a segment, a multiple of four. */
  readonly segmentSteps: number;
  readonly keeping: Keeping;
}

export class JetTape {
  readonly support: readonly boolean[];
  readonly segmentSteps: number;
  readonly #request: TapeRequest;
  readonly #functions: SweepFunctions;
  readonly #vectorBytes: number;
  /** Whether there is one component only: then the kernel takes many steps at once. */
  readonly #isPlain: boolean;
  /** Row 0 of each segment that is kept, and all rows where everything is. */
  readonly #kept: (readonly (number | null)[])[] = [];
  /** The segment that is being written, or was computed again. */
  #current: TapeSegment;
  readonly #exponents: GrowingArray<Int32Array>;
  readonly #sums: GrowingArray<Float64Array>;
  readonly #exponentScratch: number;
  readonly #sumScratch: number;
  readonly #peaks: number;
  #steps = 0;

  constructor(request: TapeRequest) {
    const { kernels, arena, operators, start, rowCount, lanes, left, segmentSteps, keeping } = request;
    this.#request = request;
    this.segmentSteps = segmentSteps;
    this.#functions = kernels(lanes);
    this.support = orbitSupport(
      operators.map((operator) => operator !== null),
      start.map((part) => part !== null),
    );
    this.#isPlain = this.support.every((present, component) => present === (component === 0));
    this.#vectorBytes = 8 * lanes * rowCount;
    this.#exponents = new GrowingArray((length) => new Int32Array(length), lanes * segmentSteps);
    this.#sums = new GrowingArray((length) => new Float64Array(length), lanes * segmentSteps * left.count);
    this.#exponentScratch = arena.allocate(4 * lanes * (segmentSteps + 1));
    this.#sumScratch = arena.allocate(8 * lanes * segmentSteps * Math.max(1, left.count));
    this.#peaks = arena.allocate(8 * lanes);
    const vectors = this.#allocate(keeping === "newest" ? 1 : segmentSteps);
    for (const [component, address] of vectors.entries()) {
      if (address === null) continue;
      const from = start[component];
      if (from === null) kernelHost().u8.fill(0, address, address + this.#vectorBytes);
      else kernelHost().u8.copyWithin(address, from, from + this.#vectorBytes);
    }
    this.#current = { firstStep: 0, steps: 0, vectors };
    this.#keep(vectors);
    this.#exponents.take(new Int32Array(lanes));
    if (this.#isPlain) this.#sums.take(left.sums(vectors[0] ?? 0));
  }

  /** Bytes of the vectors that are kept. */
  get byteCount(): number {
    const vectors = this.#request.keeping === "everything" ? this.segmentSteps + 1 : 1;
    const components = this.support.filter(Boolean).length;
    return this.#kept.length * vectors * components * this.#vectorBytes;
  }

  /** Steps so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Vector k is stored times 2^−exponents[k · lanes + lane]. */
  get exponents(): Int32Array {
    return this.#exponents.view;
  }

  /** left_m · u_k of the first component, as stored: number (k · left vectors + m) · lanes + lane. */
  get sums(): Float64Array {
    return this.#sums.view;
  }

  /** Largest magnitude of the newest vector of a lane, as stored; 0 before the first step. */
  peak(lane: number): number {
    return this.#steps === 0 ? 0 : kernelHost().f64[this.#peaks / 8 + lane];
  }

  /** Address of the newest vector. */
  get newest(): readonly (number | null)[] {
    const { firstStep, vectors } = this.#current;
    const row = this.#request.keeping === "newest" ? 0 : this.#steps - firstStep;
    return vectors.map((address) => (address === null ? null : address + row * this.#vectorBytes));
  }

  /** Takes so many more steps: a multiple of four. */
  advance(steps: number): void {
    for (let left = steps; left > 0;) {
      const room = this.#room();
      const taken = Math.min(left, room);
      const isAlternating = this.#request.keeping === "newest";
      this.#run(this.#current, isAlternating ? 0 : this.#steps - this.#current.firstStep, taken, true);
      this.#steps += taken;
      this.#current = { ...this.#current, steps: this.#steps - this.#current.firstStep };
      left -= taken;
    }
  }

  get segmentCount(): number {
    return Math.max(1, Math.ceil(this.#steps / this.segmentSteps));
  }

  /** A segment by number, computed again from its checkpoint where only that was kept; valid until the next call. */
  segment(index: number): TapeSegment {
    const firstStep = index * this.segmentSteps;
    if (this.#current.firstStep === firstStep) return this.#current;
    const steps = Math.min(this.segmentSteps, this.#steps - firstStep);
    if (this.#request.keeping === "everything") return { firstStep, steps, vectors: this.#kept[index] };
    const { vectors } = this.#current;
    this.#copy(this.#kept[index], vectors, 0);
    this.#current = { firstStep, steps, vectors };
    const { lanes } = this.#request;
    const exponents = this.exponents.subarray(firstStep * lanes, (firstStep + 1) * lanes);
    kernelHost().i32.set(exponents, this.#exponentScratch / 4);
    this.#run(this.#current, 0, steps, false);
    return this.#current;
  }

  /** Addresses of vector k; segments are computed again as in `segment`. */
  vectorsAt(k: number): readonly (number | null)[] {
    const { firstStep, vectors } = this.segment(Math.max(0, Math.ceil(k / this.segmentSteps) - 1));
    const offset = (k - firstStep) * this.#vectorBytes;
    return vectors.map((address) => (address === null ? null : address + offset));
  }

  /** Steps that fit into the current segment; begins another one where none do. */
  #room(): number {
    const { segmentSteps } = this;
    if (this.#request.keeping === "newest") return segmentSteps;
    const used = this.#steps - this.#current.firstStep;
    if (used < segmentSteps) return segmentSteps - used;
    const last = this.newest;
    const isCheckpointed = this.#request.keeping === "checkpoints";
    const vectors = isCheckpointed ? this.#current.vectors : this.#allocate(segmentSteps);
    this.#copy(last, vectors, 0);
    this.#current = { firstStep: this.#steps, steps: 0, vectors };
    this.#keep(vectors);
    return segmentSteps;
  }

  #keep(vectors: readonly (number | null)[]): void {
    const { keeping } = this.#request;
    if (keeping === "everything") this.#kept.push(vectors);
    if (keeping !== "checkpoints") return;
    const checkpoint = this.#allocate(0);
    this.#copy(vectors, checkpoint, 0);
    this.#kept.push(checkpoint);
  }

  /** Room for rows 0 … steps of every component. */
  #allocate(steps: number): (number | null)[] {
    const { arena } = this.#request;
    return this.support.map((present) =>
      present ? arena.allocate(Math.max(1, (steps + 1) * this.#vectorBytes)) : null,
    );
  }

  #copy(from: readonly (number | null)[], to: readonly (number | null)[], row: number): void {
    const bytes = kernelHost().u8;
    for (const [component, source] of from.entries()) {
      const target = to[component];
      if (source === null || target === null) continue;
      bytes.copyWithin(target + row * this.#vectorBytes, source, source + this.#vectorBytes);
    }
  }

  /** Rows row + 1 … row + steps of a segment; writes exponents and sums down where they are new. */
  #run(segment: TapeSegment, row: number, steps: number, isNew: boolean): void {
    const { lanes, left, operators, keeping } = this.#request;
    const host = kernelHost();
    const [operator] = operators;
    const [base] = segment.vectors;
    if (isNew) {
      const first = this.exponents.subarray(this.#steps * lanes, (this.#steps + 1) * lanes);
      host.i32.set(first, this.#exponentScratch / 4);
    }
    if (operator !== null && base !== null && this.#isPlain) {
      const source = base + row * this.#vectorBytes;
      this.#functions.sweep(
        operator.frame,
        left.frame,
        source,
        source + this.#vectorBytes,
        keeping === "newest" ? 0 : 1,
        steps,
        this.#exponentScratch,
        this.#peaks,
        this.#sumScratch,
      );
    } else {
      for (let k = 0; k < steps; k++) this.#stepJets(segment, row + k, k);
    }
    if (!isNew) return;
    const exponents = this.#exponentScratch / 4 + lanes;
    this.#exponents.take(host.i32.slice(exponents, exponents + steps * lanes));
    const sums = this.#sumScratch / 8;
    if (this.#isPlain) this.#sums.take(host.f64.slice(sums, sums + steps * lanes * left.count));
  }

  /** Row row + 1 as a product of jets; k counts the steps of this run. */
  #stepJets(segment: TapeSegment, row: number, k: number): void {
    const { lanes, operators, rowCount } = this.#request;
    const host = kernelHost();
    const bytes = this.#vectorBytes;
    for (const [a, target] of segment.vectors.entries()) {
      if (target === null) continue;
      const next = target + (row + 1) * bytes;
      host.u8.fill(0, next, next + bytes);
      for (let c = a; ; c = (c - 1) & a) {
        const part = operators[c];
        const source = segment.vectors[a ^ c];
        if (part !== null && source !== null) {
          this.#functions.addApplied(part.frame, source + row * bytes, next);
        }
        if (c === 0) break;
      }
    }
    // Without the component that has no ε, the size is that of all the others.
    const measured = segment.vectors[0] === null ? segment.vectors : segment.vectors.slice(0, 1);
    for (let lane = 0; lane < lanes; lane++) {
      let peak = 0;
      const entries = (address: number): number => (address + (row + 1) * bytes) / 8 + lane;
      for (const address of measured) {
        if (address === null) continue;
        for (let r = 0, at = entries(address); r < rowCount; r++, at += lanes) {
          const magnitude = Math.abs(host.f64[at]);
          if (!(magnitude <= peak)) peak = magnitude;
        }
      }
      let bits = 0;
      if (peak < smallestPeak && peak > 0) bits = rescaledBits;
      if (peak > largestPeak) bits = -rescaledBits;
      if (bits !== 0) {
        for (const address of segment.vectors) {
          if (address === null) continue;
          for (let r = 0, at = entries(address); r < rowCount; r++, at += lanes) host.f64[at] *= 2 ** bits;
        }
      }
      const exponent = this.#exponentScratch / 4 + k * lanes + lane;
      host.i32[exponent + lanes] = host.i32[exponent] - bits;
      host.f64[this.#peaks / 8 + lane] = peak * 2 ** bits;
    }
  }
}

/** Steps of the segments of a sweep of about so many steps: its square root where checkpoints are kept. */
export function segmentStepsFor(expected: number, keeping: Keeping): number {
  const wanted = keeping === "checkpoints" ? Math.sqrt(expected) : Math.min(expected, 256);
  return Math.max(1, Math.ceil(wanted / blockSteps)) * blockSteps;
}
