// Reverse mode of loops in chunks: what it keeps grows with the square root of the number of steps.
import { describe, expect, test } from "vitest";
import {
  foriLoop,
  grad,
  hvp,
  innerPrograms,
  interpreterDevice,
  makeJit,
  makeProgram,
  np,
  scan,
  sizeOf,
  vmap,
} from "../src/index.ts";
import type { Program, Value } from "../src/index.ts";

const jit = makeJit(interpreterDevice);
const width = 3;
const start = np.array([0.3, -0.2, 0.5]);

/** A carry of three numbers whose step needs its own results backwards. */
const loop =
  (length: number, checkpoint?: boolean) =>
  (x: Value): Value => {
    const step = (c: Value): readonly [Value, null] => [c.mul(x).sin().add(c.mul(0.5)), null];
    return scan(step, start, null, checkpoint === undefined ? { length } : { length, checkpoint })[0].sum();
  };

/** The most elements that one variable of a program has, the programs of its loops included. */
function largestVariable(program: Program): number {
  let largest = 0;
  const open = [program];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const type of next.types) largest = Math.max(largest, sizeOf(type.shape));
    open.push(...innerPrograms(next));
  }
  return largest;
}

const gradientProgram = (f: (x: Value) => Value): Program => makeProgram(grad(f))(0.7);

describe("what the gradient of n steps keeps", () => {
  test.each([100, 400, 1600, 6400, 6500])("%i steps", (length) => {
    const bound = width * (Math.ceil(Math.sqrt(length)) + 2);
    expect(largestVariable(gradientProgram(loop(length)))).toBeLessThanOrEqual(bound);
    expect(largestVariable(gradientProgram(loop(length, false)))).toBe(width * length);
    const counted = (x: Value): Value => foriLoop(0, length, (i, c: Value) => c.mul(x).add(i), x);
    // The numbers of the steps are given, and nothing else is as long as the loop.
    expect(largestVariable(gradientProgram(counted))).toBeLessThanOrEqual(length);
  });

  test("short loops, and loops that are linear in their carry, keep what they have anyway", () => {
    expect(String(gradientProgram(loop(15)))).not.toContain("checkpoint[");
    const linear = (x: Value): Value => scan((c: Value) => [c.mul(2), null], x, null, { length: 100 })[0];
    expect(String(gradientProgram(linear))).not.toContain("checkpoint[");
  });
});

describe.each([16, 17, 25, 99])("a loop of %i steps", (length) => {
  test("has the same derivatives either way", () => {
    const [chunked, whole] = [loop(length), loop(length, false)];
    const same = (a: Value, b: Value): void => {
      const expected = b.dataSync();
      a.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i], 11));
    };
    const x = np.array(0.7);
    same(chunked(x), whole(x));
    same(grad(chunked)(x), grad(whole)(x));
    same(jit(grad(chunked))(x), grad(whole)(x));
    same(grad(grad(chunked))(x), grad(grad(whole))(x));
    same(hvp(chunked, [x], [1])[0], hvp(whole, [x], [1])[0]);
    same(vmap(grad(chunked))(np.array([0.1, 0.7])), vmap(grad(whole))(np.array([0.1, 0.7])));
    same(grad((v: Value) => vmap(chunked)(v).sum())(start), grad((v: Value) => vmap(whole)(v).sum())(start));
  });
});
