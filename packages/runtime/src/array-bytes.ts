// Lists of number arrays as bytes: what structures that are made of such arrays travel as.
import type { CsrMatrix } from "@phxlang/autodiff";
import { csrFromBytes, internalError } from "@phxlang/autodiff";

export type NumberArray = Int32Array | Float64Array | Uint8Array;

const padded = (length: number): number => Math.ceil(length / 8) * 8;

/**
 * Little-endian: the number of arrays as i32, then of each its kind (0: i32, 1: f64, 2: bytes) and its length in
 * elements; then their contents, each beginning at a multiple of 8. Equal lists have equal bytes.
 */
export function arraysToBytes(arrays: readonly NumberArray[]): Uint8Array {
  const header = Int32Array.from([
    arrays.length,
    ...arrays.flatMap((array) => [kindOf(array), array.length]),
  ]);
  const length = arrays.reduce((sum, array) => sum + padded(array.byteLength), padded(header.byteLength));
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const array of [header, ...arrays]) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += padded(array.byteLength);
  }
  return bytes;
}

/** The inverse of arraysToBytes: reads the arrays in their order, as copies. */
export class ArrayReader {
  readonly #buffer: ArrayBuffer;
  readonly #header: Int32Array;
  #next = 0;
  #at: number;

  constructor(bytes: Uint8Array) {
    this.#buffer = new Uint8Array(bytes).buffer;
    const [count] = new Int32Array(this.#buffer, 0, 1);
    this.#header = new Int32Array(this.#buffer, 4, 2 * count);
    this.#at = padded(4 + 8 * count);
  }

  integers(): Int32Array {
    const { start, length } = this.#take(4);
    return new Int32Array(this.#buffer, start, length);
  }

  doubles(): Float64Array {
    const { start, length } = this.#take(8);
    return new Float64Array(this.#buffer, start, length);
  }

  bytes(): Uint8Array {
    const { start, length } = this.#take(1);
    return new Uint8Array(this.#buffer, start, length);
  }

  #take(elementBytes: number): { readonly start: number; readonly length: number } {
    const start = this.#at;
    const length = this.#header[2 * this.#next + 1];
    this.#next += 1;
    this.#at += padded(length * elementBytes);
    return { start, length };
  }
}

function kindOf(array: NumberArray): number {
  if (array instanceof Int32Array) return 0;
  return array instanceof Float64Array ? 1 : 2;
}

/** A matrix of constants among such arrays; its bytes are those of its `toBytes`. */
export function csrMatrixFromBytes(bytes: Uint8Array): CsrMatrix {
  const matrix = csrFromBytes(bytes);
  if (matrix.structureKind === "csr-matrix") return matrix;
  throw internalError("a matrix without coefficients was stored as one of constants");
}
