// jit and pmap: what is traced again and what is not, static arguments, donation, composition, devices.
import { describe, expect, test } from "vitest";
import { array, asValue } from "../src/as-value.ts";
import { scan } from "../src/control/scan.ts";
import type { Device } from "../src/device.ts";
import { interpreterDevice } from "../src/device.ts";
import { sumOverAxis } from "../src/engine-operations.ts";
import { NdArray } from "../src/ndarray.ts";
import { add, convert, mul } from "../src/primitives/arithmetic.ts";
import { cos, sin } from "../src/primitives/trigonometric.ts";
import type { Value } from "../src/trace.ts";
import { checkpoint } from "../src/transforms/checkpoint.ts";
import { allGather, axisIndex, pmax, pmean, psum } from "../src/transforms/collectives.ts";
import { grad } from "../src/transforms/grad.ts";
import { hessian, jacfwd, jacrev } from "../src/transforms/jacobian.ts";
import { makeJit } from "../src/transforms/jit.ts";
import { makePmap } from "../src/transforms/pmap.ts";
import { TraceCache } from "../src/transforms/trace-cache.ts";
import { vmap } from "../src/transforms/vmap.ts";

const jit = makeJit(interpreterDevice);
const pmap = makePmap(interpreterDevice);
const number = (x: unknown): number => Number(x);

/** A function that counts how often it is traced. */
function counted<A extends readonly unknown[], R>(
  f: (...args: A) => R,
): { f: (...args: A) => R; traces: () => number } {
  let traces = 0;
  return {
    f: (...args: A) => {
      traces += 1;
      return f(...args);
    },
    traces: () => traces,
  };
}

describe("jit traces again", () => {
  test("for another shape, dtype, weakness or tree, not for other values", () => {
    const { f, traces } = counted((x: unknown) => x as Value);
    const g = jit(f) as (x: unknown) => unknown;
    const f32 = (...shape: number[]): NdArray => new NdArray(new Float32Array(shape[0] ?? 1), shape, "f32");
    for (const x of [f32(3), f32(3), f32(4), array([1, 2, 3]), f32(3)]) g(x);
    expect(traces()).toBe(3);
    g(1);
    g(2.5);
    expect(traces()).toBe(4);
    g(array(1));
    g([1]);
    g({ a: 1, b: 2 });
    g({ b: 3, a: 4 });
    expect(traces()).toBe(7);
  });

  test("not when the same function is jitted again, nor inside grad", () => {
    const { f, traces } = counted((x: Value) => mul(x, x));
    const g = jit(grad(jit(f)));
    expect([number(g(1)), number(g(2)), traces()]).toEqual([2, 4, 1]);
    const h = grad(jit(f));
    expect([number(h(3)), number(h(4)), traces()]).toEqual([6, 8, 1]);
    expect(vmap(jit(f))(array([1, 2])).js()).toEqual([1, 4]);
    expect(traces()).toBe(2);
  });

  test("when more kinds of arguments came than the cache holds", () => {
    const { f, traces } = counted((x: Value) => sin(x));
    const g = jit(f, { cacheSize: 2 });
    const of = (n: number): Value => array(Array.from({ length: n }, () => 0));
    for (const n of [1, 2, 1, 3, 1]) g(of(n));
    expect(traces()).toBe(3);
    g(of(2));
    expect(traces()).toBe(4);
  });
});

describe("static arguments", () => {
  test("functions are compared by identity, so two functions never share a program", () => {
    const apply = jit((f: (x: Value) => Value, x: Value) => f(x), { staticArgnums: 0 });
    expect(number(apply(sin, 1))).toBe(Math.sin(1));
    expect(number(apply(cos, 1))).toBe(Math.cos(1));
    expect(number(apply(sin, 1))).toBe(Math.sin(1));
  });

  test("everything else is compared in full", () => {
    const { f, traces } = counted(
      (options: { readonly scale: readonly number[]; readonly name: string }, x: Value) =>
        mul(x, asValue(options.scale[0])),
    );
    const g = jit(f, { staticArgnums: [0] });
    const at = (options: { scale: number[]; name: string }): number => number(g(options, 2));
    expect([at({ scale: [3], name: "a" }), at({ scale: [3], name: "a" }), traces()]).toEqual([6, 6, 1]);
    expect([at({ scale: [4], name: "a" }), at({ scale: [3], name: "b" }), traces()]).toEqual([8, 6, 3]);
    const h = counted((n: number, x: Value) => mul(x, asValue(n)));
    const k = jit(h.f, { staticArgnums: -2 });
    k(Number.NaN, 1);
    k(Number.NaN, 2);
    k(0, 1);
    k(-0, 1);
    expect(h.traces()).toBe(3);
    const keyed = counted((table: NdArray, x: Value) => mul(x, table));
    const l = jit(keyed.f, { staticArgnums: 0 });
    l(array([1, 2]), 1);
    l(array([1, 2]), 1);
    l(array([1, 3]), 1);
    expect(keyed.traces()).toBe(2);
    expect(() => jit(sin, { staticArgnums: 3 as never })(1)).toThrow("PHX933");
  });
});

describe("jit composes", () => {
  const f = (x: Value, y: Value): Value => mul(sin(mul(x, y)), add(x, cos(y)));
  const args = [array(0.7), array(-1.2)] as const;
  test.each([
    ["jit", jit(f)],
    ["jit of jit", jit(jit(f))],
    ["jit of checkpoint", jit(checkpoint(f))],
    ["checkpoint of jit", checkpoint(jit(f))],
  ])("%s has all derivatives of the function", (_name, g) => {
    expect(number(g(...args))).toBeCloseTo(number(f(...args)), 14);
    for (const d of [
      (h: typeof f) => grad(h),
      (h: typeof f) => jit(grad(h)),
      (h: typeof f) => jacfwd(h),
      (h: typeof f) => hessian(h),
      (h: typeof f) => jit(hessian(h)),
      (h: typeof f) => grad(grad(h)),
      (h: typeof f) => jacrev(jacfwd(h)),
      (h: typeof f) => jacfwd(jit(jacfwd(h))),
      (h: typeof f) => grad(grad(grad(h), { argnums: 1 })),
    ]) {
      expect(number(d(g)(...args))).toBeCloseTo(number(d(f)(...args)), 12);
    }
    const xs = array([0.1, 0.2, 0.3]);
    expect(vmap(grad(g), { inAxes: [0, null] })(xs, args[1]).js()).toEqual(
      vmap(grad(f), { inAxes: [0, null] })(xs, args[1]).js(),
    );
    expect(jit(vmap(g, { inAxes: [0, null] }))(xs, args[1]).js()).toEqual(
      vmap(f, { inAxes: [0, null] })(xs, args[1]).js(),
    );
  });

  test("values that a jitted function closes over are operands", () => {
    const g = (k: Value): Value => jit((x: Value) => mul(x, k))(array(3));
    expect(number(grad(g)(array(2)))).toBe(3);
    expect(vmap(grad(g))(array([1, 2])).js()).toEqual([3, 3]);
    const pairs = jit((x: Value) => ({ twice: add(x, x), list: [x, mul(x, x)] as const }));
    const result = pairs(3);
    expect([number(result.twice), number(result.list[1])]).toEqual([6, 9]);
  });

  test("collectives inside jit speak to the vmap around it", () => {
    const g = jit((x: Value) => add(psum(x, "i"), mul(axisIndex("i").dtype === "i32" ? x : x, psum(1, "i"))));
    expect(vmap(g, { axisName: "i" })(array([1, 2, 3])).js()).toEqual([9, 12, 15]);
    expect(vmap(g, { axisName: "i" })(array([1, 2])).js()).toEqual([5, 7]);
    const same = jit((x: Value, y: Value) => add(x, psum(y, "i")));
    expect(vmap(same, { axisName: "i", inAxes: [0, null] })(array([1, 2]), 5).js()).toEqual([11, 12]);
    expect(() => g(1)).toThrow("PHX936");
  });
});

describe("programs that are traced again", () => {
  /** jit of a device that counts what it compiles. */
  const counting = (): { jit: ReturnType<typeof makeJit>; compiled: () => number } => {
    let compiled = 0;
    const device: Device = {
      ...interpreterDevice,
      compile(program) {
        compiled += 1;
        return interpreterDevice.compile(program);
      },
    };
    return { jit: makeJit(device), compiled: () => compiled };
  };

  test("are compiled once, for functions that close over traced values and for functions made anew", () => {
    const device = counting();
    const g = (k: Value): Value =>
      device.jit((x: Value) => scan((c: Value) => [mul(c, k), null], x, null, { length: 3 })[0])(array(3));
    expect(number(grad(g)(array(2)))).toBe(36);
    const first = device.compiled();
    for (let i = 0; i < 5; i++) expect(number(grad(g)(array(2)))).toBe(36);
    expect(device.compiled()).toBe(first);
    for (let i = 0; i < 5; i++) device.jit((x: Value) => mul(x, sin(x)))(1);
    expect(device.compiled()).toBe(first + 1);
  });

  test("are compiled again where anything in them differs", () => {
    const device = counting();
    const f = (k: number, length: number) => (x: Value) =>
      scan((c: Value) => [mul(c, array(k)), null], x, null, { length })[0];
    const results = [f(2, 3), f(2, 4), f(-2, 3), f(0, 3), f(-0, 3)].map((g) => device.jit(g)(1).item());
    expect(results).toEqual([8, 16, -8, 0, -0]);
    expect(device.compiled()).toBe(5);
    device.jit(f(2, 3))(1);
    expect(device.compiled()).toBe(5);
    device.jit(f(2, 3))(array([1, 2]));
    expect(device.compiled()).toBe(6);
  });
});

describe("donated arguments", () => {
  test("cannot be read after the call", () => {
    const x = array([1, 2]);
    const g = jit((y: Value) => add(y, y), { donateArgnums: 0 });
    expect(g(x).js()).toEqual([2, 4]);
    expect(() => x.js()).toThrow("PHX943");
    expect(() => add(x, x)).toThrow("PHX943");
  });
});

test("a device that delivers later is awaited by data()", async () => {
  const later: Device = {
    limits: interpreterDevice.limits,
    name: "later",
    synchronous: false,
    supports: () => true,
    compile: (program) => ({
      run: (inputs) =>
        interpreterDevice
          .compile(program)
          .run(inputs)
          .map(
            (result) =>
              new NdArray(
                { deviceName: "later", size: result.size, download: () => Promise.resolve(result.elements) },
                result.shape,
                result.dtype,
                result.weak,
              ),
          ),
    }),
  };
  const y = makeJit(later)((x: Value) => add(x, x))(array([1, 2]));
  expect(() => y.js()).toThrow("PHX922");
  expect(await y.data()).toEqual(Float64Array.of(2, 4));
  expect(y.js()).toEqual([2, 4]);
});

test("the cache of programs drops what was used least recently", () => {
  const cache = new TraceCache<number>(2);
  cache.set("a", [], 1);
  cache.set("b", [], 2);
  expect(cache.get("a", [])).toBe(1);
  cache.set("c", [], 3);
  expect([cache.get("a", []), cache.get("b", []), cache.get("c", []), cache.size]).toEqual([
    1,
    undefined,
    3,
    2,
  ]);
});

describe("limits of a device", () => {
  const small: Device = {
    ...interpreterDevice,
    name: "small",
    limits: { dtypes: ["f64", "i32"], arrayBytes: 64, threads: 1 },
    supports: ({ name }) => name !== "cos",
  };
  const onSmall = makeJit(small);

  test("what it has and holds runs", () => {
    expect(onSmall(sin)(array([1, 2])).js()).toEqual(sin(array([1, 2])).js());
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      "an operation",
      () => onSmall((x: Value) => cos(x))(1),
      /"small" cannot run equation 0: cos.*does not have cos/s,
    ],
    [
      "an operation in a loop",
      () =>
        onSmall(
          (x: Value) => scan((c: Value, k: Value) => [cos(mul(c, k)), null] as const, x, array([1, 2]))[0],
        )(1),
      /equation \d+: cos/,
    ],
    [
      "an element type",
      () => onSmall((x: Value) => convert(x, "f32"))(1),
      /computes with f64, i32, not with f32/,
    ],
    ["a size", () => onSmall((x: Value) => mul(x, x))(array([1, 2, 3, 4, 5, 6, 7, 8, 9])), /takes 72 bytes/],
  ])("%s that it lacks is refused", (_what, run, message) => {
    expect(run).toThrow("PHX972");
    expect(run).toThrow(message);
  });
});

describe("pmap", () => {
  const f = (x: Value, y: Value): Value[] => [
    mul(x, psum(mul(x, y), "i")),
    pmean(x, "i"),
    sumOverAxis(allGather(sin(x), "i"), 0),
    pmax(add(x, y), "i"),
  ];
  const [xs, y] = [array([0.5, 1.5, -2]), array(2)];
  const options = { axisName: "i", inAxes: [0, null] } as const;

  test("means vmap, and its derivatives do", () => {
    const [p, v] = [pmap(f, options), vmap(f, options)];
    p(xs, y).forEach((result, i) => expect(result.js()).toEqual(v(xs, y)[i].js()));
    const total = (g: typeof p) => (a: Value, b: Value) => {
      const [r0, r1, r2] = g(a, b);
      return sumOverAxis(mul(add(r0, r1), sin(r2)), 0);
    };
    for (const d of [
      (h: (a: Value, b: Value) => Value) => grad(h, { argnums: [0, 1] }),
      (h: (a: Value, b: Value) => Value) => jit(grad(h, { argnums: [0, 1] })),
      (h: (a: Value, b: Value) => Value) => jacfwd(h, { argnums: [0, 1] }),
      (h: (a: Value, b: Value) => Value) => jacfwd(grad(h), { argnums: [0, 1] }),
      (h: (a: Value, b: Value) => Value) => jacrev(grad(h), { argnums: [0, 1] }),
    ]) {
      const [found, expected] = [d(total(p))(xs, y), d(total(v))(xs, y)];
      found.forEach((block, i) =>
        block.dataSync().forEach((value, j) => expect(value).toBeCloseTo(expected[i].dataSync()[j], 12)),
      );
    }
    const rows = array([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const batched = vmap(p, { inAxes: [0, null] })(rows, y);
    const expected = vmap(v, { inAxes: [0, null] })(rows, y);
    batched.forEach((result, i) => expect(result.js()).toEqual(expected[i].js()));
    expect(pmap(vmap(grad((x: Value) => mul(x, sin(x)))))(rows).js()).toEqual(
      vmap(vmap(grad((x: Value) => mul(x, sin(x)))))(rows).js(),
    );
  });

  test("knows the member's place, closes over values, keeps axes", () => {
    expect(pmap((_x: Value) => axisIndex("m"), { axisName: "m" })(xs).js()).toEqual([0, 1, 2]);
    const g = (k: Value): Value => sumOverAxis(pmap((x: Value) => mul(x, k))(xs), 0);
    expect(number(grad(g)(array(1)))).toBe(0);
    const rows = array([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(pmap((x: Value) => x, { inAxes: 1, outAxes: -1 })(rows).js()).toEqual(rows.js());
  });

  test("is traced once for one kind of arguments", () => {
    const { f: g, traces } = counted((x: Value) => sin(x));
    const p = pmap(g);
    p(xs);
    p(xs);
    expect(traces()).toBe(1);
  });

  test("a device may spread the members itself", () => {
    let seen = "";
    const spreading: Device = {
      ...interpreterDevice,
      compileMapped(program, mapping) {
        seen = `${mapping.size} members of ${mapping.axisName}, mapped ${mapping.mappedInputs.join()}`;
        const run = interpreterDevice.compile(program);
        return {
          run([x]) {
            const parts = Array.from(x.elements, (element, i) =>
              run.run([array(element), new NdArray(Int32Array.of(i), [], "i32")])[0].item(),
            );
            return [array(parts)];
          },
        };
      },
    };
    expect(makePmap(spreading)((x: Value) => mul(x, x), { axisName: "m" })(xs).js()).toEqual([0.25, 2.25, 4]);
    expect(seen).toBe("3 members of m, mapped true,true");
  });

  test("what does not fit is refused", () => {
    expect(() => pmap(sin, { devices: [] })).toThrow("PHX933");
    expect(() => pmap(sin, { outAxes: null })(xs)).toThrow("PHX933");
    expect(() => pmap(sin)(1)).toThrow("PHX933");
  });
});
