// Krylov spaces of (γ I − A)⁻¹ by Arnoldi's method: one factorization, one solve for each dimension.
import { areEqual } from "../are-equal.ts";
import { LaneGenerator } from "../../kernels/lane-generator.ts";
import type { Arena, WasmExports } from "../../wasm/index.ts";
import { kernelHost } from "../../wasm/index.ts";
import { orthogonalModule } from "./orthogonal-module.ts";
import type { PatternElimination } from "./pattern-elimination.ts";
import { traceSlots } from "./pattern-elimination.ts";

export interface SpaceRequest {
  readonly elimination: PatternElimination;
  /** Of the pattern. */
  readonly slots: Float64Array;
  /** By row of the pattern. */
  readonly start: Float64Array;
  /** "left": of the transposed operator. */
  readonly side: "right" | "left";
  /** γ > 0. */
  readonly shift: number;
}

/** (γ I − A)⁻¹ Vᵀ = Vᵀ H + h next e_mᵀ, with the orthonormal rows of V as the basis and V₀ = start / norm. */
export interface KrylovSpace {
  readonly shift: number;
  readonly norm: number;
  readonly dimension: number;
  /** Row-major dimension × rows, rows in the order of the trace. */
  readonly basis: Float64Array;
  /** Row-major dimension × dimension. */
  readonly hessenberg: Float64Array;
  /** h: 0 where the space is invariant. */
  readonly residual: number;
  readonly next: Float64Array;
}

let built: WasmExports | undefined;

function kernels(): WasmExports {
  return (built ??= kernelHost().build(orthogonalModule()));
}

/** A vector that loses this much of its length is projected once more: rounding is then a good part of it. */
const secondProjection = 0.7;
/** Below this, what is left after projection is rounding. */
const invariance = 2 ** -50;

/** A space as it was built, and what it was built for. */
interface KeptSpace {
  readonly request: SpaceRequest;
  readonly space: KrylovSpace;
}

/** The newest last: a curve at other times, and derivatives, begin with the same space. */
const recent: KeptSpace[] = [];
const keptBytes = 2 ** 27;

/**
 * What is made of the first of the spaces of ascending dimensions that is enough, or of the last. A smaller space is a part
 * of a larger one, to the bit: what was built before is used where it reaches.
 */
export function krylovSpace<T>(
  request: SpaceRequest,
  dimensions: readonly number[],
  evaluate: (space: KrylovSpace) => { readonly result: T; readonly isEnough: boolean },
): T {
  const known = recent.find((kept) => isSame(kept.request, request))?.space;
  if (known === undefined) return builtSpace(request, dimensions, evaluate);
  const isInvariant = known.residual === 0;
  for (const [stage, wanted] of dimensions.entries()) {
    if (wanted > known.dimension && !isInvariant) break;
    const part = partOf(known, Math.min(wanted, known.dimension));
    const { result, isEnough } = evaluate(part);
    if (isEnough || part.residual === 0 || stage + 1 === dimensions.length) return result;
  }
  return builtSpace(request, dimensions, evaluate);
}

function isSame(own: SpaceRequest, other: SpaceRequest): boolean {
  return (
    own.elimination === other.elimination &&
    own.side === other.side &&
    own.shift === other.shift &&
    areEqual(own.slots, other.slots) &&
    areEqual(own.start, other.start)
  );
}

/** The space of the first vectors. */
function partOf(space: KrylovSpace, dimension: number): KrylovSpace {
  const { shift, norm, basis, hessenberg } = space;
  const whole = space.dimension;
  if (dimension === whole) return space;
  const rows = space.next.length;
  const part = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) {
    part.set(hessenberg.subarray(i * whole, i * whole + dimension), i * dimension);
  }
  return {
    shift,
    norm,
    dimension,
    basis: basis.subarray(0, dimension * rows),
    hessenberg: part,
    residual: hessenberg[dimension * whole + dimension - 1],
    next: basis.subarray(dimension * rows, (dimension + 1) * rows),
  };
}

function keep(request: SpaceRequest, space: KrylovSpace): void {
  const place = recent.findIndex((kept) => isSame(kept.request, request));
  if (place >= 0) recent.splice(place, 1);
  const copy = { ...request, slots: request.slots.slice(), start: request.start.slice() };
  recent.push({ request: copy, space });
  let bytes = recent.reduce((sum, kept) => sum + kept.space.basis.byteLength, 0);
  while (recent.length > 1 && bytes > keptBytes) bytes -= recent.shift()?.space.basis.byteLength ?? 0;
}

function builtSpace<T>(
  request: SpaceRequest,
  dimensions: readonly number[],
  evaluate: (space: KrylovSpace) => { readonly result: T; readonly isEnough: boolean },
): T {
  const host = kernelHost();
  const arena = host.arena();
  try {
    const { elimination, start, shift } = request;
    const rows = start.length;
    const length = rows + (rows % 2);
    const largest = dimensions[dimensions.length - 1];
    const basis = arena.allocate(8 * length * (largest + 1));
    const solve = solverOf(request, arena);
    const coefficients = arena.allocate(8 * (largest + 1));
    const columns = new Float64Array(largest * largest);
    const vectorAt = (j: number): Float64Array =>
      host.f64.subarray(basis / 8 + j * length, basis / 8 + (j + 1) * length);
    const first = vectorAt(0).fill(0);
    elimination.traceRows.forEach((row, r) => {
      first[row] = start[r];
    });
    const norm = lengthOf(first);
    scale(first, 1 / norm);
    let residual = norm;
    let dimension = 0;
    for (let stage = 0; ; stage++) {
      while (dimension < dimensions[stage] && residual > 0) {
        const from = basis + 8 * length * dimension;
        const to = from + 8 * length;
        solve(from, to);
        residual = orthogonalize(basis, dimension, length, to, coefficients, columns, largest);
        dimension++;
      }
      const space = {
        shift,
        norm,
        dimension,
        basis: rowsOf(basis, dimension, rows, length),
        hessenberg: squareOf(columns, dimension, largest),
        residual,
        next: vectorAt(dimension).slice(0, rows),
      };
      const { result, isEnough } = evaluate(space);
      if (isEnough || residual === 0 || stage + 1 === dimensions.length) {
        keep(request, space);
        return result;
      }
    }
  } finally {
    arena.release();
  }
}

function solverOf(
  { elimination, slots, side, shift, start }: SpaceRequest,
  arena: Arena,
): (from: number, to: number) => void {
  const { trace } = elimination;
  const killing = arena.place(new Float64Array(start.length).fill(shift));
  const generator = new LaneGenerator(arena, 1, trace, arena.place(traceSlots(elimination, slots)), {
    killing,
  });
  return (from, to) => {
    if (side === "right") generator.solve(from, to);
    else generator.solveTransposed(from, to);
    // The padding of a row of odd length stays 0.
    if (start.length % 2 === 1) kernelHost().f64[to / 8 + start.length] = 0;
  };
}

/** Makes the vector at `address` orthogonal to the basis and of length 1; fills a column of H; returns its length. */
function orthogonalize(
  basis: number,
  last: number,
  length: number,
  address: number,
  coefficients: number,
  columns: Float64Array,
  stride: number,
): number {
  const { project, square } = kernels();
  const lengthNow = (): number => {
    // The room of the next coefficient is free.
    square(address, length, coefficients + 8 * (last + 1));
    return Math.sqrt(kernelHost().f64[coefficients / 8 + last + 1]);
  };
  const before = lengthNow();
  let after = before;
  for (let pass = 0; pass < 2; pass++) {
    project(basis, last + 1, length, address, coefficients);
    const own = kernelHost().f64.subarray(coefficients / 8, coefficients / 8 + last + 1);
    for (let i = 0; i <= last; i++) columns[i * stride + last] += own[i];
    const now = lengthNow();
    const isSettled = now > secondProjection * after;
    after = now;
    if (isSettled) break;
  }
  if (after <= invariance * before) return 0;
  if (last + 1 < stride) columns[(last + 1) * stride + last] = after;
  scale(kernelHost().f64.subarray(address / 8, address / 8 + length), 1 / after);
  return after;
}

function lengthOf(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return Math.sqrt(sum);
}

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] *= factor;
}

function rowsOf(basis: number, count: number, rows: number, length: number): Float64Array {
  const result = new Float64Array(count * rows);
  for (let j = 0; j < count; j++) {
    const first = basis / 8 + j * length;
    result.set(kernelHost().f64.subarray(first, first + rows), j * rows);
  }
  return result;
}

function squareOf(columns: Float64Array, size: number, stride: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) result.set(columns.subarray(i * stride, i * stride + size), i * size);
  return result;
}
