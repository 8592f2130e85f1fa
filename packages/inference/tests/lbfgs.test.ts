// L-BFGS on functions whose minimum is known.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { minimize } from "../src/optimize/lbfgs.ts";

test.prop([
  fc.array(
    fc.record({
      center: fc.double({ min: -5, max: 5, noNaN: true }),
      log: fc.double({ min: -4, max: 4, noNaN: true }),
    }),
    {
      minLength: 1,
      maxLength: 12,
    },
  ),
])("reaches the minimum of separable quadratics over eight decades of curvature", (axes) => {
  const result = minimize((x) => {
    const gradient = new Float64Array(axes.length);
    let value = 0;
    axes.forEach(({ center, log }, i) => {
      const weight = 10 ** log;
      value += 0.5 * weight * (x[i] - center) ** 2;
      gradient[i] = weight * (x[i] - center);
    });
    return { value, gradient };
  }, new Float64Array(axes.length));
  expect(result.outcome).not.toBe("iterations exhausted");
  expect(Math.max(...result.gradient.map(Math.abs))).toBeLessThanOrEqual(1e-7);
});

test("Rosenbrock's valley", () => {
  const result = minimize(
    ([x, y]) => ({
      value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
    }),
    Float64Array.of(-1.2, 1),
  );
  expect(result.outcome).toBe("converged");
  expect(result.point[0]).toBeCloseTo(1, 8);
  expect(result.point[1]).toBeCloseTo(1, 8);
  expect(result.iterates.length).toBeLessThan(60);
});

test("a region where the function is infinite is stepped back from", () => {
  const result = minimize(
    ([x]) => ({ value: x <= 0 ? Infinity : x - Math.log(x), gradient: Float64Array.of(1 - 1 / x) }),
    Float64Array.of(0.01),
  );
  expect(result.point[0]).toBeCloseTo(1, 9);
});
