// Errors: what, why and how to repair, in words; every code of the engine is explained, and can be had.
import { describe, expect, test } from "vitest";
import {
  array,
  asValue,
  checkGrads,
  cond,
  customJvp,
  customVjp,
  debugNans,
  engineCodes,
  grad,
  hessian,
  interpreterDevice,
  jacfwd,
  jvp,
  linearTranspose,
  makeJit,
  NdArray,
  np,
  PhxError,
  programFromBytes,
  psum,
  scan,
  vjp,
  vmap,
  whileLoop,
} from "../src/index.ts";
import type { Value } from "../src/index.ts";

const jit = makeJit(interpreterDevice);

test("a PhxError tells what happened, why, and what to do", () => {
  const error = new PhxError({
    code: "PHX901",
    what: "theta has 2 values",
    why: "the model has 3",
    fix: "give 3",
  });
  expect(error.code).toBe("PHX901");
  expect(error.message).toBe("PHX901: theta has 2 values\n  because: the model has 3\n  to repair: give 3");
  expect(error.diagnostics).toHaveLength(1);
});

/** The message of what `run` throws. */
function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PhxError) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
}

let leaked: Value = array(0);
const donated = array([1]);

/** One way to each code. */
const ways: Readonly<Record<string, () => unknown>> = {
  PHX920: () => new NdArray(Float64Array.of(1, 2), [3], "f64"),
  PHX921: () => jit((x: Value) => Number(x) as unknown as Value)(1),
  PHX922: () =>
    new NdArray(
      { deviceName: "far", size: 1, download: () => Promise.resolve(Float64Array.of(1)) },
      [],
      "f64",
    ).item(),
  PHX923: () => array([1, 2]).item(),
  PHX924: () => {
    grad((x: Value) => (leaked = x.mul(x)))(1);
    return leaked.add(1);
  },
  PHX925: () => asValue("foo" as never),
  PHX926: () => {
    const wrong = customJvp((x: Value) => x.sin());
    wrong.defjvp(([x]: [Value], [t]: [Value]) => [x.sin(), t.mul(x.sin())]);
    checkGrads((x: Value) => wrong(x), [0.5]);
  },
  PHX930: () => grad((x: Value) => x)(np.zeros([3])),
  PHX931: () => grad((x: Value) => x)(array(1, "i32")),
  PHX932: () => grad(((x: Value) => x) as never, { hasAux: true })(1),
  PHX933: () => vmap((x: Value) => x, { inAxes: [0, 0] })(array([1])),
  PHX934: () => jvp((x: Value) => x, [np.zeros([3])], [np.zeros([4])]),
  PHX935: () => vjp((x: Value) => [x, x], 1)[1](1 as never),
  PHX936: () => psum(1, "i"),
  PHX937: () => {
    const f = customVjp((x: Value) => x);
    f.defvjp(
      (x) => [x, null],
      (_r: null, ct: Value) => [ct],
    );
    return jvp((x: Value) => f(x), [1], [1]);
  },
  PHX938: () =>
    grad((x: Value) =>
      whileLoop(
        (y: Value) => y.less(9),
        (y: Value) => y.mul(2),
        x,
      ),
    )(1),
  PHX939: () =>
    cond(
      true,
      (x: Value) => x,
      () => array([1, 2]),
      1,
    ),
  PHX940: () => customJvp((x: Value) => x)(1),
  PHX941: () => programFromBytes(new Uint8Array(3), { primitive: () => undefined }),
  PHX942: () => linearTranspose((x: Value) => x.sin(), 1),
  PHX943: () => {
    jit((x: Value) => x.add(1), { donateArgnums: 0 })(donated);
    return donated.js();
  },
  PHX972: () => makeJit({ ...interpreterDevice, supports: () => false })((x: Value) => x.sin())(1),
  PHX944: () => debugNans((x: Value) => x.log())(-1),
};

describe("codes", () => {
  test("every code of the engine is explained once and has a way to it", () => {
    const codes = engineCodes.map((entry) => entry.code);
    expect(codes).toEqual([...new Set(codes)]);
    expect(codes.toSorted()).toEqual(Object.keys(ways).toSorted());
    for (const entry of engineCodes) {
      expect(entry.title.length, entry.code).toBeGreaterThan(5);
      expect(entry.explanation.length, entry.code).toBeGreaterThan(20);
      expect(entry.repair.length, entry.code).toBeGreaterThan(5);
    }
  });

  test.each(Object.entries(ways))("%s comes with a reason and a repair", (code, run) => {
    const message = messageOf(run);
    expect(message.startsWith(`${code}: `)).toBe(true);
    expect(message).toContain("because: ");
    expect(message).toContain("to repair: ");
  });
});

describe("concretisation", () => {
  test.each([
    ["Number(x)", (x: Value) => Number(x)],
    ["x > 0", (x: Value) => (x as unknown as number) > 0],
    ["x + 1", (x: Value) => (x as unknown as number) + 1],
    ["a template string", (x: Value) => `x = ${x as unknown as string}`],
    ["item()", (x: Value) => (x as NdArray).item()],
    ["js()", (x: Value) => x.js()],
    ["dataSync()", (x: Value) => x.dataSync()],
    ["data()", (x: Value) => x.data()],
    ["JSON.stringify", (x: Value) => JSON.stringify({ x })],
  ])("%s names the line and what to use instead, in every transform", (_name, ask) => {
    const f = (x: Value): Value => ask(x) as unknown as Value;
    for (const run of [
      () => jit(f)(1),
      () => grad(f)(1),
      () => vmap(f)(array([1])),
      () => jvp(f, [1], [1]),
    ]) {
      const message = messageOf(run);
      expect(message).toMatch(/^PHX921: a traced value of type f64/);
      expect(message).toMatch(/errors\.test\.ts:\d+:\d+/);
      expect(message).toContain("np.where");
      expect(message).toContain("staticArgnums");
    }
  });
});

describe("leaked tracers", () => {
  test("are named with their transform and the line that used them", () => {
    let saved: Value = array(0);
    const keep = (x: Value): Value => (saved = x.mul(x)).sum();
    for (const [transform, run] of [
      ["grad", () => grad(keep)(array([1, 2]))],
      ["jit", () => jit(keep)(array([1, 2]))],
      ["vmap", () => vmap(keep)(array([[1, 2]]))],
      ["jvp", () => jvp(keep, [array([1, 2])], [array([1, 2])])],
    ] as const) {
      run();
      for (const use of [
        () => saved.add(1),
        () => grad((x: Value) => x.mul(saved).sum())(array([1, 2])),
        () => jit((x: Value) => x.mul(saved))(array([1, 2])),
        () => jit(() => saved)(),
        () => vmap((x: Value) => x.mul(saved))(array([[1, 2]])),
      ]) {
        const message = messageOf(use);
        expect(message).toMatch(/^PHX924: an unexpected tracer: .* f64\[2\]/);
        expect(message).toContain(transform);
        expect(message).toMatch(/errors\.test\.ts:\d+/);
      }
    }
  });

  test("do not upset the transforms that run after an error", () => {
    const broken = (): unknown =>
      grad((x: Value) => vmap((_y: Value) => Number(x) as never)(array([1, 2])))(1);
    expect(broken).toThrow("PHX921");
    expect(Number(grad((x: Value) => grad((y: Value) => x.mul(y))(1))(3))).toBe(1);
    expect(() => psum(1, "i")).toThrow("PHX936");
    expect(() => vmap((_x: Value) => broken() as Value, { axisName: "i" })(array([1]))).toThrow("PHX921");
    expect(() => psum(1, "i")).toThrow("no vmap or pmap with an axisName is running");
  });
});

describe("messages hold the numbers", () => {
  test.each([
    [
      "gradient only defined for scalar-output functions; the output is a vector of 3",
      () => grad((x: Value) => x)(np.zeros([3])),
    ],
    ["the output is a tree of 2 arrays", () => grad((x: Value) => [x, x] as never)(1)],
    ["the output is a tree of 0 arrays", () => grad((() => undefined) as unknown as (x: Value) => Value)(1)],
    ["grad requires real-valued arguments, and got i32[]", () => grad((x: Value) => x)(array(1, "i32"))],
    ["requires a real-valued output, and got bool[]", () => grad((x: Value) => x.greater(0))(1)],
    ["hessian requires real-valued", () => hessian((x: Value) => x)(array(1, "i32"))],
    ["jacfwd requires real-valued", () => jacfwd((x: Value) => x.greater(0))(1)],
    ['"foo" (a string) is not a valid array', () => grad((x: Value) => x)("foo" as never)],
    ["names argument 2, and the call has 1", () => grad((x: Value) => x, { argnums: 2 as 0 })(1)],
    ["returned a Promise", () => grad((async (x: Value) => x) as never)(1)],
    ["inAxes.length = 2, args.length = 1", () => vmap((x: Value) => x, { inAxes: [0, 0] })(array([1]))],
    ["its rank should be at least 1, but is only 0", () => vmap((x: Value) => x)(1)],
    ["its rank should be at least 3, but is only 1", () => vmap((x: Value) => x, { inAxes: -3 })(array([1]))],
    [
      'does not fit the tree {"a": *}',
      () => vmap((x: { readonly a: Value }) => x.a, { inAxes: [{ b: 0 }] })({ a: array([1]) }),
    ],
    ["two-element array", () => grad(((x: Value) => [x, x, x]) as never, { hasAux: true })(1)],
    [
      "jvp called with different primal and tangent shapes: [3]",
      () => jvp((x: Value) => x, [np.zeros([3])], [np.zeros([4])]),
    ],
    ["primal and tangent dtypes: f64", () => jvp((x: Value) => x, [np.zeros([3])], [np.zeros([3], "f32")])],
    ["i32[3] has no tangent", () => jvp((x: Value) => x, [np.zeros([3], "i32")], [np.zeros([3])])],
    ["primal and tangent tree structures: expected [*]", () => jvp((x: Value) => x, [1], [1, 2] as never)],
    ["unexpected tree structure *", () => vjp((x: Value) => [x, x], 1)[1](1 as never)],
    [
      "carry 0 starts as f64[2] and the body returns f64[]",
      () => scan((c: Value, x: Value) => [c.sum(), x] as const, array([1, 2]), array([1])),
    ],
  ])("%s", (text, run) => {
    expect(messageOf(run)).toContain(text);
  });
});
