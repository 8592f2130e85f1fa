// The workers device: the meaning and the bits of vmap for every number of threads, under every transform.
import { describe, expect, test } from "vitest";
import type { Device, Value } from "@phxlang/autodiff";
import {
  allGather,
  axisIndex,
  checkpoint,
  customJvp,
  foriLoop,
  grad,
  hessian,
  jacfwd,
  makeJit,
  makePmap,
  NdArray,
  np,
  pmax,
  pmean,
  psum,
  random,
  scan,
  valueAndGrad,
  vmap,
  whileLoop,
} from "@phxlang/autodiff";
import { cpuDevice, openWorkers } from "../../src/index.node.ts";

const crews: readonly Device[] = [1, 2, 3].map((threads) => openWorkers({ threads }));
const [, two] = crews;
const pmap = makePmap(two);

/** Elements as bytes, so that NaN and −0 count. */
function bits(values: Value | readonly Value[]): Uint8Array[] {
  return [values].flat().map((value) => {
    if (!(value instanceof NdArray)) throw new Error("a traced value");
    return new Uint8Array(value.dataSync().buffer);
  });
}

const xs = np.array(Float64Array.from({ length: 67 }, (_, i) => Math.sin(3 * i) * 2));
const y = np.array(2);

const members: Readonly<Record<string, (x: Value) => Value | Value[]>> = {
  elementwise: (x) => x.mul(x).sin().exp().div(x.abs().add(1)),
  "several results, some the same for all": (x) => [x.mul(y), y.exp(), np.array([1, 2])],
  "integers and booleans": (x) => [x.greater(0), x.astype("i32"), axisIndex("i")],
  "a gradient": (x) => grad((z: Value) => z.sin().mul(z.exp()))(x),
  "loops without collectives": (x) => [
    scan((c, k) => [c.mul(k).sin(), c], x, np.arange(5).add(0.5))[1],
    foriLoop(0, 4, (_i, c) => c.add(c.cos()), x),
    whileLoop(
      (c) => c.less(10),
      (c) => c.mul(2).add(1.5),
      x.abs(),
    ),
  ],
  psum: (x) => psum(x.mul(y), "i"),
  "collectives after collectives": (x) => {
    const centred = x.sub(pmean(x, "i"));
    const scale = psum(centred.mul(centred), "i").sqrt();
    const normal = centred.div(scale);
    return [normal, pmax(normal.sin(), "i"), allGather(normal, "i").mul(scale).cumsum(), scale];
  },
  "a nested vmap": (x) => vmap((k: Value) => k.mul(x).sin())(np.arange(20).astype("f64")),
  "a nested pmap": (x) => pmap((k: Value) => k.mul(x).sin())(np.arange(20).astype("f64")),
  "a nested collective": (x) =>
    vmap((k: Value) => psum(k.mul(x), "j").add(psum(x, "i")), { axisName: "j" })(np.array([1, 2, 3])),
  "random numbers": (x) => random.normal(random.fold(random.key(3), axisIndex("i"))).mul(x),
};

describe("results have the bits of vmap, whatever the number of threads", () => {
  test.each(Object.entries(members))("%s", (_name, member) => {
    const expected = bits(makeJit(cpuDevice)(vmap(member, { axisName: "i" }))(xs));
    for (const device of crews) {
      expect(bits(makePmap(device)(member, { axisName: "i" })(xs)), device.limits.threads.toString()).toEqual(
        expected,
      );
    }
  });

  test.each([0, 1, 2, 31, 32, 33, 100])("%i members", (count) => {
    const some = xs.reshape([67]).dataSync().slice(0, count);
    const values = np.array(count <= 67 ? some : Float64Array.from({ length: count }, (_, i) => i / 7));
    const f = (x: Value): Value[] => [x.sin().mul(3), np.stack([x, y])];
    const expected = bits(vmap(f, { axisSize: count })(values));
    for (const device of crews) {
      expect(bits(makePmap(device)(f)(values))).toEqual(expected);
      expect(bits(makePmap(device)(f)(values))).toEqual(expected);
    }
  });
});

describe("transforms on either side", () => {
  const f = (x: Value, k: Value): Value => psum(x.mul(k).sin(), "i").mul(x.exp()).add(k);
  const options = { axisName: "i", inAxes: [0, null] } as const;
  const total =
    (map: typeof vmap) =>
    (x: Value, k: Value): Value =>
      map(f, options)(x, k).sum();
  const over = makePmap(two);
  const close = (found: Value, expected: Value): void => {
    const [a, b] = [found, expected].map((value) => (value as NdArray).dataSync());
    expect(a.length).toBe(b.length);
    a.forEach((value, i) => expect(value).toBeCloseTo(b[i], 11));
  };
  const some = np.array([0.3, -0.2, 0.7]);

  test.each<[string, (g: typeof f) => (x: Value, k: Value) => Value]>([
    ["grad", (g) => grad(g)],
    ["grad in what is shared", (g) => grad(g, { argnums: 1 })],
    ["jit of grad", (g) => makeJit(cpuDevice)(grad(g))],
    ["grad of jit", (g) => grad(makeJit(two)(g))],
    ["hessian", (g) => hessian(g)],
    ["jacfwd of grad", (g) => jacfwd(grad(g))],
    ["checkpoint", (g) => grad(checkpoint(g))],
  ])("%s of pmap", (_name, transform) => {
    close(transform(total(over))(some, y), transform(total(vmap))(some, y));
  });

  test("vmap of pmap, pmap of vmap, pmap of jit, jit of pmap", () => {
    const rows = np.array([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const g = (x: Value): Value => x.mul(x).sin();
    const expected = bits(vmap(vmap(g))(rows));
    expect(bits(vmap(pmap(g))(rows))).toEqual(expected);
    expect(bits(pmap(vmap(g))(rows))).toEqual(expected);
    expect(bits(pmap(makeJit(cpuDevice)(vmap(g)))(rows))).toEqual(expected);
    expect(bits(makeJit(cpuDevice)(pmap(vmap(g)))(rows))).toEqual(expected);
  });

  test("custom rules inside a member", () => {
    const square = customJvp((x: Value) => x.mul(x));
    square.defjvp(([x]: [Value], [t]: [Value]) => [x.mul(x), x.mul(t).mul(20)]);
    expect(bits(pmap(grad((x: Value) => square(x)))(xs))).toEqual(bits(xs.mul(20)));
    const looped = (x: Value): Value => foriLoop(0, 2, (_i, c) => square(c), x);
    expect(bits(pmap(looped)(xs))).toEqual(bits(vmap(looped)(xs)));
  });
});

test("collectives inside loops and branches are refused, and the equation is named", () => {
  const inScan = (x: Value): Value => scan((c, _k) => [c.add(psum(c, "i")), null], x, np.arange(3))[0];
  const inWhile = (x: Value): Value =>
    whileLoop(
      (c) => psum(c, "i").less(10),
      (c) => c.mul(2).add(1),
      x,
    );
  for (const [f, name] of [
    [inScan, "scan"],
    [inWhile, "while"],
  ] as const) {
    expect(() => pmap(f, { axisName: "i" })(xs)).toThrow(
      new RegExp(`PHX975: .* equation \\d+, ${name} of .*, holds a collective over "i"`),
    );
    // The CPU runs the members as one batch.
    expect(bits(makePmap(cpuDevice)(f, { axisName: "i" })(xs))).toEqual(bits(vmap(f, { axisName: "i" })(xs)));
  }
});

describe("jit for the device", () => {
  /** Counts what is spread: the device with `compileMapped` watched. */
  function watched(): { readonly device: Device; readonly sizes: number[] } {
    const sizes: number[] = [];
    const device: Device = {
      ...two,
      compileMapped(program, mapping) {
        sizes.push(mapping.size);
        return two.compileMapped?.(program, mapping) ?? two.compile(program);
      },
    };
    return { device, sizes };
  }
  const loss = (x: Value): Value => x.sin().mul(x.exp()).sum();
  const rows = xs.reshape([67, 1]);

  test("large batches of vmap are spread, within and around jit", () => {
    const { device, sizes } = watched();
    const jit = makeJit(device);
    const expected = bits(vmap(grad(loss))(rows));
    expect(bits(jit(vmap(grad(loss)))(rows))).toEqual(expected);
    expect(sizes).toEqual([67]);
    expect(bits(vmap(jit(grad(loss)))(rows))).toEqual(expected);
    expect(sizes).toEqual([67, 67]);
    const [values, slopes] = jit(vmap(valueAndGrad(loss)))(rows);
    expect(bits(slopes)).toEqual(expected);
    expect(bits(values)).toEqual(bits(vmap(loss)(rows)));
    const scanned = (x: Value): Value =>
      scan((c, _k) => [vmap(grad(loss))(c), c.sum()], x, np.arange(3).astype("f64"))[0];
    expect(bits(jit(scanned)(rows))).toEqual(bits(scanned(rows)));
    expect(sizes.length).toBe(4);
  });

  test("small batches, and functions without any, stay on this thread", () => {
    const { device, sizes } = watched();
    const few = rows.slice([0, 15]);
    expect(bits(makeJit(device)(vmap(grad(loss)))(few))).toEqual(bits(vmap(grad(loss))(few)));
    expect(bits(makeJit(device)(loss)(xs))).toEqual(bits(makeJit(cpuDevice)(loss)(xs)));
    expect(sizes).toEqual([]);
  });

  test("outAxes of a spread vmap", () => {
    const f = (x: Value): Value[] => [np.stack([x, x.sin()]), y.mul(3)];
    const options = { outAxes: [1, null] } as const;
    expect(bits(makeJit(two)(vmap(f, options))(xs))).toEqual(bits(vmap(f, options)(xs)));
    const varying = vmap((x: Value) => x, { outAxes: null });
    expect(() => makeJit(two)(varying)(xs)).toThrow("PHX933");
  });
});
