// ChunkLayout: how the members of a spread stage are cut into chunks, and where their arrays lie in shared memory.
import type { ArrayType, DType, Elements } from "@phxlang/autodiff";
import { NdArray, sizeOf } from "@phxlang/autodiff";

/** At most this many chunks: enough that threads of unequal speed end together, few enough that none is tiny. */
const mostChunks = 32;

/** An array in shared memory: of one member after another where it is mapped, else of all together. */
export interface PlacedArray {
  /** Of one member. */
  readonly type: ArrayType;
  readonly isMapped: boolean;
  /** Bytes from the start of the memory, a multiple of 8. */
  readonly offset: number;
}

/**
 * Chunk c has the members first(c) … first(c) + chunk − 1. All chunks have one length, so the last one may begin within
 * the one before it: both compute the same bits there. Nothing here depends on how many threads there are.
 */
export interface ChunkLayout {
  readonly size: number;
  readonly chunk: number;
  readonly count: number;
  readonly inputs: readonly PlacedArray[];
  readonly outputs: readonly PlacedArray[];
  readonly bytes: number;
}

export function chunkLength(size: number): number {
  return Math.max(1, Math.ceil(size / mostChunks));
}

/** `mapped` speaks of the inputs; all outputs are mapped. Types are those of one member. */
export function layOutChunks(
  size: number,
  inputs: readonly ArrayType[],
  mapped: readonly boolean[],
  outputs: readonly ArrayType[],
): ChunkLayout {
  const chunk = chunkLength(size);
  let bytes = 0;
  const place = (type: ArrayType, isMapped: boolean): PlacedArray => {
    const offset = bytes;
    const length = sizeOf(type.shape) * (isMapped ? size : 1) * elementBytes(type.dtype);
    bytes += Math.ceil(length / 8) * 8;
    return { type: { dtype: type.dtype, shape: type.shape, weak: type.weak === true }, isMapped, offset };
  };
  const placedInputs = inputs.map((type, i) => place(type, mapped[i]));
  const placedOutputs = outputs.map((type) => place(type, true));
  const count = Math.ceil(size / chunk);
  return { size, chunk, count, inputs: placedInputs, outputs: placedOutputs, bytes };
}

/** The first member of a chunk. */
export function firstMember({ size, chunk }: ChunkLayout, index: number): number {
  return Math.min(index * chunk, size - chunk);
}

/** Views of the inputs of a chunk. */
export function chunkInputs(layout: ChunkLayout, memory: SharedArrayBuffer, index: number): NdArray[] {
  const first = firstMember(layout, index);
  return layout.inputs.map(({ type, isMapped, offset }) => {
    const { dtype, shape, weak } = type;
    const length = sizeOf(shape);
    if (!isMapped) return new NdArray(elementsAt(memory, dtype, offset, length), shape, dtype, weak);
    const start = offset + first * length * elementBytes(dtype);
    const elements = elementsAt(memory, dtype, start, layout.chunk * length);
    return new NdArray(elements, [layout.chunk, ...shape], dtype, weak);
  });
}

/** Writes what a chunk computed to its members' places. */
export function writeChunk(
  layout: ChunkLayout,
  memory: SharedArrayBuffer,
  index: number,
  results: readonly NdArray[],
): void {
  const first = firstMember(layout, index);
  layout.outputs.forEach(({ type, offset }, i) => {
    const { elements } = results[i];
    const start = offset + first * sizeOf(type.shape) * elementBytes(type.dtype);
    elementsAt(memory, type.dtype, start, elements.length).set(elements);
  });
}

/** Copies the inputs of all members in. */
export function writeInputs(
  layout: ChunkLayout,
  memory: SharedArrayBuffer,
  inputs: readonly NdArray[],
): void {
  layout.inputs.forEach(({ type, offset }, i) => {
    const { elements } = inputs[i];
    elementsAt(memory, type.dtype, offset, elements.length).set(elements);
  });
}

/** Copies the outputs of all members out. */
export function readOutputs(layout: ChunkLayout, memory: SharedArrayBuffer): NdArray[] {
  return layout.outputs.map(({ type: { dtype, shape, weak }, offset }) => {
    const elements = elementsAt(memory, dtype, offset, layout.size * sizeOf(shape));
    return new NdArray(elements.slice(), [layout.size, ...shape], dtype, weak);
  });
}

function elementBytes(dtype: DType): number {
  return dtype === "f64" ? 8 : dtype === "bool" ? 1 : 4;
}

export function elementsAt(
  memory: SharedArrayBuffer,
  dtype: DType,
  offset: number,
  length: number,
): Elements {
  switch (dtype) {
    case "f64":
      return new Float64Array(memory, offset, length);
    case "f32":
      return new Float32Array(memory, offset, length);
    case "i32":
      return new Int32Array(memory, offset, length);
    case "u32":
      return new Uint32Array(memory, offset, length);
    case "bool":
      return new Uint8Array(memory, offset, length);
  }
}
