// Programs: their printed form, passes, serialised forms, and that nothing depends on their length but time.
import { readFileSync } from "node:fs";
import { fc, test as lawTest } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { array, asValue } from "../src/as-value.ts";
import { cond } from "../src/control/cond.ts";
import { condPrimitive } from "../src/control/cond-primitive.ts";
import { scan } from "../src/control/scan.ts";
import { scanPrimitive } from "../src/control/scan-primitive.ts";
import { interpreterDevice } from "../src/device.ts";
import { callProgram, evaluateProgram } from "../src/evaluate-program.ts";
import { NdArray } from "../src/ndarray.ts";
import { mergeCommonSubexpressions } from "../src/passes/common-subexpressions.ts";
import { eliminateDeadCode, pruneInputs, selectOutputs } from "../src/passes/dead-code.ts";
import { inlineCalls } from "../src/passes/inline-calls.ts";
import { fromPlain, toPlain } from "../src/passes/plain-program.ts";
import { programFromBytes, programHash, programToBytes } from "../src/passes/program-bytes.ts";
import { simplify } from "../src/passes/simplify.ts";
import { validateProgram } from "../src/passes/validate.ts";
import type { Primitive } from "../src/primitive.ts";
import "../src/numpy/install.ts";
import { add, mul, neg } from "../src/primitives/arithmetic.ts";
import { csrFromBytes, csrPattern } from "../src/primitives/csr-structure.ts";
import { primitives } from "../src/primitives/index.ts";
import { csrMatvec } from "../src/primitives/sparse.ts";
import { cos, sin } from "../src/primitives/trigonometric.ts";
import type { Program } from "../src/program.ts";
import type { Value } from "../src/trace.ts";
import { grad } from "../src/transforms/grad.ts";
import { makeJit } from "../src/transforms/jit.ts";
import { makeProgram } from "../src/transforms/make-program.ts";

const jit = makeJit(interpreterDevice);
const byName = new Map<string, Primitive>(
  [...primitives, scanPrimitive as Primitive, condPrimitive as Primitive].map((p) => [p.name, p]),
);
const decoders = {
  primitive: (name: string) => byName.get(name),
  structure: (kind: string, bytes: Uint8Array) => (kind.startsWith("csr") ? csrFromBytes(bytes) : undefined),
};
const loop = (x: Value, n: Value): Value =>
  scan((c: Value, s: Value) => [mul(c, n), add(c, s)] as const, x, array([1, 2]))[0];

describe("the printed form", () => {
  test("is the one that the documentation shows", () => {
    const f = (x: Value, k: Value): Value => {
      const [last, steps] = scan((c: Value, s: Value) => [c.mul(k).add(s), c] as const, x, array([1, 2]));
      return last.sin().add(steps.sum());
    };
    const page = readFileSync(new URL("../../../docs/programs.md", import.meta.url), "utf8");
    expect(page).toContain("```text\n" + String(makeProgram(f)(0.5, 2)) + "\n```");
  });

  test("of a straight program", () => {
    const program = makeProgram((x: Value, y: Value) => [mul(sin(x), y), add(x, asValue(0.5))])(
      array([1, 2]),
      3,
    );
    expect(String(program)).toMatchInlineSnapshot(`
      "program(v0: f64[2], v1: f64~[]) {
        v2: f64~[] = constant 0.5
        v3: f64[2] = sin v0
        v4: f64[2] = mul v3 v1
        v5: f64[2] = add v0 v2
        return v4 v5
      }"
    `);
  });

  test("of a loop and a branch", () => {
    const program = makeProgram((x: Value) => cond(array(true), (y: Value) => loop(y, x), neg, x))(1);
    expect(String(program)).toMatchInlineSnapshot(`
      "program(v0: f64~[]) {
        v1: i32[] = constant 1
        v2: f64~[] = cond[branches=[{…},{…}]] v1 v0 v0
          branches.0 = program(v0: f64~[], v1: f64~[]) {
            v2: f64~[] = neg v0
            return v2
          }
          branches.1 = program(v0: f64~[], v1: f64~[]) {
            v2: f64~[] = scan[carryCount=1 checkpoint=true length=2 program={…} reverse=false sliceCount=0] v0 v1
              program = program(v0: f64~[], v1: f64~[]) {
                v2: f64~[] = mul v0 v1
                return v2
              }
            return v2
          }
        return v2
      }"
    `);
  });

  test("of constants, weak types and structures", () => {
    const pattern = csrPattern({
      columnCount: 2,
      rowOffsets: Int32Array.of(0, 1, 2),
      columns: Int32Array.of(1, 0),
    });
    const program = makeProgram((x: Value) => mul(csrMatvec(pattern, array([1, 2]), x), array([-0, NaN])))(
      array([1, 2]),
    );
    expect(String(program)).toMatchInlineSnapshot(`
      "program(v0: f64[2]) {
        v1: f64[2] = constant [1 2]
        v2: f64[2] = constant [-0 NaN]
        v3: f64[2] = csrMatvec[pattern=<csr-pattern 36bd82937e77> transposed=false] v1 v0
        v4: f64[2] = mul v3 v2
        return v4
      }"
    `);
    const long = makeProgram((x: Value) => mul(x, new NdArray(new Float64Array(100), [100], "f64")))(
      new Float64Array(100),
    );
    expect(String(long)).toContain("constant [0 0 0 … 100 elements]");
  });
});

/** Random straight programs over two inputs, with dead and repeated work. */
const programs = fc
  .array(fc.tuple(fc.constantFrom("add", "mul", "neg", "sin"), fc.nat(), fc.nat()), { maxLength: 30 })
  .map((steps) =>
    makeProgram((x: Value, y: Value) => {
      const values: Value[] = [x, y, array(0.5)];
      for (const [operation, i, j] of steps) {
        const [a, b] = [values[i % values.length], values[j % values.length]];
        values.push(
          operation === "add"
            ? add(a, b)
            : operation === "mul"
              ? mul(a, b)
              : operation === "neg"
                ? neg(a)
                : sin(a),
        );
      }
      return values.slice(-2);
    })(array(0), array(0)),
  );
const run = (program: Program, x: number, y: number): number[] =>
  evaluateProgram(program, [array(x), array(y)]).map((value) => value.item());

describe("passes", () => {
  const real = fc.double({ min: -2, max: 2, noNaN: true });
  lawTest.prop([programs, real, real])(
    "keep every bit of the outputs, and valid programs",
    (program, x, y) => {
      validateProgram(program);
      const expected = run(program, x, y);
      for (const pass of [eliminateDeadCode, mergeCommonSubexpressions, simplify]) {
        const result = pass(program);
        validateProgram(result);
        expect(result.equationCount).toBeLessThanOrEqual(program.equationCount);
        expect(run(result, x, y)).toEqual(expected);
      }
      expect(run(selectOutputs(program, [1, 0]), x, y)).toEqual(expected.toReversed());
      const decoded = programFromBytes(programToBytes(program), decoders);
      validateProgram(decoded);
      expect(run(decoded, x, y)).toEqual(expected);
      expect(programHash(decoded)).toBe(programHash(program));
      expect(callProgram(program, [array(x), array(y)]).map((value) => value.js())).toEqual(expected);
    },
  );

  test("equal work is done once, dead work not at all", () => {
    const program = makeProgram((x: Value) => {
      cos(x);
      return add(mul(sin(x), x), mul(sin(x), x));
    })(1);
    expect(program.equationCount).toBe(6);
    expect(simplify(program).equationCount).toBe(3);
  });

  test("unused inputs can be pruned", () => {
    const { program, inputs } = pruneInputs(makeProgram((_x: Value, y: Value, _z: Value) => sin(y))(1, 2, 3));
    expect(inputs).toEqual([1]);
    expect(evaluateProgram(program, [array(2)])[0].item()).toBe(Math.sin(2));
  });

  test("loops and branches lose what nobody needs of them", () => {
    const body = (
      c: readonly [Value, Value, Value],
      x: readonly [Value, Value],
    ): readonly [Value[], Value[]] => [
      [mul(c[0], x[0]), add(c[1], c[0]), add(c[2], x[1])],
      [sin(c[1]), cos(c[2])],
    ];
    const whole = (start: Value): readonly [readonly Value[], readonly Value[]] =>
      scan(body as never, [start, start, start], [array([1, 2]), array([3, 4])]) as never;
    const equations = (f: (x: Value) => Value): readonly number[] => {
      const program = simplify(makeProgram(f)(1));
      validateProgram(program);
      expect(evaluateProgram(program, [asValue(3) as NdArray])[0].js()).toEqual(f(asValue(3)).js());
      const loops = program.parameters.map((parameters) => parameters["program"] as Program | undefined);
      return loops.flatMap((inner) => (inner === undefined ? [] : [inner.equationCount]));
    };
    expect(equations((x) => whole(x)[0][0])).toEqual([1]);
    expect(equations((x) => whole(x)[0][1])).toEqual([2]);
    expect(equations((x) => whole(x)[1][0])).toEqual([3]);
    expect(equations((x) => whole(x)[1][1])).toEqual([2]);
    const branches = makeProgram((p: Value, x: Value, y: Value) => {
      const both = cond(
        p,
        (a: Value, b: Value) => [sin(a), cos(b)] as const,
        (a: Value, b: Value) => [cos(a), b] as const,
        x,
        y,
      );
      return both[1];
    })(array(true), 1, 2);
    const pruned = simplify(branches);
    validateProgram(pruned);
    expect(
      pruned.parameters
        .flatMap((p) => (p["branches"] as readonly Program[] | undefined) ?? [])
        .map((b) => [b.inputCount, b.equationCount]),
    ).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  test("what a loop computes from outer values alone is computed once, before it", () => {
    const program = simplify(
      makeProgram(
        (k: Value) =>
          scan(
            (c: Value, x: Value) => [mul(c, add(sin(cos(k)), x)), mul(k, k)] as const,
            array(1),
            array([1, 2]),
          )[0],
      )(2),
    );
    const inner = program.parameters
      .map((p) => p["program"] as Program | undefined)
      .find((p) => p !== undefined);
    expect(inner?.equationCount).toBe(2);
    expect(program.equationCount).toBe(3);
    const expected = Math.sin(Math.cos(2));
    expect(evaluateProgram(program, [asValue(2) as NdArray])[0].item()).toBeCloseTo(
      (expected + 1) * (expected + 2),
      14,
    );
  });

  test("calls are inlined, however deep", () => {
    let f = (x: Value): Value => sin(x);
    for (let depth = 0; depth < 50; depth++) f = jit(f);
    const program = makeProgram((x: Value) => mul(f(x), f(x)))(1);
    const flat = inlineCalls(program, () => true);
    expect(simplify(flat).equationCount).toBe(2);
    validateProgram(flat);
    expect(evaluateProgram(flat, [array(2)])[0].item()).toBe(evaluateProgram(program, [array(2)])[0].item());
  });
});

describe("stored programs", () => {
  const pattern = csrPattern({
    columnCount: 2,
    rowOffsets: Int32Array.of(0, 1, 2),
    columns: Int32Array.of(1, 0),
  });
  const whole = makeProgram((x: Value) => {
    const branch = cond(
      array(false),
      (y: Value) => loop(y, y),
      (y: Value) => loop(y, array(2)),
      x,
    );
    return mul(branch, csrMatvec(pattern, array([3, Infinity]), mul(x, array([1, 2]))));
  })(array(0.5));

  test("keep loops, structures and constants", () => {
    const expected = evaluateProgram(whole, [array(0.5)])[0].js();
    for (const copy of [
      programFromBytes(programToBytes(whole), decoders),
      fromPlain(structuredClone(toPlain(whole)), decoders),
    ]) {
      validateProgram(copy);
      expect(evaluateProgram(copy, [array(0.5)])[0].js()).toEqual(expected);
      expect(String(copy)).toBe(String(whole));
      expect(programHash(copy)).toBe(programHash(whole));
    }
    expect(programHash(whole)).not.toBe(programHash(simplify(makeProgram((x: Value) => x)(1))));
  });

  test("that are damaged or foreign are refused", () => {
    const bytes = programToBytes(whole);
    expect(() => programFromBytes(new Uint8Array(4), decoders)).toThrow("PHX941");
    for (const length of [12, 100, bytes.length - 8]) {
      expect(() => programFromBytes(bytes.slice(0, length), decoders)).toThrow("PHX941");
    }
    expect(() => programFromBytes(bytes, { primitive: () => undefined })).toThrow("PHX941");
    expect(() => programFromBytes(bytes, { primitive: decoders.primitive })).toThrow("PHX941");
    const scrambled = bytes.slice();
    scrambled[20] = 0;
    expect(() => programFromBytes(scrambled, decoders)).toThrow("PHX941");
  });
});

describe("long programs", () => {
  const count = 100_000;
  const chainOf =
    (length: number) =>
    (x: Value): Value => {
      let y = x;
      for (let i = 0; i < length; i += 2) y = mul(sin(y), x);
      return y;
    };
  const chain = chainOf(count);

  test("of 100,000 equations go through grad, jit and every pass without deep recursion", () => {
    const eager = grad(chain)(array(1.1)).item();
    expect(Number.isFinite(eager)).toBe(true);
    expect(jit(grad(chain))(array(1.1)).item()).toBeCloseTo(eager, 12);
    const shorter = chainOf(20_000);
    expect(grad(jit(shorter))(array(1.1)).item()).toBeCloseTo(grad(shorter)(array(1.1)).item(), 12);
    const program = makeProgram(chain)(array(1.1));
    expect(program.equationCount).toBe(count);
    validateProgram(program);
    expect(simplify(program).equationCount).toBe(count);
    expect(programFromBytes(programToBytes(program), decoders).equationCount).toBe(count);
    expect(String(program).split("\n")).toHaveLength(count + 3);
  });

  test("called 100,000 times leave no memory behind", () => {
    const step = jit(grad((x: Value) => mul(sin(x), x)));
    const settled = (calls: number): number => {
      for (let i = 0; i < calls; i++) step(1.5);
      globalThis.gc?.();
      return process.memoryUsage().heapUsed;
    };
    const before = settled(10_000);
    const after = settled(100_000);
    // Without a forced collection the heap may hold garbage; 64 MB is far below 100,000 kept results.
    expect(after - before).toBeLessThan(64 * 2 ** 20);
  });
});
