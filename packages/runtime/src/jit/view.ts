// Views: variables that are other variables' elements in another order, without a copy.

/** Element at index (i₀, i₁, …) lies `offset + Σ iₐ strides[a]` elements after the root's first. */
export interface View {
  readonly offset: number;
  readonly strides: readonly number[];
}

export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** Whether a view of that shape reads its root from the start without gaps. */
export function isDense(view: View, shape: readonly number[]): boolean {
  if (view.offset !== 0) return false;
  const dense = rowMajorStrides(shape);
  return shape.every((length, axis) => length === 1 || view.strides[axis] === dense[axis]);
}

/** Strides with which an operand of `shape` is read as `target`, aligned at the last axis. */
export function broadcastStrides(
  view: View,
  shape: readonly number[],
  target: readonly number[],
): readonly number[] {
  const skip = target.length - shape.length;
  return target.map((_, axis) => (axis < skip || shape[axis - skip] === 1 ? 0 : view.strides[axis - skip]));
}

/** The view under another shape of the same elements; null where no strides describe it. */
export function reshapeView(view: View, from: readonly number[], to: readonly number[]): View | null {
  const lengths = from.filter((length) => length !== 1);
  const strides = view.strides.filter((_, axis) => from[axis] !== 1);
  const result: number[] = [];
  // Walks both shapes from the last axis; each new axis must lie inside one run of uniformly strided old axes.
  let axis = lengths.length - 1;
  let available = axis >= 0 ? lengths[axis] : 1;
  let stride = axis >= 0 ? strides[axis] : 1;
  for (let d = to.length - 1; d >= 0; d--) {
    if (to[d] === 1) {
      result.unshift(0);
      continue;
    }
    if (available === 1 && axis > 0) {
      axis--;
      available = lengths[axis];
      stride = strides[axis];
    }
    while (available % to[d] !== 0) {
      if (axis === 0 || strides[axis - 1] !== stride * available) return null;
      axis--;
      available *= lengths[axis];
    }
    result.unshift(stride);
    stride *= to[d];
    available /= to[d];
  }
  return { offset: view.offset, strides: result };
}
