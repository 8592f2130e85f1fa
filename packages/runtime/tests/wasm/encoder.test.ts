// The encoder against the engine: LEB128, random expressions against an evaluator, control flow.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  at,
  ByteWriter,
  f32,
  f64,
  f64x2,
  i32,
  i64,
  i8,
  KernelHost,
  ModuleBuilder,
  select,
  v128,
  validateModule,
} from "../../src/wasm/index.ts";
import type { Expression, Local } from "../../src/wasm/index.ts";

const host = new KernelHost(1);

function readUnsigned(bytes: Uint8Array): number {
  let value = 0;
  bytes.forEach((byte, i) => (value += (byte & 0x7f) * 2 ** (7 * i)));
  return value;
}

function readSigned(bytes: Uint8Array): bigint {
  let value = 0n;
  bytes.forEach((byte, i) => (value |= BigInt(byte & 0x7f) << BigInt(7 * i)));
  return BigInt.asIntN(7 * bytes.length, value);
}

test.prop([fc.nat(0xffffffff)])("unsigned LEB128 reads back and is shortest", (value) => {
  const writer = new ByteWriter();
  writer.unsigned(value);
  const bytes = writer.toBytes();
  expect(readUnsigned(bytes)).toBe(value);
  expect(bytes.length).toBe(Math.max(1, Math.ceil((32 - Math.clz32(value)) / 7)));
  expect(bytes.every((byte, i) => byte >= 0x80 === i < bytes.length - 1)).toBe(true);
});

test.prop([fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })])("signed LEB128 reads back", (value) => {
  const writer = new ByteWriter();
  writer.signed64(value);
  expect(readSigned(writer.toBytes())).toBe(value);
  const narrow = Number(BigInt.asIntN(32, value));
  const second = new ByteWriter();
  second.signed32(narrow);
  expect(readSigned(second.toBytes())).toBe(BigInt(narrow));
});

/** A random expression: the tree for the assembler and the function it must equal. */
interface Sample<T extends "i32" | "f64"> {
  readonly build: (x: Local<"f64">, n: Local<"i32">) => Expression<T>;
  readonly evaluate: (x: number, n: number) => number;
}

const doubles: [
  keyof typeof f64 & ("add" | "sub" | "mul" | "div" | "min" | "max"),
  (a: number, b: number) => number,
][] = [
  ["add", (a, b) => a + b],
  ["sub", (a, b) => a - b],
  ["mul", (a, b) => a * b],
  ["div", (a, b) => a / b],
  ["min", Math.min],
  ["max", Math.max],
];
const singles: ["abs" | "neg" | "sqrt" | "floor" | "ceil" | "trunc", (a: number) => number][] = [
  ["abs", Math.abs],
  ["neg", (a) => -a],
  ["sqrt", Math.sqrt],
  ["floor", Math.floor],
  ["ceil", Math.ceil],
  ["trunc", Math.trunc],
];
const integers: [
  "add" | "sub" | "mul" | "and" | "or" | "xor" | "shl" | "shrS" | "shrU",
  (a: number, b: number) => number,
][] = [
  ["add", (a, b) => (a + b) | 0],
  ["sub", (a, b) => (a - b) | 0],
  ["mul", Math.imul],
  ["and", (a, b) => a & b],
  ["or", (a, b) => a | b],
  ["xor", (a, b) => a ^ b],
  ["shl", (a, b) => a << b],
  ["shrS", (a, b) => a >> b],
  ["shrU", (a, b) => (a >>> b) | 0],
];
const comparisons: ["eq" | "ne" | "lt" | "gt" | "le" | "ge", (a: number, b: number) => boolean][] = [
  ["eq", (a, b) => a === b],
  ["ne", (a, b) => a !== b],
  ["lt", (a, b) => a < b],
  ["gt", (a, b) => a > b],
  ["le", (a, b) => a <= b],
  ["ge", (a, b) => a >= b],
];

const { real } = fc.letrec<{ real: Sample<"f64">; whole: Sample<"i32"> }>((tie) => ({
  real: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      fc.double().map((value): Sample<"f64"> => ({ build: () => f64.const(value), evaluate: () => value })),
      fc.constant<Sample<"f64">>({ build: (x) => x, evaluate: (x) => x }),
    ),
    fc
      .tuple(fc.constantFrom(...doubles), tie("real"), tie("real"))
      .map(([[name, evaluate], a, b]): Sample<"f64"> => ({
        build: (x, n) => f64[name](a.build(x, n), b.build(x, n)),
        evaluate: (x, n) => evaluate(a.evaluate(x, n), b.evaluate(x, n)),
      })),
    fc.tuple(fc.constantFrom(...singles), tie("real")).map(([[name, evaluate], a]): Sample<"f64"> => ({
      build: (x, n) => f64[name](a.build(x, n)),
      evaluate: (x, n) => evaluate(a.evaluate(x, n)),
    })),
    fc.tuple(tie("whole"), tie("real"), tie("real")).map(([c, a, b]): Sample<"f64"> => ({
      build: (x, n) => select("f64", c.build(x, n), a.build(x, n), b.build(x, n)),
      evaluate: (x, n) => (c.evaluate(x, n) === 0 ? b.evaluate(x, n) : a.evaluate(x, n)),
    })),
    tie("whole").map((a): Sample<"f64"> => ({
      build: (x, n) => f64.convertI32S(a.build(x, n)),
      evaluate: (x, n) => a.evaluate(x, n),
    })),
  ),
  whole: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      fc.integer().map((value): Sample<"i32"> => ({ build: () => i32.const(value), evaluate: () => value })),
      fc.constant<Sample<"i32">>({ build: (_, n) => n, evaluate: (_, n) => n }),
    ),
    fc
      .tuple(fc.constantFrom(...integers), tie("whole"), tie("whole"))
      .map(([[name, evaluate], a, b]): Sample<"i32"> => ({
        build: (x, n) => i32[name](a.build(x, n), b.build(x, n)),
        evaluate: (x, n) => evaluate(a.evaluate(x, n), b.evaluate(x, n)),
      })),
    fc
      .tuple(fc.constantFrom(...comparisons), tie("real"), tie("real"))
      .map(([[name, evaluate], a, b]): Sample<"i32"> => ({
        build: (x, n) => f64[name](a.build(x, n), b.build(x, n)),
        evaluate: (x, n) => Number(evaluate(a.evaluate(x, n), b.evaluate(x, n))),
      })),
  ),
}));

test.prop([real, fc.double(), fc.integer()])("a random expression computes what it says", (sample, x, n) => {
  const module = new ModuleBuilder();
  module.export("f", ["f64", "i32"], "f64", (f, a, b) => f.return(sample.build(a, b)));
  const bytes = module.encode();
  expect(validateModule(bytes)).toBe(true);
  expect(host.build(module)["f"]?.(x, n)).toBe(sample.evaluate(x, n));
});

test("a dot product reads like a program", () => {
  const module = new ModuleBuilder();
  module.export("dot", ["i32", "i32", "i32"], "f64", (f, a, b, count) => {
    const sum = f.let(f64.const(0));
    f.forRange(0, count, (i) => {
      f.set(sum, f64.add(sum, f64.mul(f64.load(at(a, i, 3)), f64.load(at(b, i, 3)))));
    });
    f.return(sum);
  });
  const arena = host.arena();
  const a = arena.place(Float64Array.of(1, 2, 3));
  const b = arena.place(Float64Array.of(4, 5, 6));
  const { dot } = host.build(module);
  expect(dot?.(a, b, 3)).toBe(32);
  expect(dot?.(a, b, 0)).toBe(0);
  arena.release();
});

test("loops, branches, switches and calls", () => {
  const module = new ModuleBuilder();
  const factorial = module.function(["i32"], "i32", (f, n) => {
    const product = f.let(i32.const(1));
    f.forRange(n, 0, (i) => f.set(product, i32.mul(product, i)), { step: -1 });
    f.return(product);
  });
  module.export("choose", ["i32", "i32"], "i32", (f, selector, n) => {
    const result = f.local("i32");
    f.switch(
      selector,
      [
        () => f.set(result, f.call(factorial, n)),
        () => f.set(result, i32.sub(0, n)),
        () => {
          f.set(result, 0);
          f.while(
            () => i32.gtS(n, 0),
            () => {
              f.set(result, i32.add(result, n));
              f.set(n, i32.sub(n, 1));
            },
          );
        },
      ],
      () => f.set(result, -1),
    );
    f.return(result);
  });
  module.export("firstAbove", ["i32", "i32", "i32"], "i32", (f, address, count, bound) => {
    const found = f.let(i32.const(-1));
    f.block((exit) => {
      f.forRange(0, count, (i) => {
        f.if(
          i32.gtS(i32.load(at(address, i, 2)), bound),
          () => {
            f.set(found, i);
            f.branch(exit);
          },
          () => f.set(found, -2),
        );
      });
    });
    f.return(found);
  });
  const { choose, firstAbove } = host.build(module);
  expect([0, 1, 2, 3, 99].map((selector) => choose?.(selector, 5))).toEqual([120, -5, 15, -1, -1]);
  const arena = host.arena();
  const address = arena.place(Int32Array.of(1, 5, 9));
  expect([4, 0, 10].map((bound) => firstAbove?.(address, 3, bound))).toEqual([1, 0, -2]);
  arena.release();
});

test("a local of a closed block is used again", () => {
  const module = new ModuleBuilder();
  let indices: number[] = [];
  module.export("f", [], "none", (f) => {
    indices = [0, 1, 2].map(() => {
      let index = -1;
      f.block(() => (index = f.let(f64.const(1)).index));
      return index;
    });
  });
  expect(new Set(indices).size).toBe(1);
  expect(validateModule(module.encode())).toBe(true);
});

test("a deep expression does not overflow the stack", () => {
  const module = new ModuleBuilder();
  module.export("f", ["f64"], "f64", (f, x) => {
    let sum: Expression<"f64"> = x;
    for (let i = 0; i < 50_000; i++) sum = f64.add(x, sum);
    f.return(sum);
  });
  expect(validateModule(module.encode())).toBe(true);
});

test("memory: bytes, 64-bit integers, floats, vectors, copy and fill", () => {
  const module = new ModuleBuilder();
  module.export("f", ["i32"], "none", (f, address) => {
    f.fillMemory(address, 0xab, 64);
    f.store(i8, address, 7);
    f.store(i64, address, i64.add(i64.load(address), 1n), 8);
    f.store(f32, address, f32.demoteF64(f64.const(1 / 3)), 16);
    f.store(v128, address, f64x2.div(f64x2.const(1, 2), 3), 24);
    f.copyMemory(i32.add(address, 40), address, 8);
    f.store(f64, address, f64x2.extractLane(v128.load(address, 24), 1), 48);
  });
  const address = host.allocate(64);
  host.build(module)["f"]?.(address);
  expect(host.u8[address]).toBe(7);
  expect(new BigInt64Array(host.u8.buffer)[address / 8 + 1]).toBe(
    BigInt.asIntN(64, 0xabababababab_ab07n + 1n),
  );
  expect(host.f32[address / 4 + 4]).toBe(Math.fround(1 / 3));
  expect([...host.f64.subarray(address / 8 + 3, address / 8 + 5)]).toEqual([1 / 3, 2 / 3]);
  expect(host.u8[address + 40]).toBe(7);
  expect(host.f64[address / 8 + 6]).toBe(2 / 3);
  host.free(address, 64);
});

test("a module that is compiled asynchronously runs on the same memory", async () => {
  const module = new ModuleBuilder();
  module.export("read", ["i32"], "f64", (f, address) => f.return(f64.load(address)));
  const { read } = await host.buildAsync(module);
  const arena = host.arena();
  expect(read(arena.place(Float64Array.of(4.5)))).toBe(4.5);
  arena.release();
});
