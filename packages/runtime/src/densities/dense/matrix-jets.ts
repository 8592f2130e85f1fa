// Dense matrices of jets: products in any orientation, component by component.
import type { Jet } from "../../jets/subsets.ts";
import { addProduct } from "../../kernels/wasm/matrix-product.ts";

export type Parts = (Float64Array | null)[];

/** A factor of a product: as it is stored, or transposed. */
export interface Factor {
  readonly jet: Jet;
  readonly transposed?: boolean;
}

/**
 * target [rows, columns] += scale · left [rows, inner] · right [inner, columns], for the components of the target. A
 * factor may be a jet of a lower order: its other components are zero.
 */
export function addMatrixProduct(
  target: Parts,
  left: Factor,
  right: Factor,
  shape: readonly [number, number, number],
  scale: number,
): void {
  const [rows, inner, columns] = shape;
  if (rows === 0 || inner === 0 || columns === 0) return;
  for (let component = 0; component < target.length; component++) {
    for (let b = component; ; b = (b - 1) & component) {
      const x = b < left.jet.length ? left.jet[b] : null;
      const y = (component ^ b) < right.jet.length ? right.jet[component ^ b] : null;
      if (x !== null && y !== null) {
        const sum = (target[component] ??= new Float64Array(rows * columns));
        const a = { numbers: x, transposed: left.transposed === true };
        const c = { numbers: y, transposed: right.transposed === true };
        addProduct(sum, a, c, shape, scale);
      }
      if (b === 0) break;
    }
  }
}

/** No components yet. */
export function noParts(length: number): Parts {
  return Array.from({ length }, () => null);
}

/** Multiplies every component. */
export function scaleParts(parts: Parts, factor: number): void {
  for (const part of parts) if (part !== null) for (let i = 0; i < part.length; i++) part[i] *= factor;
}

/** Largest magnitude of the component without ε, or of all where that one is not there. */
export function largestEntry(parts: Jet): number {
  let largest = 0;
  for (const [component, part] of parts.entries()) {
    if (part === null || (component > 0 && parts[0] !== null)) continue;
    for (let i = 0; i < part.length; i++) largest = Math.max(largest, Math.abs(part[i]));
  }
  return largest;
}
