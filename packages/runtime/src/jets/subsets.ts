// Jets: numbers with nilpotent parts ε₁, ε₂, …, each with square 0. Components are numbered by sets of ε.

/**
 * A jet of order m has 2^m components: component A (a bit set) multiplies the product of the ε in A. A component
 * is an array, or null where it is zero for a reason of structure. (x y)_A is the sum of x_B y_{A∖B} over B ⊆ A.
 */
export type Jet = JetOf<Float64Array>;

/** The same with components of another kind, such as addresses of arrays. */
export type JetOf<T> = readonly (T | null)[];

/** Component A of a product, called back for every pair of components that is not structurally zero. */
export function forProducts<X, Y>(
  left: JetOf<X>,
  right: JetOf<Y>,
  component: number,
  visit: (x: X, y: Y) => void,
): void {
  for (let b = component; ; b = (b - 1) & component) {
    const x = left[b];
    const y = right[component ^ b];
    if (x !== null && y !== null) visit(x, y);
    if (b === 0) return;
  }
}

/** Which components of a product may be other than zero. */
export function productSupport(left: readonly boolean[], right: readonly boolean[]): boolean[] {
  return left.map((_, component) => {
    for (let b = component; ; b = (b - 1) & component) {
      if (left[b] && right[component ^ b]) return true;
      if (b === 0) return false;
    }
  });
}

/** Components of x, A x, A² x, … that may be other than zero, for an operator with the given support. */
export function orbitSupport(operator: readonly boolean[], vector: readonly boolean[]): boolean[] {
  let support = [...vector];
  for (;;) {
    const product = productSupport(operator, support);
    const next = support.map((present, component) => present || product[component]);
    if (next.every((present, component) => present === support[component])) return next;
    support = next;
  }
}

export function supportOf(jet: JetOf<unknown>): boolean[] {
  return jet.map((component) => component !== null);
}

/** The zero jet of an order. */
export function zeroJet<T = Float64Array>(order: number): (T | null)[] {
  const parts: (T | null)[] = [];
  for (let component = 0; component < 1 << order; component++) parts.push(null);
  return parts;
}

/** Elementwise product of jets of arrays of equal length; `length` 1 arrays are scalars. */
export function multiplyJets(left: Jet, right: Jet): Jet {
  const support = productSupport(supportOf(left), supportOf(right));
  return support.map((present, component) => {
    if (!present) return null;
    let result: Float64Array | null = null;
    forProducts(left, right, component, (x, y) => {
      result ??= new Float64Array(x.length);
      for (let i = 0; i < x.length; i++) result[i] += x[i] * y[i];
    });
    return result;
  });
}
