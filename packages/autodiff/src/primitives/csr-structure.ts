// Sparse matrices in compressed rows, as structures: a pattern alone, or a pattern with constant coefficients.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { PhxError } from "../errors.ts";
import type { Structure } from "../primitive.ts";

/**
 * Row r has its entries at places e in [rowOffsets[r], rowOffsets[r + 1]), in columns columns[e] < columnCount.
 * Columns of a row may come in any order, and even repeat: entries are summed in their order.
 */
export interface CsrPattern extends Structure {
  readonly structureKind: "csr-pattern";
  readonly rowCount: number;
  readonly columnCount: number;
  readonly entryCount: number;
  /** Length rowCount + 1, from 0 to entryCount. */
  readonly rowOffsets: Int32Array;
  readonly columns: Int32Array;
}

/** A matrix of constants: entry e has the value coefficients[e]. */
export interface CsrMatrix extends Structure {
  readonly structureKind: "csr-matrix";
  readonly rowCount: number;
  readonly columnCount: number;
  readonly entryCount: number;
  readonly rowOffsets: Int32Array;
  readonly columns: Int32Array;
  readonly coefficients: Float64Array;
}

class CsrStructure {
  readonly structureKind: string;
  readonly rowCount: number;
  readonly columnCount: number;
  readonly entryCount: number;
  readonly rowOffsets: Int32Array;
  readonly columns: Int32Array;
  readonly coefficients: Float64Array | null;
  #hash: string | undefined;

  constructor(
    rowOffsets: Int32Array,
    columns: Int32Array,
    columnCount: number,
    coefficients: Float64Array | null,
  ) {
    checkPattern(rowOffsets, columns, columnCount, coefficients);
    this.structureKind = coefficients === null ? "csr-pattern" : "csr-matrix";
    this.rowCount = rowOffsets.length - 1;
    this.columnCount = columnCount;
    this.entryCount = columns.length;
    this.rowOffsets = rowOffsets;
    this.columns = columns;
    this.coefficients = coefficients;
  }

  get contentHash(): string {
    this.#hash ??= bytesToHex(sha256(this.toBytes()));
    return this.#hash;
  }

  /** Little-endian: rowCount, columnCount, entryCount, 1 if coefficients follow; rowOffsets; columns; coefficients. */
  toBytes(): Uint8Array {
    const integers = Int32Array.of(
      this.rowCount,
      this.columnCount,
      this.entryCount,
      this.coefficients === null ? 0 : 1,
    );
    const parts = [
      integers,
      this.rowOffsets,
      this.columns,
      ...(this.coefficients ? [this.coefficients] : []),
    ];
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
      at += part.byteLength;
    }
    return bytes;
  }
}

interface PatternFields {
  readonly rowOffsets: Int32Array;
  readonly columns: Int32Array;
  readonly columnCount: number;
}

/** A pattern from its arrays, which must not change afterwards. PHX947 when they do not fit together. */
export function csrPattern(fields: PatternFields): CsrPattern {
  return new CsrStructure(fields.rowOffsets, fields.columns, fields.columnCount, null) as CsrPattern;
}

/** A matrix of constants from its arrays, which must not change afterwards. PHX947 when they do not fit together. */
export function csrMatrix(fields: PatternFields & { readonly coefficients: Float64Array }): CsrMatrix {
  const { rowOffsets, columns, columnCount, coefficients } = fields;
  return new CsrStructure(rowOffsets, columns, columnCount, coefficients) as CsrMatrix;
}

/** The inverse of toBytes, of either kind. */
export function csrFromBytes(bytes: Uint8Array): CsrPattern | CsrMatrix {
  const copy = bytes.slice();
  const [rowCount, columnCount, entryCount, hasCoefficients] = new Int32Array(copy.buffer, 0, 4);
  const rowOffsets = new Int32Array(copy.buffer, 16, rowCount + 1);
  const columns = new Int32Array(copy.buffer, 20 + 4 * rowCount, entryCount);
  const end = 20 + 4 * (rowCount + entryCount);
  if (hasCoefficients === 0) return csrPattern({ rowOffsets, columns, columnCount });
  const coefficients = new Float64Array(copy.slice(end).buffer, 0, entryCount);
  return csrMatrix({ rowOffsets, columns, columnCount, coefficients });
}

function checkPattern(
  rowOffsets: Int32Array,
  columns: Int32Array,
  columnCount: number,
  coefficients: Float64Array | null,
): void {
  const last = rowOffsets.length - 1;
  let problem = "";
  if (last < 0 || rowOffsets[0] !== 0 || rowOffsets[last] !== columns.length) {
    problem = `rowOffsets must run from 0 to the number of columns, ${columns.length}`;
  } else if (coefficients !== null && coefficients.length !== columns.length) {
    problem = `there are ${coefficients.length} coefficients for ${columns.length} columns`;
  }
  for (let r = 0; r < last && problem === ""; r++) {
    if (rowOffsets[r] > rowOffsets[r + 1]) problem = `rowOffsets decrease after row ${r}`;
  }
  for (let e = 0; e < columns.length && problem === ""; e++) {
    if (!(columns[e] >= 0 && columns[e] < columnCount)) {
      problem = `entry ${e} is in column ${columns[e]} of ${columnCount}`;
    }
  }
  if (problem === "") return;
  throw new PhxError({
    code: "PHX947",
    what: `a sparse matrix in compressed rows does not fit together: ${problem}`,
    fix: "give rowOffsets of length rows + 1, and a column in [0, columnCount) for every entry",
  });
}
