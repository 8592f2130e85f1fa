// WebAssembly's functions have the bits of their references: one double, two doubles, written in place.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { f64, i32, i64x2, KernelHost, ModuleBuilder, v128 } from "../../src/wasm/index.ts";
import type { WasmExports } from "../../src/wasm/index.ts";
import * as math from "../../src/wasm/math/index.ts";
import type { MathFunction } from "../../src/wasm/math/index.ts";

const functions = Object.values(math).filter((value): value is MathFunction => "pieces" in value);

const host = new KernelHost(1);
const address = host.allocate(64);

function build(definition: MathFunction): WasmExports {
  const module = new ModuleBuilder();
  const library = new math.MathLibrary(module);
  const inputs = Array.from({ length: definition.arity }, (_, i) => i);
  module.export("scalar", [], "none", (f) => {
    for (const lane of [0, 8]) {
      const x = inputs.map((i) => f64.load(address, 16 * i + lane));
      f.store(f64, address, f.call(library.scalar(definition), ...x), 32 + lane);
    }
  });
  const vectors = inputs.map((i) => v128.load(address, 16 * i));
  module.export("vector", [], "none", (f) => {
    f.store(v128, address, f.call(library.vector(definition), ...vectors), 32);
  });
  // Written in place where the guard stays whole; the function elsewhere.
  module.export("inline", [], "none", (f) => {
    const guard = f.let(i64x2.const(-1n));
    const together = vectors.map((vector) => [vector, vector]);
    f.store(v128, address, library.speculate(f, guard, definition, together)[1], 32);
    f.if(i32.eqz(i64x2.allTrue(guard)), () => {
      f.store(v128, address, f.call(library.vector(definition), ...vectors), 32);
    });
  });
  return host.build(module);
}

/** Doubles of every size, moderate ones, and the neighbourhoods where the pieces meet. */
const corners = [0, 0.25, 0.3, 0.5, 0.7, 0.84375, 1, 1.25, 1.3, 1.7, 2, 3, 4, 6, 8, 20, 22, 26, 27.3, 40, 61]
  .concat([707, 708.4, 709, 709.79, 745, 1e-8, 1e-17, 5.6e-17, 1e9, 1.65e6, 1e22, 1e300, 0.41421356237309503])
  .concat([0.4375, 0.6875, 1.1875, 2.4375, 0.34657359027997264, 0.75, 0.999876, 0.999877, 10, 268435456])
  .concat([0.29289321881345254, 0.7853981633974483, 5e-324, 2.2250738585072014e-308, Infinity]);
const argument = fc.oneof(
  fc.double(),
  fc.double({ min: -10, max: 10 }),
  fc.double({ min: -1000, max: 1000 }),
  fc.double({ min: -1e7, max: 1e7 }),
  fc
    .tuple(fc.constantFrom(...corners), fc.constantFrom(-1, 1), fc.integer({ min: -3, max: 3 }))
    .map(([corner, sign, ulps]) => sign * corner * (1 + ulps * Number.EPSILON)),
);

function expectBits(definition: MathFunction, kernels: WasmExports, x: readonly number[][]): void {
  const first = address / 8;
  x.forEach((pair, i) => host.f64.set(pair, first + 2 * i));
  const expected = [0, 1].map((lane) => definition.reference(...x.map((pair) => pair[lane])));
  for (const variant of ["scalar", "vector", "inline"]) {
    host.f64.fill(-1, first + 4, first + 6);
    kernels[variant]();
    const got = [host.f64[first + 4], host.f64[first + 5]];
    expect({ variant, x, got }).toEqual({ variant, x, got: expected });
  }
}

for (const definition of functions) {
  const kernels = build(definition);
  const pair = fc.tuple(argument, argument).map((both) => [...both]);
  const pairs = fc.array(pair, { minLength: definition.arity, maxLength: definition.arity });
  test.prop([pairs], { numRuns: 1500 })(`${definition.name} has the bits of its reference`, (x) =>
    expectBits(definition, kernels, x),
  );
  test(`${definition.name} on special values`, () => {
    const values = [0, -0, 1, -1, Infinity, -Infinity, NaN, 5e-324, -5e-324, Number.MAX_VALUE, 0.5, 3];
    for (const a of values) {
      for (const b of values)
        expectBits(
          definition,
          kernels,
          definition.arity === 1
            ? [[a, b]]
            : [
                [a, b],
                [b, a],
              ],
        );
    }
  });
}

test.each(functions.map((definition) => [definition.name, definition] as const))(
  "the ordinary range of %s is not left to the reference",
  (name, definition) => {
    let calls = 0;
    const counted: MathFunction = {
      ...definition,
      name: `counted ${name}`,
      reference: (...x) => {
        calls++;
        return definition.reference(...x);
      },
    };
    const pair = name === "acosh" ? [1.5, 3] : [0.3, 0.6];
    const other = [0.7, 0.2];
    expectBits(counted, build(counted), definition.arity === 1 ? [pair] : [pair, other]);
    // Each variant agrees with the two direct calls of the test itself and makes none of its own.
    expect(calls).toBe(2);
  },
);
