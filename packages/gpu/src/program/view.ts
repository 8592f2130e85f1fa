// Views: variables that are other variables' elements in another order, and the places of their elements in WGSL.

/** Element at index (i₀, i₁, …) lies `offset + Σ iₐ strides[a]` elements after the buffer's first. */
export interface View {
  readonly offset: number;
  readonly strides: readonly number[];
}

export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** Whether a view of that shape reads its buffer from the start without gaps. */
export function isDense(view: View, shape: readonly number[]): boolean {
  if (view.offset !== 0) return false;
  const dense = rowMajorStrides(shape);
  return shape.every((length, axis) => length === 1 || view.strides[axis] === dense[axis]);
}

/** The view as it is read by a loop over `target`, aligned at the last axis: lengths 1 stretch. */
export function broadcastView(view: View, shape: readonly number[], target: readonly number[]): View {
  const skip = target.length - shape.length;
  const strides = target.map((_, axis) =>
    axis < skip || shape[axis - skip] === 1 ? 0 : view.strides[axis - skip],
  );
  return { offset: view.offset, strides };
}

/** Axes that are one run of places become one axis; axes of length 1 go. */
function mergeAxes(
  shape: readonly number[],
  strides: readonly number[],
): { readonly lengths: number[]; readonly strides: number[] } {
  const merged = { lengths: [] as number[], strides: [] as number[] };
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const last = merged.lengths.length - 1;
    if (last >= 0 && merged.strides[last] === strides[axis] * length) {
      merged.lengths[last] *= length;
      merged.strides[last] = strides[axis];
    } else {
      merged.lengths.push(length);
      merged.strides.push(strides[axis]);
    }
  });
  return merged;
}

/** The view under another shape of the same elements; null where no strides describe it. */
export function reshapeView(view: View, from: readonly number[], to: readonly number[]): View | null {
  const { lengths, strides } = mergeAxes(from, view.strides);
  const result = to.map(() => 0);
  let run = lengths.length - 1;
  let left = run < 0 ? 1 : lengths[run];
  let stride = run < 0 ? 1 : strides[run];
  for (let axis = to.length - 1; axis >= 0; axis--) {
    if (to[axis] === 1) continue;
    if (left === 1) {
      run -= 1;
      left = lengths[run];
      stride = strides[run];
    }
    // A new axis lies within one run.
    if (left % to[axis] !== 0) return null;
    result[axis] = stride;
    stride *= to[axis];
    left /= to[axis];
  }
  return { offset: view.offset, strides: result };
}

const word = (value: number): string => `${value >>> 0}u`;

/** index · stride, where products wrap modulo 2³², so that negative strides are right in the sum. */
function times(index: string, stride: number): string {
  return stride === 1 ? index : `${index} * ${word(stride)}`;
}

function sum(offset: number, terms: readonly string[]): string {
  const all = offset === 0 ? terms : [word(offset), ...terms];
  return all.length === 0 ? "0u" : all.length === 1 ? all[0] : `(${all.join(" + ")})`;
}

/** The place of element number `index` (row-major over `shape`, u32) of a view, in elements. */
export function placeOf(view: View, shape: readonly number[], index: string): string {
  const { lengths, strides } = mergeAxes(shape, view.strides);
  const terms: string[] = [];
  let inner = 1;
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    if (strides[axis] !== 0) {
      const divided = inner === 1 ? index : `(${index} / ${word(inner)})`;
      const own = axis === 0 ? divided : `(${divided} % ${word(lengths[axis])})`;
      terms.unshift(times(own, strides[axis]));
    }
    inner *= lengths[axis];
  }
  return sum(view.offset, terms);
}

/** The place of the element at given indices (u32 expressions, one for each axis). */
export function placeAt(view: View, shape: readonly number[], indices: readonly string[]): string {
  const terms = indices.flatMap((index, axis) =>
    shape[axis] === 1 || view.strides[axis] === 0 || index === "0u"
      ? []
      : [times(`(${index})`, view.strides[axis])],
  );
  return sum(view.offset, terms);
}
