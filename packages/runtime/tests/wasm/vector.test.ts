// Vector instructions equal their scalar twins lane by lane; lanes of any count give the same bits.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  f32,
  f32x4,
  f64,
  f64Lanes,
  f64x2,
  i32,
  i32x4,
  i64,
  i64x2,
  KernelHost,
  ModuleBuilder,
  v128,
} from "../../src/wasm/index.ts";
import type { LaneValue } from "../../src/wasm/index.ts";

const host = new KernelHost(1);
const a = host.allocate(16);
const b = host.allocate(16);
const fromVector = host.allocate(16);
const fromScalar = host.allocate(16);

const floatBinary = ["add", "sub", "mul", "div", "min", "max"] as const;
const floatUnary = ["abs", "neg", "sqrt", "ceil", "floor", "trunc", "nearest"] as const;
const floatCompare = ["eq", "ne", "lt", "gt", "le", "ge"] as const;
const wholeBinary = ["add", "sub", "mul"] as const;
const wholeCompare = ["eq", "ne", "ltS", "ltU", "gtS", "gtU", "leS", "leU", "geS", "geU"] as const;
const shifts = ["shl", "shrS", "shrU"] as const;

/** One exported function per instruction; each stores the vector result and the scalar results. */
const module = new ModuleBuilder();
const lanes = { f64: [0, 8], f32: [0, 4, 8, 12], i32: [0, 4, 8, 12], i64: [0, 8] } as const;
const x = v128.load(a);
const y = v128.load(b);
for (const name of floatBinary) {
  module.export(`f64.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, f64x2[name](x, y));
    for (const at of lanes.f64) f.store(f64, fromScalar, f64[name](f64.load(a, at), f64.load(b, at)), at);
  });
  module.export(`f32.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, f32x4[name](x, y));
    for (const at of lanes.f32) f.store(f32, fromScalar, f32[name](f32.load(a, at), f32.load(b, at)), at);
  });
}
for (const name of floatUnary) {
  module.export(`f64.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, f64x2[name](x));
    for (const at of lanes.f64) f.store(f64, fromScalar, f64[name](f64.load(a, at)), at);
  });
  module.export(`f32.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, f32x4[name](x));
    for (const at of lanes.f32) f.store(f32, fromScalar, f32[name](f32.load(a, at)), at);
  });
}
for (const name of floatCompare) {
  module.export(`f64.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, f64x2[name](x, y));
    for (const at of lanes.f64) {
      const holds = f64[name](f64.load(a, at), f64.load(b, at));
      f.store(i64, fromScalar, i64.sub(0n, i64.extendI32U(holds)), at);
    }
  });
  module.export(`f32.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, f32x4[name](x, y));
    for (const at of lanes.f32) {
      f.store(i32, fromScalar, i32.sub(0, f32[name](f32.load(a, at), f32.load(b, at))), at);
    }
  });
}
for (const name of wholeBinary) {
  module.export(`i32.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, i32x4[name](x, y));
    for (const at of lanes.i32) f.store(i32, fromScalar, i32[name](i32.load(a, at), i32.load(b, at)), at);
  });
  module.export(`i64.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, i64x2[name](x, y));
    for (const at of lanes.i64) f.store(i64, fromScalar, i64[name](i64.load(a, at), i64.load(b, at)), at);
  });
}
for (const name of wholeCompare) {
  module.export(`i32.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, i32x4[name](x, y));
    for (const at of lanes.i32) {
      f.store(i32, fromScalar, i32.sub(0, i32[name](i32.load(a, at), i32.load(b, at))), at);
    }
  });
}
for (const name of shifts) {
  module.export(`i32.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, i32x4[name](x, i32.load(b)));
    for (const at of lanes.i32) f.store(i32, fromScalar, i32[name](i32.load(a, at), i32.load(b)), at);
  });
  module.export(`i64.${name}`, [], "none", (f) => {
    f.store(v128, fromVector, i64x2[name](x, i32.load(b)));
    for (const at of lanes.i64) {
      f.store(i64, fromScalar, i64[name](i64.load(a, at), i64.extendI32U(i32.load(b))), at);
    }
  });
}
const kernels = host.build(module);

/** Bytes of 16, biased towards special doubles and floats. */
const register = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc.tuple(fc.double(), fc.double()).map((pair) => new Uint8Array(Float64Array.from(pair).buffer)),
  fc
    .tuple(fc.float(), fc.float(), fc.float(), fc.float())
    .map((four) => new Uint8Array(Float32Array.from(four).buffer)),
  fc.constantFrom(0, 1, -1, 0.5, -2.5).map((value) => new Uint8Array(Float64Array.of(value, -value).buffer)),
);

/** NaN payloads are free in WebAssembly; equal up to them. */
function canonical(address: number, name: string): Uint8Array | Float64Array | Float32Array {
  if (/\.(eq|ne|lt|gt|le|ge)/.test(name) || name.startsWith("i")) return host.u8.slice(address, address + 16);
  return name.startsWith("f64")
    ? host.f64.slice(address / 8, address / 8 + 2)
    : host.f32.slice(address / 4, address / 4 + 4);
}

for (const [name, kernel] of Object.entries(kernels)) {
  test.prop([register, register], { numRuns: 60 })(`${name} acts lane by lane`, (left, right) => {
    host.u8.set(left, a);
    host.u8.set(right, b);
    kernel();
    expect(canonical(fromVector, name)).toEqual(canonical(fromScalar, name));
  });
}

test.prop([fc.array(fc.tuple(fc.double(), fc.double()), { minLength: 8, maxLength: 8 })])(
  "a kernel has the same bits for 1, 2, 4 and 8 lanes",
  (pairs) => {
    const results = [1, 2, 4, 8].map((count) => run(count, pairs));
    for (const result of results) expect(result).toEqual(results[0]);
  },
);

const laneKernels = new Map<number, ReturnType<typeof host.build>>();

/** select(a < b, sqrt(|a / b|) − b, max(a, b) · 3 + min(a, b)) over eight pairs, `count` lanes at a time. */
function run(count: number, pairs: readonly (readonly [number, number])[]): Float64Array {
  let kernel = laneKernels.get(count);
  if (kernel === undefined) {
    const builder = new ModuleBuilder();
    const l = f64Lanes(count);
    builder.export("f", ["i32", "i32", "i32"], "none", (f, left, right, out) => {
      for (let first = 0; first < 8; first += count) {
        const p = l.let(f, l.load(left, 8 * first));
        const q = l.let(f, l.load(right, 8 * first));
        const root: LaneValue = l.sub(l.sqrt(l.abs(l.div(p, q))), q);
        const mixed: LaneValue = l.add(l.mul(l.max(p, q), l.splat(3)), l.min(p, q));
        l.store(f, out, l.select(l.lt(p, q), root, l.neg(mixed)), 8 * first);
      }
    });
    kernel = host.build(builder);
    laneKernels.set(count, kernel);
  }
  const arena = host.arena();
  const left = arena.place(Float64Array.from(pairs, (pair) => pair[0]));
  const right = arena.place(Float64Array.from(pairs, (pair) => pair[1]));
  const out = arena.allocate(64);
  kernel["f"]?.(left, right, out);
  const result = host.f64.slice(out / 8, out / 8 + 8);
  arena.release();
  return result;
}
