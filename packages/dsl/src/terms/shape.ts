// Shapes of arrays whose indices start anywhere: `b[1..n]`, `x[0..n1, 0..n2, 1..2]`.

/** Dimension d has `sizes[d]` entries, numbered from `from[d]`. No dimensions: a single value. */
export interface Shape {
  readonly from: readonly number[];
  readonly sizes: readonly number[];
}

export const scalarShape: Shape = { from: [], sizes: [] };

export function sizeOf(shape: Shape): number {
  return shape.sizes.reduce((product, size) => product * size, 1);
}

/** As declared: `b[1..6]`. */
export function describeShape(name: string, shape: Shape): string {
  if (shape.sizes.length === 0) return name;
  const ranges = shape.sizes.map((size, d) => `${shape.from[d]}..${shape.from[d] + size - 1}`);
  return `${name}[${ranges.join(", ")}]`;
}

/** Indices of entry `position` in row-major order. */
export function indicesOf(shape: Shape, position: number): readonly number[] {
  const indices: number[] = [];
  let rest = position;
  for (let d = shape.sizes.length - 1; d >= 0; d--) {
    indices.unshift(shape.from[d] + (rest % shape.sizes[d]));
    rest = Math.floor(rest / shape.sizes[d]);
  }
  return indices;
}

/** Name of entry `position`: `b[2]`, or the name alone for a single value. */
export function entryName(name: string, shape: Shape, position: number): string {
  return shape.sizes.length === 0 ? name : `${name}[${indicesOf(shape, position).join(", ")}]`;
}
