// Sums and products of whole arrays in WebAssembly; lanes need no attention here, they are part of the length.
import { at, f64Lanes, i32, ModuleBuilder } from "../../wasm/index.ts";
import type { Expression, FunctionBuilder, Lanes, LaneValue } from "../../wasm/index.ts";

const pair = f64Lanes(2);
const single = f64Lanes(1);

/**
 * A module with `addScaled(count, factor, x, target)`: target += factor · x, and `addScaledProduct(count, factor, x,
 * y, target)`: target += factor · (x · y).
 */
export function vectorModule(): ModuleBuilder {
  const module = new ModuleBuilder();
  module.export("addScaled", ["i32", "f64", "i32", "i32"], "none", (f, count, factor, x, target) => {
    eachElement(f, count, [x, target], (lanes, [own, sum]) =>
      lanes.add(sum, lanes.mul(lanes.splat(factor), own)),
    );
  });
  module.export(
    "addScaledProduct",
    ["i32", "f64", "i32", "i32", "i32"],
    "none",
    (f, count, factor, x, y, target) => {
      eachElement(f, count, [x, y, target], (lanes, [left, right, sum]) =>
        lanes.add(sum, lanes.mul(lanes.splat(factor), lanes.mul(left, right))),
      );
    },
  );
  return module;
}

/** Replaces each element of the last array by a function of those of all arrays. */
function eachElement(
  f: FunctionBuilder,
  count: Expression<"i32">,
  arrays: readonly Expression<"i32">[],
  result: (lanes: Lanes, values: readonly LaneValue[]) => LaneValue,
): void {
  const pairs = f.let(i32.shrU(count, 1));
  const step = (lanes: Lanes, index: Expression<"i32">): void => {
    const addresses = arrays.map((array) => f.let(at(array, index, 3)));
    const values = addresses.map((address) => lanes.let(f, lanes.load(address)));
    lanes.store(f, addresses[addresses.length - 1], result(lanes, values));
  };
  f.forRange(0, pairs, (i) => step(pair, f.let(i32.shl(i, 1))));
  f.if(i32.and(count, 1), () => step(single, f.let(i32.sub(count, 1))));
}
