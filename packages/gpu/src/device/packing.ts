// Packing: elements of the host as words of the device, and back.
import type { DType, Elements } from "@phxlang/autodiff";
import type { Arithmetic } from "../arithmetic/arithmetic.ts";

export interface Packing {
  pack(elements: Elements, dtype: DType): Uint32Array;
  unpack(words: Uint32Array<ArrayBuffer>, dtype: DType): Elements;
}

/** How arrays of "f64" are kept is the arithmetic's; other numbers are one word each, and bools too. */
export function packingOf(double: Arithmetic): Packing {
  return {
    pack(elements, dtype) {
      switch (dtype) {
        case "f64":
          return bits(double.pack(Float64Array.from(elements)));
        case "f32":
          return bits(Float32Array.from(elements));
        case "i32":
          return bits(Int32Array.from(elements));
        default:
          return Uint32Array.from(elements);
      }
    },
    unpack(words, dtype) {
      switch (dtype) {
        case "f64":
          return double.unpack(new Float32Array(words.buffer, words.byteOffset, words.length));
        case "f32":
          return new Float32Array(words.buffer, words.byteOffset, words.length);
        case "i32":
          return new Int32Array(words.buffer, words.byteOffset, words.length);
        case "u32":
          return words;
        case "bool":
          return Uint8Array.from(words);
      }
    },
  };
}

function bits(values: Float32Array | Int32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
