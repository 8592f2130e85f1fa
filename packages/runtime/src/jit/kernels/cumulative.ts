// Running sums along one axis, in doubles for floats, each rounded when it is written.
import { sizeOf } from "@phxlang/autodiff";
import { i32 } from "../../wasm/index.ts";
import { arithmetic } from "../arithmetic.ts";
import { rowDtype } from "../combine.ts";
import type { Kernel } from "../lowering.ts";
import { constantPack, convertPack, elementBytes, loadScalar, storePack } from "../pack.ts";
import { repeat } from "./strided-copy.ts";

export const cumsum: Kernel = {
  kind: "kernel",
  emit({ f }, [x], [result], parameters) {
    const { shape, dtype } = x.type;
    const axis = parameters["axis"] as number;
    const reverse = parameters["reverse"] as boolean;
    const length = shape[axis];
    const bytes = elementBytes[dtype];
    const inner = sizeOf(shape.slice(axis + 1));
    const outer = sizeOf(shape.slice(0, axis));
    if (length === 0) return;
    const wide = rowDtype("sum", dtype);
    const step = (reverse ? -inner : inner) * bytes;
    const first = reverse ? (length - 1) * inner * bytes : 0;
    f.scope(() => {
      // Both arrays have one layout: one offset serves both.
      const lineStart = f.let(i32.const(first));
      repeat(f, outer, () => {
        repeat(f, inner, () => {
          const offset = f.let(lineStart);
          const sum = f.let(constantPack("scalar", wide, 0).parts[0]);
          repeat(f, length, () => {
            const entry = convertPack("scalar", loadScalar(dtype, i32.add(x.address, offset), 0), wide);
            f.set(sum, arithmetic("scalar", "add", { dtype: wide, parts: [sum] }, entry).parts[0]);
            const value = convertPack("scalar", { dtype: wide, parts: [sum] }, dtype);
            storePack(f, "scalar", value, i32.add(result.address, offset), 0);
            f.set(offset, i32.add(offset, step));
          });
          f.set(lineStart, i32.add(lineStart, bytes));
        });
        f.set(lineStart, i32.add(lineStart, (length - 1) * inner * bytes));
      });
    });
  },
};
