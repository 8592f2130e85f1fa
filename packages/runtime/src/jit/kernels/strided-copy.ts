// Copies between strided arrays in the memory, as loops over merged axes.
import type { DType } from "@phxlang/autodiff";
import { sizeOf } from "@phxlang/autodiff";
import type { Expression, FunctionBuilder, Local } from "../../wasm/index.ts";
import { i32 } from "../../wasm/index.ts";
import type { KernelOperand } from "../lowering.ts";
import type { Pack } from "../pack.ts";
import { elementBytes, loadScalar, loadVector, packWidth, storePack } from "../pack.ts";

/** Elements at `address`, `strides` elements apart along each axis. */
export interface StridedArray {
  readonly address: Expression<"i32">;
  readonly strides: readonly number[];
}

interface MergedAxis {
  readonly length: number;
  readonly to: number;
  readonly from: number;
}

/** Axes longer than 1, merged where both arrays run on; strides in bytes. */
function mergeBoth(
  shape: readonly number[],
  to: StridedArray,
  from: StridedArray,
  bytes: number,
): MergedAxis[] {
  const merged: MergedAxis[] = [];
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const own = { length, to: to.strides[axis] * bytes, from: from.strides[axis] * bytes };
    const last = merged.at(-1);
    if (last !== undefined && last.to === own.to * length && last.from === own.from * length) {
      merged[merged.length - 1] = { ...own, length: last.length * length };
    } else merged.push(own);
  });
  return merged;
}

/** Above this many bytes a row is copied by the engine's own instruction. */
const bulkBytes = 256;

/** Copies every element of an index space of `shape`. */
export function emitStridedCopy(
  f: FunctionBuilder,
  dtype: DType,
  shape: readonly number[],
  to: StridedArray,
  from: StridedArray,
): void {
  if (sizeOf(shape) === 0) return;
  const bytes = elementBytes[dtype];
  const axes = mergeBoth(shape, to, from, bytes);
  const walk = (axis: number, target: Local<"i32">, source: Local<"i32">): void => {
    if (axis === axes.length) {
      storePack(f, "scalar", loadScalar(dtype, source, 0), target, 0);
      return;
    }
    const { length, to: targetStride, from: sourceStride } = axes[axis];
    const dense = axis === axes.length - 1 && targetStride === bytes && sourceStride === bytes;
    if (dense && length * bytes > bulkBytes) {
      f.copyMemory(target, source, length * bytes);
      return;
    }
    const vectors = dense ? Math.floor(length / packWidth) : 0;
    f.scope(() => {
      const [t, s] = [f.let(target), f.let(source)];
      const advance = (elements: number): void => {
        f.set(t, i32.add(t, targetStride * elements));
        f.set(s, i32.add(s, sourceStride * elements));
      };
      repeat(f, vectors, () => {
        const pack: Pack = loadVector(dtype, s, 0);
        storePack(f, "vector", pack, t, 0);
        advance(packWidth);
      });
      repeat(f, length - vectors * packWidth, () => {
        walk(axis + 1, t, s);
        advance(1);
      });
    });
  };
  f.scope(() => walk(0, f.let(to.address), f.let(from.address)));
}

/** Runs a body so many times. */
export function repeat(f: FunctionBuilder, times: number, body: () => void): void {
  if (times === 1) f.scope(body);
  else if (times > 1) f.forRange(0, times, body);
}

/** Writes one value to every element of a dense array. */
export function emitFill(f: FunctionBuilder, { type, address }: KernelOperand, value: Pack): void {
  const count = sizeOf(type.shape);
  f.scope(() => {
    const pointer = f.let(address);
    const kept: Pack = { dtype: value.dtype, parts: value.parts.map((part) => f.let(part)) };
    repeat(f, count, () => {
      storePack(f, "scalar", kept, pointer, 0);
      f.set(pointer, i32.add(pointer, elementBytes[type.dtype]));
    });
  });
}
