// Powers of sparse matrices on vectors in WebAssembly, for a number of lanes; sweep.ts is the text to reproduce.
import { f64, f64x2, i32, ModuleBuilder } from "../../wasm/index.ts";
import type { Expression, FunctionBuilder, LaneValue, Local } from "../../wasm/index.ts";
import { largestPeak, rescaledBits, smallestPeak } from "../sweep-kernels.ts";
import { LaneKernel } from "./lane-kernel.ts";
import { exportSweepBack } from "./sweep-back-module.ts";
import { anyOtherThan, forProducts, productArrays, readLeft } from "./sweep-product.ts";
import type { LaneLocal, LeftLocals } from "./sweep-product.ts";
import { element, forSegment } from "./trace-frame.ts";

/** A module with the functions of SweepFunctions for so many lanes. */
export function sweepModule(laneCount: number): ModuleBuilder {
  const module = new ModuleBuilder();
  const kernel = new LaneKernel(laneCount, false);
  exportSweep(module, kernel);
  exportAddApplied(module, kernel, false);
  exportAddApplied(module, kernel, true);
  exportSweepBack(module, kernel);
  return module;
}

function exportSweep(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "sweep",
    ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
    "none",
    (f, operator, leftAddress, source, target, advances, steps, exponents, peakAddress, sums) => {
      const arrays = productArrays(f, operator, false);
      const left = readLeft(f, leftAddress);
      const vectorBytes = f.let(i32.shl(arrays.rowCount, kernel.shift));
      const peak = lanes.local(f);
      const exponent = f.let(exponents);
      const sumAddress = f.let(sums);
      f.forRange(0, steps, () => {
        lanes.set(f, peak, lanes.splat(0));
        const position = f.let(target);
        forProducts(f, kernel, arrays, source, null, (_, sum) => {
          lanes.store(f, position, sum);
          f.set(position, i32.add(position, lanes.byteCount));
          const magnitude = lanes.let(f, lanes.abs(sum));
          lanes.set(f, peak, lanes.select(lanes.le(magnitude, peak), peak, magnitude));
        });
        rescale(f, kernel, arrays.rowCount, target, peak, exponent);
        f.set(exponent, i32.add(exponent, 4 * lanes.count));
        forSums(f, kernel, left, target, sumAddress);
        const next = f.let(source);
        f.if(advances, () => f.set(next, i32.add(target, vectorBytes)));
        f.set(source, target);
        f.set(target, next);
      });
      lanes.store(f, peakAddress, peak);
    },
  );
}

/** Rescales the lanes of a vector whose peaks ask for it, and writes the exponents after those at `exponent`. */
function rescale(
  f: FunctionBuilder,
  kernel: LaneKernel,
  rowCount: Local<"i32">,
  vector: Local<"i32">,
  peak: LaneLocal,
  exponent: Local<"i32">,
): void {
  const { lanes } = kernel;
  const up = lanes.splat(2 ** rescaledBits);
  const down = lanes.splat(2 ** -rescaledBits);
  const isSmall = lanes.lt(peak, lanes.splat(smallestPeak));
  const small = lanes.select(
    isSmall,
    lanes.select(lanes.lt(lanes.splat(0), peak), up, lanes.splat(1)),
    lanes.splat(1),
  );
  const factor = lanes.let(f, lanes.select(lanes.lt(lanes.splat(largestPeak), peak), down, small));
  for (let lane = 0; lane < lanes.count; lane++) {
    f.store(i32, exponent, i32.load(exponent, 4 * lane), 4 * (lanes.count + lane));
  }
  f.if(anyOtherThan(lanes.count, factor, 1), () => {
    f.forRange(0, rowCount, (r) => {
      const address = f.let(kernel.at(vector, r));
      lanes.store(f, address, lanes.mul(lanes.load(address), factor));
    });
    lanes.set(f, peak, lanes.mul(peak, factor));
    for (let lane = 0; lane < lanes.count; lane++) {
      const own = f.let(laneOf(lanes.count, factor, lane));
      const place = 4 * (lanes.count + lane);
      const change = (bits: number): void =>
        f.store(i32, exponent, i32.sub(i32.load(exponent, place), bits), place);
      f.if(f64.gt(own, 1), () => change(rescaledBits));
      f.if(f64.lt(own, 1), () => change(-rescaledBits));
    }
  });
}

function laneOf(laneCount: number, value: LaneValue, lane: number): Expression<"f64"> {
  if (laneCount === 1) return value[0] as Expression<"f64">;
  return f64x2.extractLane(value[lane >> 1] as Expression<"v128">, lane & 1);
}

/** left_m · vector for every m, written one after the other from `sums` on, which moves behind them. */
function forSums(
  f: FunctionBuilder,
  kernel: LaneKernel,
  left: LeftLocals,
  vector: Local<"i32">,
  sums: Local<"i32">,
): void {
  const { lanes } = kernel;
  const sum = lanes.local(f);
  f.forRange(0, left.count, (m) => {
    lanes.set(f, sum, lanes.splat(0));
    forSegment(f, left.offsets, m, (p) => {
      const entry = kernel.load(f, vector, element(left.rows, p));
      lanes.set(f, sum, lanes.add(sum, lanes.mul(kernel.load(f, left.values, p), entry)));
    });
    lanes.store(f, sums, sum);
    f.set(sums, i32.add(sums, lanes.byteCount));
  });
}

function exportAddApplied(module: ModuleBuilder, kernel: LaneKernel, isTransposed: boolean): void {
  const name = isTransposed ? "addAppliedTransposed" : "addApplied";
  module.export(name, ["i32", "i32", "i32"], "none", (f, operator, x, y) => {
    const arrays = productArrays(f, operator, isTransposed);
    const start = (r: Local<"i32">): LaneValue => kernel.load(f, y, r);
    forProducts(f, kernel, arrays, x, start, (r, sum) => kernel.store(f, y, r, sum));
  });
}
