// The backward sweep in WebAssembly, for a number of lanes, four steps at a time.
import { f64, f64x2, i32, v128 } from "../../wasm/index.ts";
import type { Expression, FunctionBuilder, LaneValue, Local, ModuleBuilder } from "../../wasm/index.ts";
import { blockSteps, leastWeight } from "../sweep-kernels.ts";
import type { LaneKernel } from "./lane-kernel.ts";
import { anyOtherThan, forProducts, productArrays, readLeft, readOperator } from "./sweep-product.ts";
import type { LeftLocals } from "./sweep-product.ts";
import { element, forSegment } from "./trace-frame.ts";

type Address = Local<"i32">;

export function exportSweepBack(module: ModuleBuilder, kernel: LaneKernel): void {
  const { lanes } = kernel;
  module.export(
    "sweepBack",
    ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
    "none",
    (
      f,
      operator,
      leftAddress,
      vectors,
      weights,
      factors,
      blocks,
      cotangents,
      scratch,
      entryGradient,
      rowGradient,
      leftGradient,
    ) => {
      const arrays = productArrays(f, operator, true);
      const left = readLeft(f, leftAddress);
      const vectorBytes = f.let(i32.shl(arrays.rowCount, kernel.shift));
      const ring = [f.let(cotangents)];
      for (let j = 1; j <= blockSteps; j++) ring.push(f.let(i32.add(ring[j - 1], vectorBytes)));
      const weightBytes = f.let(i32.shl(left.count, kernel.shift));
      const step = f.let(i32.mul(blocks, blockSteps));
      const vector = f.let(i32.add(vectors, i32.mul(step, vectorBytes)));
      const weight = f.let(i32.add(weights, i32.mul(step, weightBytes)));
      f.forRange(0, blocks, () => {
        for (let j = blockSteps - 1; j >= 0; j--) {
          f.set(step, i32.sub(step, 1));
          f.set(vector, i32.sub(vector, vectorBytes));
          f.set(weight, i32.sub(weight, weightBytes));
          scale(f, kernel, arrays.rowCount, ring[j + 1], kernel.load(f, factors, step));
          forProducts(f, kernel, arrays, ring[j + 1], null, (r, sum) => kernel.store(f, ring[j], r, sum));
          addWeighted(f, kernel, left, weight, ring[j]);
          f.if(leftGradient, () =>
            addOuter(f, kernel, left.count, arrays.rowCount, weight, vector, leftGradient),
          );
        }
        if (lanes.count === 1) {
          interleave(f, arrays.rowCount, vector, vectorBytes, scratch);
          addInterleaved(f, operator, ring.slice(1), scratch, entryGradient, rowGradient);
        } else {
          const steps = [f.let(vector)];
          for (let j = 1; j < blockSteps; j++) steps.push(f.let(i32.add(steps[j - 1], vectorBytes)));
          addSteps(f, kernel, operator, ring.slice(1), steps, entryGradient, rowGradient);
        }
        copyOfWeight(f, kernel, arrays.rowCount, ring[0], ring[blockSteps]);
      });
    },
  );
  exportAddEdgeProducts(module, kernel);
}

/** to ← from, without entries of no weight. */
function copyOfWeight(
  f: FunctionBuilder,
  kernel: LaneKernel,
  rowCount: Address,
  from: Address,
  to: Address,
): void {
  const { lanes } = kernel;
  f.forRange(0, rowCount, (r) => {
    const value = lanes.let(f, kernel.load(f, from, r));
    const isNothing = lanes.lt(lanes.abs(value), lanes.splat(leastWeight));
    kernel.store(f, to, r, lanes.select(isNothing, lanes.splat(0), value));
  });
}

/** vector ← factor · vector, unless the factor is 1 in all lanes. */
function scale(
  f: FunctionBuilder,
  kernel: LaneKernel,
  rowCount: Address,
  vector: Address,
  loaded: LaneValue,
): void {
  const { lanes } = kernel;
  const factor = lanes.let(f, loaded);
  f.if(anyOtherThan(lanes.count, factor, 1), () => {
    f.forRange(0, rowCount, (r) => {
      const address = f.let(kernel.at(vector, r));
      lanes.store(f, address, lanes.mul(lanes.load(address), factor));
    });
  });
}

/** vector += Σ_m weights[m] left_m. */
function addWeighted(
  f: FunctionBuilder,
  kernel: LaneKernel,
  left: LeftLocals,
  weights: Address,
  vector: Address,
): void {
  const { lanes } = kernel;
  f.forRange(0, left.count, (m) => {
    const weight = lanes.let(f, kernel.load(f, weights, m));
    f.if(anyOtherThan(lanes.count, weight, 0), () => {
      forSegment(f, left.offsets, m, (p) => {
        const product = lanes.mul(weight, kernel.load(f, left.values, p));
        kernel.accumulate(f, vector, element(left.rows, p), product);
      });
    });
  });
}

/** gradient[m] += weights[m] · vector. */
function addOuter(
  f: FunctionBuilder,
  kernel: LaneKernel,
  count: Address,
  rowCount: Address,
  weights: Address,
  vector: Address,
  gradient: Address,
): void {
  const { lanes } = kernel;
  const target = f.let(gradient);
  f.forRange(0, count, (m) => {
    const weight = lanes.let(f, kernel.load(f, weights, m));
    f.if(anyOtherThan(lanes.count, weight, 0), () => {
      f.forRange(0, rowCount, (r) => {
        kernel.accumulate(f, target, r, lanes.mul(weight, kernel.load(f, vector, r)));
      });
    });
    f.set(target, kernel.at(target, rowCount));
  });
}

/** Four vectors of one lane, `stride` apart, side by side: entry r of vector j becomes number 4 r + j. */
function interleave(
  f: FunctionBuilder,
  rowCount: Address,
  from: Address,
  stride: Address,
  to: Address,
): void {
  const sources = [f.let(from)];
  for (let j = 1; j < blockSteps; j++) sources.push(f.let(i32.add(sources[j - 1], stride)));
  const target = f.let(to);
  f.forRange(0, rowCount, () => {
    for (let j = 0; j < blockSteps; j++) f.store(f64, target, f64.load(sources[j]), 8 * j);
    for (const source of sources) f.set(source, i32.add(source, 8));
    f.set(target, i32.add(target, 8 * blockSteps));
  });
}

/** The gradients of four steps of one lane, from their cotangents and the interleaved vectors. */
function addInterleaved(
  f: FunctionBuilder,
  operator: Expression<"i32">,
  cotangents: readonly Address[],
  vectors: Address,
  entryGradient: Address,
  rowGradient: Address,
): void {
  const arrays = readOperator(f, operator, "rowCount", "rowOffsets", "closingEnds", "columns");
  const own = f.let(vectors);
  const row = f.let(rowGradient);
  /** (s₀ + s₂) + (s₁ + s₃) of the products of two pairs. */
  const four = (early: Expression<"v128">, late: Expression<"v128">): Expression<"f64"> => {
    const pair = f.let(f64x2.add(early, late));
    return f64.add(f64x2.extractLane(pair, 0), f64x2.extractLane(pair, 1));
  };
  f.forRange(0, arrays.rowCount, (r) => {
    const position = f.let(i32.shl(r, 3));
    const pair = (j: number): Local<"v128"> =>
      f.let(
        f64x2.replaceLane(
          v128.load64Zero(i32.add(cotangents[j], position)),
          1,
          f64.load(i32.add(cotangents[j + 1], position)),
        ),
      );
    const early = pair(0);
    const late = pair(2);
    f.if(v128.anyTrue(v128.or(f64x2.ne(early, 0), f64x2.ne(late, 0))), () => {
      const ownEarly = f.let(v128.load(own));
      const ownLate = f.let(v128.load(own, 16));
      const column = f.let(i32.add(arrays.columns, i32.shl(element(arrays.rowOffsets, r), 2)));
      const gradient = f.let(i32.add(entryGradient, i32.shl(element(arrays.rowOffsets, r), 3)));
      const add = (isClosing: boolean): void => {
        const there = f.let(i32.add(vectors, i32.shl(i32.load(column), 5)));
        const difference = (offset: number, here: Expression<"v128">): Expression<"v128"> => {
          const value = v128.load(there, offset);
          return isClosing ? f64x2.sub(value, here) : value;
        };
        const sum = four(f64x2.mul(early, difference(0, ownEarly)), f64x2.mul(late, difference(16, ownLate)));
        f.store(f64, gradient, f64.add(f64.load(gradient), sum));
        f.set(column, i32.add(column, 4));
        f.set(gradient, i32.add(gradient, 8));
      };
      const closingEnd = f.let(element(arrays.closingEnds, r));
      f.forRange(element(arrays.rowOffsets, r), closingEnd, () => add(true));
      f.forRange(closingEnd, element(arrays.rowOffsets, r, 1), () => add(false));
      const sum = four(f64x2.mul(early, ownEarly), f64x2.mul(late, ownLate));
      f.store(f64, row, f64.sub(f64.load(row), sum));
    });
    f.set(own, i32.add(own, 8 * blockSteps));
    f.set(row, i32.add(row, 8));
  });
}

/** The gradients of four steps (or of one) in all lanes; the lanes of a row are taken two by two, to fit the registers. */
function addSteps(
  f: FunctionBuilder,
  kernel: LaneKernel,
  operator: Expression<"i32">,
  cotangents: readonly Address[],
  vectors: readonly Address[],
  entryGradient: Address,
  rowGradient: Address,
): void {
  const arrays = readOperator(f, operator, "rowCount", "rowOffsets", "closingEnds", "columns");
  const sumOf = (terms: readonly Expression<"v128">[]): Expression<"v128"> =>
    terms.length === 1 ? terms[0] : f64x2.add(f64x2.add(terms[0], terms[2]), f64x2.add(terms[1], terms[3]));
  f.forRange(0, arrays.rowCount, (r) => {
    const closingEnd = f.let(element(arrays.closingEnds, r));
    const position = f.let(i32.shl(r, kernel.shift));
    for (let part = 0; part < kernel.lanes.count / 2; part++) {
      const offset = 16 * part;
      const c = cotangents.map((base) => f.let(v128.load(i32.add(base, position), offset)));
      const isMoving = c.map((value) => f64x2.ne(value, 0)).reduce((any, mask) => v128.or(any, mask));
      f.if(v128.anyTrue(isMoving), () => {
        const own = vectors.map((base) => f.let(v128.load(i32.add(base, position), offset)));
        const add = (e: Address, isClosing: boolean): void => {
          const there = f.let(i32.shl(element(arrays.columns, e), kernel.shift));
          const terms = c.map((weight, j) => {
            const value = v128.load(i32.add(vectors[j], there), offset);
            return f64x2.mul(weight, isClosing ? f64x2.sub(value, own[j]) : value);
          });
          const address = f.let(kernel.at(entryGradient, e));
          f.store(v128, address, f64x2.add(v128.load(address, offset), sumOf(terms)), offset);
        };
        f.forRange(element(arrays.rowOffsets, r), closingEnd, (e) => add(e, true));
        f.forRange(closingEnd, element(arrays.rowOffsets, r, 1), (e) => add(e, false));
        const address = f.let(i32.add(rowGradient, position));
        const sum = sumOf(c.map((weight, j) => f64x2.mul(weight, own[j])));
        f.store(v128, address, f64x2.sub(v128.load(address, offset), sum), offset);
      });
    }
  });
}

function exportAddEdgeProducts(module: ModuleBuilder, kernel: LaneKernel): void {
  module.export(
    "addEdgeProducts",
    ["i32", "i32", "i32", "i32", "i32"],
    "none",
    (f, operator, cotangent, vector, entryGradient, rowGradient) => {
      if (kernel.lanes.count > 1) {
        addSteps(f, kernel, operator, [cotangent], [vector], entryGradient, rowGradient);
        return;
      }
      const arrays = readOperator(f, operator, "rowCount", "rowOffsets", "closingEnds", "columns");
      const at = (base: Address, index: Address): Expression<"f64"> =>
        f64.load(i32.add(base, i32.shl(index, 3)));
      const accumulate = (base: Address, index: Address, value: Expression<"f64">): void => {
        const address = f.let(i32.add(base, i32.shl(index, 3)));
        f.store(f64, address, f64.add(f64.load(address), value));
      };
      f.forRange(0, arrays.rowCount, (r) => {
        const weight = f.let(at(cotangent, r));
        f.if(f64.ne(weight, 0), () => {
          const own = f.let(at(vector, r));
          const closingEnd = f.let(element(arrays.closingEnds, r));
          f.forRange(element(arrays.rowOffsets, r), closingEnd, (e) => {
            const value = at(vector, f.let(element(arrays.columns, e)));
            accumulate(entryGradient, e, f64.mul(weight, f64.sub(value, own)));
          });
          f.forRange(closingEnd, element(arrays.rowOffsets, r, 1), (e) => {
            accumulate(entryGradient, e, f64.mul(weight, at(vector, f.let(element(arrays.columns, e)))));
          });
          accumulate(rowGradient, r, f64.neg(f64.mul(weight, own)));
        });
      });
    },
  );
}
