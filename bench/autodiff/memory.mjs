// 10⁵ calls of a jitted gradient: the heap and the kernels' memory before and after.
import { array, grad } from "@phxlang/autodiff";
import { jit } from "@phxlang/runtime";

export function memory() {
  const step = jit(grad((x) => x.mul(x).exp().log1p().sum()));
  const x = array(Float64Array.from({ length: 64 }, (_, i) => i / 64));
  const used = () => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers, external } = process.memoryUsage();
    return { heapUsed, arrayBuffers, external };
  };
  for (let i = 0; i < 1000; i++) step(x);
  const before = used();
  const start = performance.now();
  for (let i = 0; i < 100_000; i++) step(x);
  const milliseconds = performance.now() - start;
  const after = used();
  const growth = Object.fromEntries(
    Object.keys(before).map((key) => [key, ((after[key] - before[key]) / 1024).toFixed(0) + " KiB"]),
  );
  return { growth, microsecondsPerCall: milliseconds / 100 };
}
