// Array types: what is known of an array before it has a value, and the typed arrays that carry its elements.

/** Element types. "u32" carries random keys and bits; arithmetic on it wraps. */
export type DType = "f64" | "f32" | "i32" | "u32" | "bool";

/** Elements in row-major order; "bool" is one byte, 0 or 1. */
export type Elements = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** What is known of an array before it has a value. */
export interface ArrayType {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** True for values that came from plain numbers: they give way to the other operand's dtype, as in JAX. */
  readonly weak?: boolean;
}

/** Number of elements that a shape holds; 1 for the scalar shape []. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Zeroed elements for `size` entries of a dtype. */
export function allocate(dtype: DType, size: number): Elements {
  switch (dtype) {
    case "f64":
      return new Float64Array(size);
    case "f32":
      return new Float32Array(size);
    case "i32":
      return new Int32Array(size);
    case "u32":
      return new Uint32Array(size);
    case "bool":
      return new Uint8Array(size);
  }
}

/** The dtype that a typed array carries; bytes are taken as "bool". */
export function dtypeOfElements(elements: Elements): DType {
  if (elements instanceof Float64Array) return "f64";
  if (elements instanceof Float32Array) return "f32";
  if (elements instanceof Int32Array) return "i32";
  if (elements instanceof Uint32Array) return "u32";
  return "bool";
}

export function isFloat(dtype: DType): boolean {
  return dtype === "f64" || dtype === "f32";
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** A type in the notation of printed programs: `f64[3,2]`, with `~` after the dtype of a weak one. */
export function typeText(type: ArrayType): string {
  return `${type.dtype}${type.weak === true ? "~" : ""}[${type.shape.join(",")}]`;
}

/** A shape as people read it: `a scalar`, `a vector of 3`, `shape [2, 3]`. */
export function shapeInWords(shape: readonly number[]): string {
  if (shape.length === 0) return "a scalar";
  if (shape.length === 1) return `a vector of ${shape[0]}`;
  return `shape [${shape.join(", ")}]`;
}
