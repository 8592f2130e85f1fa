// ByteWriter, a growing buffer of bytes, with the LEB128 integers of WebAssembly.
import { internalError } from "@phxlang/autodiff";

/** Bytes written so far are `buffer[0 .. length)`. */
export class ByteWriter {
  private buffer: Uint8Array;
  private used = 0;

  constructor(capacity = 256) {
    this.buffer = new Uint8Array(capacity);
  }

  /** Forgets what was written. */
  clear(): void {
    this.used = 0;
  }

  get length(): number {
    return this.used;
  }

  byte(value: number): void {
    if (this.used === this.buffer.length) this.grow(1);
    this.buffer[this.used++] = value;
  }

  bytes(values: ArrayLike<number>): void {
    const count = values.length;
    if (this.used + count > this.buffer.length) this.grow(count);
    // Instructions are a few bytes long: a loop is faster than a bulk copy.
    if (count < 24) for (let i = 0; i < count; i++) this.buffer[this.used + i] = values[i];
    else this.buffer.set(values, this.used);
    this.used += count;
  }

  /** Unsigned LEB128 of an integer in [0, 2³²). */
  unsigned(value: number): void {
    if (!(value >= 0 && value <= 0xffffffff && Number.isInteger(value))) {
      throw internalError(`${value} is not an unsigned 32-bit integer`);
    }
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** Unsigned LEB128 in five bytes whatever the value, so that it can be overwritten in place. */
  unsignedPadded(value: number): void {
    this.bytes(paddedUnsigned(value));
  }

  /** Overwrites bytes that were written before. */
  overwrite(position: number, values: ArrayLike<number>): void {
    this.buffer.set(values, position);
  }

  /** Signed LEB128 of a 32-bit integer; unsigned values wrap, as i32 constants do. */
  signed32(value: number): void {
    let rest = value | 0;
    while (rest < -64 || rest > 63) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  /** Signed LEB128 of a 64-bit integer; unsigned values wrap. */
  signed64(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    while (rest < -64n || rest > 63n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest & 0x7fn));
  }

  /** A name: its length in bytes and its UTF-8 bytes. */
  name(text: string): void {
    const encoded = utf8(text);
    this.unsigned(encoded.length);
    this.bytes(encoded);
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.buffer.slice(0, this.used);
  }

  private grow(extra: number): void {
    const larger = new Uint8Array(Math.max(this.used + extra, this.buffer.length * 2));
    larger.set(this.buffer.subarray(0, this.used));
    this.buffer = larger;
  }
}

const small = new ByteWriter(64);

/** The bytes of one instruction: what `write` writes. */
export function encodeSmall(write: (writer: ByteWriter) => void): Uint8Array {
  small.clear();
  write(small);
  return small.toBytes();
}

/** Unsigned LEB128 in five bytes. */
export function paddedUnsigned(value: number): number[] {
  return [0, 7, 14, 21, 28].map((shift) => ((value >>> shift) & 0x7f) | (shift < 28 ? 0x80 : 0));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
