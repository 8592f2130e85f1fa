// The laws themselves: every derivative against differences, every transform against its definition.
import { expect } from "vitest";
import type { Value } from "../../src/index.ts";
import { isFloat, jvp, makeJit, interpreterDevice, NdArray, np, vjp, vmap } from "../../src/index.ts";
import type { LawCase } from "./law-case.ts";
import { real, spread } from "./law-case.ts";

type Fn = (...operands: readonly Value[]) => Value;

const jit = makeJit(interpreterDevice);
const elements = (x: unknown): number[] => Array.from((x as NdArray).elements);

/** The operands that derivatives are taken in. */
function differentiable({ operands, constant = [] }: LawCase): number[] {
  return operands.flatMap((x, i) => (isFloat(x.dtype) && !constant.includes(i) ? [i] : []));
}

/** f as a function of its differentiable operands alone. */
function restricted(law: LawCase): { readonly f: Fn; readonly at: NdArray[] } {
  const chosen = differentiable(law);
  const f: Fn = (...inputs) => {
    const full: Value[] = [...law.operands];
    chosen.forEach((place, i) => (full[place] = inputs[i]));
    return law.f(...full);
  };
  return { f, at: chosen.map((i) => law.operands[i]) };
}

function moved(at: readonly NdArray[], directions: readonly NdArray[], h: number): NdArray[] {
  return at.map((x, i) =>
    real(
      elements(x).map((v, j) => v + h * directions[i].elements[j]),
      x.shape,
    ),
  );
}

/** Richardson's extrapolation of central differences of f along directions: error O(h⁴). */
function difference(
  f: (at: readonly NdArray[]) => number[],
  at: readonly NdArray[],
  directions: readonly NdArray[],
): number[] {
  const central = (h: number): number[] => {
    const high = f(moved(at, directions, h));
    const low = f(moved(at, directions, -h));
    return high.map((v, i) => (v - low[i]) / (2 * h));
  };
  const [coarse, fine] = [central(2e-3), central(1e-3)];
  return fine.map((v, i) => (4 * v - coarse[i]) / 3);
}

function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = 1 + Math.max(0, ...expected.filter(Number.isFinite).map(Math.abs));
  actual.forEach((value, i) => {
    if (Object.is(value, expected[i]) || value === expected[i]) return;
    const error = Math.abs(value - expected[i]);
    expect(error <= tolerance * scale, `${what}: entry ${i} is ${value}, expected ${expected[i]}`).toBe(true);
  });
}

/** The number Σ x y. */
const inner = (x: readonly number[], y: readonly number[]): number => x.reduce((s, v, i) => s + v * y[i], 0);

export function checkForward(law: LawCase): void {
  const { f, at } = restricted(law);
  if (at.length === 0) return;
  const directions = at.map((x, i) => spread(x.shape, 3 + i));
  const [value, tangent] = jvp(f, at, directions);
  expectClose(elements(value), elements(f(...at)), 0, "the primal of jvp");
  if (law.forward === false) return;
  if (!isFloat(value.dtype)) {
    expect(elements(tangent).every((t) => t === 0)).toBe(true);
    return;
  }
  const expected = difference((x) => elements(f(...x)), at, directions);
  expectClose(elements(tangent), expected, law.tolerance ?? 1e-7, "jvp against central differences");
}

export function checkReverse(law: LawCase): void {
  const { f, at } = restricted(law);
  const value = f(...at);
  if (at.length === 0 || !isFloat(value.dtype)) return;
  const directions = at.map((x, i) => spread(x.shape, 3 + i));
  const [, tangent] = jvp(f, at, directions);
  const cotangent = spread(value.shape, 9);
  const [, pullback] = vjp(f, ...at);
  const back = pullback(cotangent) as readonly NdArray[];
  back.forEach((ct, i) => expect(ct.shape, `cotangent ${i}`).toEqual(at[i].shape));
  const left = inner(elements(tangent), elements(cotangent));
  const right = back.reduce((s, ct, i) => s + inner(elements(ct), elements(directions[i])), 0);
  expectClose([right], [left], law.transposeTolerance ?? 1e-11, "⟨vjp(ct), t⟩ = ⟨ct, jvp(t)⟩");
}

export function checkSecond(law: LawCase): void {
  const { f, at } = restricted(law);
  if (at.length === 0 || law.second === false || !isFloat(f(...at).dtype)) return;
  const first = at.map((x, i) => spread(x.shape, 3 + i));
  const second = at.map((x, i) => spread(x.shape, 5 + i));
  const derivative: Fn = (...x) => jvp(f, x, first)[1];
  const [, tangent] = jvp(derivative, at, second);
  const expected = difference((x) => elements(derivative(...x)), at, second);
  const tolerance = 10 * (law.tolerance ?? 1e-7);
  expectClose(elements(tangent), expected, tolerance, "jvp of jvp");
  // Forward over reverse: the pullback of a fixed cotangent, along `second`.
  const cotangent = spread(f(...at).shape, 9);
  const gradient: Fn = (...x) => {
    const [, pullback] = vjp(f, ...x);
    return np.concatenate((pullback(cotangent) as readonly Value[]).map((ct) => np.ravel(ct)));
  };
  const [, mixed] = jvp(gradient, at, second);
  const expectedMixed = difference((x) => elements(gradient(...x)), at, second);
  expectClose(elements(mixed), expectedMixed, tolerance, "jvp of vjp");
}

/** Every non-empty choice of mapped operands, the batch axis first and last. */
export function checkBatch(law: LawCase): void {
  const { f, operands } = law;
  const size = 3;
  for (let mask = 1; mask < 2 ** operands.length; mask++) {
    for (const last of [false, true]) {
      const chosen = operands.map((_, i) => (mask & (2 ** i)) !== 0);
      const members = operands.map((x, i) => (chosen[i] ? variants(x, size, law, i) : [x, x, x]));
      const axes = operands.map((x, i) => (chosen[i] ? (last ? x.shape.length : 0) : null));
      const stacked = operands.map((x, i) => (chosen[i] ? np.stack(members[i], axes[i] ?? 0) : x));
      const batched = vmap(f, { inAxes: axes })(...stacked);
      const loop = Array.from({ length: size }, (_, n) => f(...members.map((list) => list[n])));
      const what = `vmap with axes [${axes.join(", ")}]`;
      expect(batched.shape, what).toEqual([size, ...loop[0].shape]);
      expect(batched.dtype, what).toBe(loop[0].dtype);
      expectClose(elements(batched), loop.flatMap(elements), law.batchTolerance ?? 1e-13, what);
    }
  }
}

/** Three arrays like x: floats scaled a little, others turned in place. */
function variants(x: NdArray, size: number, law: LawCase, place: number): NdArray[] {
  return Array.from({ length: size }, (_, n) => {
    if (isFloat(x.dtype) && !(law.constant ?? []).includes(place)) {
      return new NdArray(
        Float64Array.from(x.elements, (v) => v * (1 - 0.03 * n)),
        x.shape,
        x.dtype,
      );
    }
    const turned = x.elements.slice();
    for (let i = 0; i < turned.length; i++) turned[i] = x.elements[(i + n) % turned.length];
    return new NdArray(turned, x.shape, x.dtype);
  });
}

export function checkJit(law: LawCase): void {
  const eager = law.f(...law.operands);
  const compiled = jit(law.f)(...law.operands);
  expect(compiled.shape).toEqual(eager.shape);
  expect(compiled.dtype).toBe(eager.dtype);
  expectClose(elements(compiled), elements(eager), 0, "jit against eager");
}

/** The same in single precision: results and derivatives keep the dtype and come near those in double precision. */
export function checkSingle(law: LawCase): void {
  const single = (x: NdArray): NdArray =>
    x.dtype === "f64" ? new NdArray(Float32Array.from(x.elements), x.shape, "f32") : x;
  const double = (x: NdArray): NdArray =>
    x.dtype === "f32" ? new NdArray(Float64Array.from(x.elements), x.shape, "f64") : x;
  const operands = law.operands.map(single);
  // Both start from the same numbers.
  const rounded = { ...law, operands: operands.map(double) };
  const expected = law.f(...rounded.operands);
  const actual = law.f(...operands);
  expect(actual.dtype).toBe(expected.dtype === "f64" ? "f32" : expected.dtype);
  expectClose(elements(actual), elements(expected), law.singleTolerance ?? 1e-5, "f32 against f64");
  const chosen = differentiable(rounded);
  if (chosen.length === 0 || !isFloat(actual.dtype) || law.forward === false) return;
  const { f, at } = restricted(rounded);
  const { f: f32, at: at32 } = restricted({ ...law, operands });
  const cotangent = spread(expected.shape, 9);
  const gradient = vjp(f, ...at)[1](cotangent) as readonly NdArray[];
  const gradient32 = vjp(f32, ...at32)[1](single(cotangent)) as readonly NdArray[];
  gradient32.forEach((ct, i) => {
    expect(ct.dtype).toBe("f32");
    expectClose(
      elements(ct),
      elements(gradient[i]),
      10 * (law.singleTolerance ?? 1e-5),
      `f32 cotangent ${i}`,
    );
  });
}
