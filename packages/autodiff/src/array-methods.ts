// The common base of concrete and traced arrays, and how the table of methods gets onto it.
import type { ArrayType, DType } from "./array.ts";
import type { ArrayMethods } from "./numpy/methods.ts";
import type { Value } from "./trace.ts";

/** What both kinds of array have besides the methods of the table. */
interface BaseMembers {
  readonly type: ArrayType;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly weak: boolean;
  /** Number of axes. */
  readonly ndim: number;
  /** Number of elements. */
  readonly size: number;
  /** One line for people and consoles: kind, type and, where known, the elements. */
  describe(): string;
  /** The entries along axis 0: `const [a, b] = theta`, `for (const row of x)`. A scalar is not iterable. */
  [Symbol.iterator](): Iterator<Value>;
}

abstract class Base {
  abstract readonly shape: readonly number[];
  abstract describe(): string;

  get ndim(): number {
    return this.shape.length;
  }

  get size(): number {
    let size = 1;
    for (const length of this.shape) size *= length;
    return size;
  }
}

// Node prints an object by the method of this name.
Object.defineProperty(Base.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: Base): string {
    return this.describe();
  },
});

/**
 * NdArray and the tracers extend this. The methods of `ArrayMethods` are put on its prototype by
 * `installMethods`, which `numpy/` calls once when it is loaded: the cast below states that promise.
 */
export type ArrayBase = BaseMembers & ArrayMethods;
export const ArrayBase: abstract new () => ArrayBase = Base as unknown as abstract new () => ArrayBase;

/** Puts the table's functions on all arrays; each sees its array as `this`. `rowsOf` is what iteration gives. */
export function installMethods(
  table: ThisType<ArrayBase> & ArrayMethods,
  rowsOf: (x: ArrayBase) => Iterator<Value>,
): void {
  // A getter, because a scalar is not iterable at all.
  Object.defineProperty(ArrayBase.prototype, Symbol.iterator, {
    get(this: ArrayBase): (() => Iterator<Value>) | undefined {
      return this.ndim === 0 ? undefined : () => rowsOf(this);
    },
    configurable: true,
  });
  for (const key of Reflect.ownKeys(table)) {
    const value: unknown = Reflect.get(table, key);
    Object.defineProperty(ArrayBase.prototype, key, { value, configurable: true, writable: true });
  }
}
