// JetTape: a sweep of jets through powers of an operator, kept whole or by checkpoints.
import type { Operator, PhaseTypeKernels } from "../kernels/phase-type-kernels.ts";
import type { Jet } from "../jets/subsets.ts";
import { orbitSupport, supportOf } from "../jets/subsets.ts";

/** Rows 0 … steps of every component that is there; row 0 is u_k for k = firstStep. All share the exponents. */
export interface TapeChunk {
  readonly firstStep: number;
  readonly steps: number;
  readonly vectors: readonly (Float64Array | null)[];
  readonly exponents: Int32Array;
  readonly peaks: Float64Array;
}

/**
 * What is kept: every vector, so that the sweep can be walked backwards at once; the first vector of every chunk,
 * from which a chunk is computed again when asked for; or the newest chunk only.
 */
export type Keeping = "everything" | "checkpoints" | "newest";

export class JetTape {
  readonly support: readonly boolean[];
  readonly chunkSteps: number;
  readonly #kernels: PhaseTypeKernels;
  /** Operator of each component of the slots, null where there is none. */
  readonly #operators: readonly (Operator | null)[];
  readonly #rowCount: number;
  readonly #keeping: Keeping;
  readonly #chunks: TapeChunk[] = [];
  readonly #exponents: number[] = [0];
  readonly #start: TapeChunk;
  #newest: TapeChunk;
  /** A chunk that is not needed any more: its arrays are used again. */
  #spare: TapeChunk | null = null;
  #chunkCount = 0;

  constructor(
    kernels: PhaseTypeKernels,
    operators: readonly (Operator | null)[],
    start: Jet,
    rowCount: number,
    chunkSteps: number,
    keeping: Keeping,
  ) {
    this.#kernels = kernels;
    this.#operators = operators;
    this.#rowCount = rowCount;
    this.chunkSteps = chunkSteps;
    this.#keeping = keeping;
    this.support = orbitSupport(
      operators.map((operator) => operator !== null),
      supportOf(start),
    );
    this.#start = this.#emptyChunk(0, 0);
    for (const [component, part] of start.entries()) {
      if (part !== null) this.#start.vectors[component]?.set(part);
    }
    this.#start.peaks[0] = this.#peak(this.#start, 0);
    this.#newest = this.#start;
  }

  /** Number of chunks; the start alone counts as one. */
  get chunkCount(): number {
    return Math.max(1, this.#chunkCount);
  }

  /** Of rows 0, 1, … so far; not known where only the newest chunk is kept. */
  get exponents(): Int32Array {
    return Int32Array.from(this.#exponents);
  }

  /** The next chunk. Row 0 repeats the last row of the chunk before. */
  advance(): TapeChunk {
    const before = this.#newest;
    const firstStep = this.#chunkCount * this.chunkSteps;
    const spare = this.#spare;
    const chunk = spare === null ? this.#emptyChunk(firstStep, this.chunkSteps) : { ...spare, firstStep };
    if (this.#keeping === "newest") this.#spare = before.steps > 0 ? before : null;
    this.#copyRow(before, before.steps, chunk);
    this.#fill(chunk);
    if (this.#keeping === "everything") this.#chunks.push(chunk);
    if (this.#keeping === "checkpoints") {
      const checkpoint = this.#emptyChunk(chunk.firstStep, 0);
      this.#copyRow(chunk, 0, checkpoint);
      this.#chunks.push(checkpoint);
    }
    if (this.#keeping !== "newest") {
      for (let row = 1; row <= chunk.steps; row++) this.#exponents.push(chunk.exponents[row]);
    }
    this.#newest = chunk;
    this.#chunkCount += 1;
    return chunk;
  }

  /** The chunk in which row k is not row 0, by number (that of row 0 for k = 0). */
  indexOf(k: number): number {
    return Math.max(0, Math.min(this.chunkCount, Math.ceil(k / this.chunkSteps)) - 1);
  }

  /** A chunk by number, computed again from its checkpoint where only that was kept. */
  chunk(index: number): TapeChunk {
    if (index === this.chunkCount - 1) return this.#newest;
    const kept = this.#chunks[index];
    if (kept.steps > 0) return kept;
    const chunk = this.#emptyChunk(kept.firstStep, this.chunkSteps);
    this.#copyRow(kept, 0, chunk);
    this.#fill(chunk);
    return chunk;
  }

  #emptyChunk(firstStep: number, steps: number): TapeChunk {
    const length = (steps + 1) * this.#rowCount;
    return {
      firstStep,
      steps,
      vectors: this.support.map((present) => (present ? this.#kernels.allocate(length) : null)),
      exponents: new Int32Array(steps + 1),
      peaks: new Float64Array(steps + 1),
    };
  }

  #copyRow(from: TapeChunk, row: number, to: TapeChunk): void {
    const n = this.#rowCount;
    for (const [component, part] of from.vectors.entries()) {
      if (part !== null) to.vectors[component]?.set(part.subarray(row * n, (row + 1) * n));
    }
    to.exponents[0] = from.exponents[row];
    to.peaks[0] = from.peaks[row];
  }

  #fill(chunk: TapeChunk): void {
    const base = chunk.vectors[0];
    const operator = this.#operators[0];
    if (operator === null) return;
    if (base !== null && this.support.lastIndexOf(true) === 0) {
      const tape = { vectors: base, exponents: chunk.exponents, peaks: chunk.peaks };
      this.#kernels.sweep(operator, tape, 0, chunk.steps);
      return;
    }
    const n = this.#rowCount;
    for (let k = 0; k < chunk.steps; k++) {
      for (const [a, target] of chunk.vectors.entries()) {
        if (target === null) continue;
        const row = target.subarray((k + 1) * n, (k + 2) * n);
        row.fill(0);
        for (let c = a; ; c = (c - 1) & a) {
          const part = this.#operators[c];
          const source = chunk.vectors[a ^ c];
          if (part !== null && source !== null) {
            this.#kernels.addApplied(part, source.subarray(k * n, (k + 1) * n), row);
          }
          if (c === 0) break;
        }
      }
      chunk.exponents[k + 1] = chunk.exponents[k];
      chunk.peaks[k + 1] = this.#peak(chunk, k + 1);
      this.#rescale(chunk, k + 1);
    }
  }

  /** Largest magnitude of row k in the component without ε; in all components where that one is not there. */
  #peak(chunk: TapeChunk, k: number): number {
    const n = this.#rowCount;
    let peak = 0;
    for (const [component, part] of chunk.vectors.entries()) {
      if (part === null || (component > 0 && chunk.vectors[0] !== null)) continue;
      for (let i = k * n; i < (k + 1) * n; i++) {
        const magnitude = Math.abs(part[i]);
        if (!(magnitude <= peak)) peak = magnitude;
      }
    }
    return peak;
  }

  /** As in the kernel's sweep: 200 bits are taken out or put in at once. */
  #rescale(chunk: TapeChunk, k: number): void {
    const peak = chunk.peaks[k];
    if (!(peak > 2 ** 200 || (peak < 2 ** -200 && peak > 0))) return;
    const bits = peak > 1 ? -200 : 200;
    const n = this.#rowCount;
    for (const part of chunk.vectors) {
      if (part === null) continue;
      for (let i = k * n; i < (k + 1) * n; i++) part[i] *= 2 ** bits;
    }
    chunk.peaks[k] *= 2 ** bits;
    chunk.exponents[k] -= bits;
  }
}
