// NdArray, the concrete immutable array: elements in row-major order with a shape and a dtype.
import type { ArrayType, DType, Elements } from "./array.ts";
import { sizeOf } from "./array.ts";
import { ArrayBase } from "./array-methods.ts";
import { PhxError } from "./errors.ts";
import { formatArray } from "./format-array.ts";
import type { NestedNumbers } from "./trace.ts";

/** Elements that live on a device. */
export interface DeviceBuffer {
  readonly deviceName: string;
  readonly size: number;
  /** Copies the elements to the host. */
  download(): Promise<Elements>;
  /** The same at once, where the device can. */
  downloadSync?(): Elements;
}

/** An immutable row-major array. Nobody writes to `elements` after construction. */
export class NdArray extends ArrayBase implements ArrayType {
  override readonly dtype: DType;
  override readonly shape: readonly number[];
  override readonly weak: boolean;
  /** Where the elements live when not on the host; null for a host array. */
  readonly buffer: DeviceBuffer | null;
  /** A plain field and no hidden one, so that deep comparison of arrays (as tests do it) compares elements. */
  private host: Elements | null;
  #released = false;

  constructor(elements: Elements | DeviceBuffer, shape: readonly number[], dtype: DType, weak = false) {
    super();
    const count = ArrayBuffer.isView(elements) ? elements.length : elements.size;
    const size = sizeOf(shape);
    if (size !== count) {
      throw new PhxError({
        code: "PHX920",
        what: `${count} elements cannot have shape [${shape.join(", ")}]`,
        why: `that shape holds ${size} elements`,
        fix: "give as many elements as the product of the shape",
      });
    }
    if (ArrayBuffer.isView(elements)) {
      this.host = elements;
      this.buffer = null;
    } else {
      this.host = null;
      this.buffer = elements;
    }
    this.shape = shape;
    this.dtype = dtype;
    this.weak = weak;
  }

  override get type(): ArrayType {
    return this;
  }

  /** The elements on the host; an error for an array on a device that can only be read asynchronously. */
  get elements(): Elements {
    if (this.host !== null) return this.host;
    const buffer = this.buffer;
    if (this.#released) throw donatedError(this);
    if (buffer?.downloadSync === undefined) {
      throw new PhxError({
        code: "PHX922",
        what: `the elements of this array live on the device "${buffer?.deviceName}" and cannot be read at once`,
        why: "that device delivers data asynchronously",
        fix: "write `await x.data()` first",
      });
    }
    this.host = buffer.downloadSync();
    return this.host;
  }

  /** A copy of the elements, row-major. */
  dataSync(): Elements {
    return this.elements.slice();
  }

  /** A copy of the elements, row-major; waits for the device if there is one. */
  async data(): Promise<Elements> {
    if (this.#released) throw donatedError(this);
    if (this.host === null && this.buffer !== null) this.host = await this.buffer.download();
    return this.elements.slice();
  }

  /** Gives the elements up: what jit does with donated arguments. Reading them afterwards is PHX943. */
  release(): void {
    this.host = null;
    this.#released = true;
  }

  /** The one element as a number (0 or 1 for "bool"); PHX923 unless there is exactly one. */
  item(): number {
    if (this.size !== 1) {
      throw new PhxError({
        code: "PHX923",
        what: `item() of an array of shape [${this.shape.join(", ")}]`,
        why: `it has ${this.size} elements, and item() is the value of exactly one`,
        fix: "take one element first, or use js() for nested numbers",
      });
    }
    return this.elements[0] ?? 0;
  }

  /** Nested plain arrays of numbers (of booleans for "bool"); a number for a scalar. */
  js(): NestedNumbers {
    return nest(this.elements, this.shape, this.dtype === "bool");
  }

  /** Prints like NumPy. */
  override toString(): string {
    return formatArray(this.elements, this.shape, this.dtype);
  }

  /** An array of one element converts to its number; text is what NumPy prints. */
  [Symbol.toPrimitive](hint: string): number | string {
    return hint === "string" ? this.toString() : this.item();
  }

  toJSON(): NestedNumbers {
    return this.js();
  }

  /** What Node prints for an array. */
  override describe(): string {
    const printed = this.host === null ? "…" : this.toString();
    return `NdArray<${this.dtype}[${this.shape.join(",")}]>(${printed})`;
  }
}

function donatedError(array: NdArray): PhxError {
  return new PhxError({
    code: "PHX943",
    what: `the elements of an array of shape [${array.shape.join(", ")}] were read after it had been donated`,
    why: "an argument named in donateArgnums of jit gives its memory to the call",
    fix: "use the result of the call, or do not donate this argument",
  });
}

function nest(elements: Elements, shape: readonly number[], asBoolean: boolean): NestedNumbers {
  let level: NestedNumbers[] = Array.from(elements, (x) => (asBoolean ? x !== 0 : x));
  for (let axis = shape.length - 1; axis > 0; axis--) {
    const length = shape[axis] ?? 0;
    let count = 1;
    for (let outer = 0; outer < axis; outer++) count *= shape[outer] ?? 0;
    level = Array.from({ length: count }, (_, row) => level.slice(row * length, (row + 1) * length));
  }
  return shape.length === 0 ? (level[0] ?? 0) : level;
}
