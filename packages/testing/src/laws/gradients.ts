// Laws of derivatives: exact ones against differences, forward against reverse mode, and Hessians.
import type { Value } from "@phxlang/autodiff";
import { grad, hessian, jvp, np, vjp } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import { numbersOf, sumOf } from "../numbers-of.ts";
import { epochTimes } from "../epoch-times.ts";
import type { Law, Situation } from "./law.ts";
import { agree } from "./law.ts";

/** A function of θ whose derivatives are tried, and how large its rounding errors are. */
interface Quantity {
  readonly name: string;
  readonly of: (theta: Value) => Value;
  /** Rounding errors of its values are below this share of max(|value|, floor). */
  readonly floor: number;
}

function quantities(model: Model, { times, scale }: Situation): Quantity[] {
  const time = times[0];
  const always: Quantity[] = [
    { name: `cdf(${time})`, of: (theta) => model.cdf(theta, time), floor: 0 },
    { name: `logSurvival(${time})`, of: (theta) => model.logSurvival(theta, time), floor: 1 },
    model.kind === "continuous"
      ? { name: `logPdf(${time})`, of: (theta) => model.logPdf(theta, time), floor: 1 }
      : { name: `logPmf(${time})`, of: (theta) => model.logPmf(theta, time), floor: 1 },
    { name: `laplace(${1 / scale})`, of: (theta) => model.laplace(theta, 1 / scale), floor: 0 },
  ];
  if (model.defective) return always;
  return [
    ...always,
    { name: "mean", of: (theta) => model.mean(theta), floor: 0 },
    { name: "variance", of: (theta) => model.variance(theta), floor: 0 },
  ];
}

const hasParameters = (model: Model): boolean => model.parameterCount > 0;

/**
 * A direction in which θ may move a little both ways: relative to each entry, and within simplexes by moving mass
 * between entries. Parameters next to a bound move less than their distance from it, since steps are relative.
 */
function direction(model: Model, theta: readonly number[]): number[] {
  const moved = theta.map((value, i) => Math.cos(1 + 2.4 * i) * (value === 0 ? 1e-3 : Math.abs(value)));
  for (const { simplex, offset, size } of model.parameters) {
    if (!simplex) continue;
    const own = moved.slice(offset, offset + size);
    const mean = own.reduce((sum, value) => sum + value, 0) / size;
    own.forEach((value, i) => (moved[offset + i] = (value - mean) * Math.min(1, theta[offset + i] * size)));
    const left = moved.slice(offset, offset + size).reduce((sum, value) => sum + value, 0);
    moved[offset] -= left;
  }
  return moved;
}

/** Largest step h for which θ ± h·direction stays inside all bounds, at most 1e-3. */
function stepWithin(model: Model, theta: readonly number[], along: readonly number[]): number {
  const fits = (h: number): boolean =>
    [-h, h].every((step) =>
      model.parameters.every(({ lower, upper, simplex, offset, size }) =>
        Array.from({ length: size }, (_, i) => theta[offset + i] + step * along[offset + i]).every(
          (value) =>
            (typeof lower !== "number" || value > lower) &&
            (typeof upper !== "number" || value < upper) &&
            (!simplex || value > 0),
        ),
      ),
    );
  let h = 1e-3;
  while (h > 1e-12 && !fits(h)) h /= 4;
  return h;
}

const moved = (theta: readonly number[], along: readonly number[], step: number): Value =>
  np.array(theta.map((value, i) => value + step * along[i]));

export const gradientLaws: readonly Law[] = [
  {
    name: "gradient",
    says: "derivatives in the parameters are limits of differences",
    appliesTo: hasParameters,
    check(model, situation) {
      const { theta } = situation;
      const along = direction(model, theta);
      const h = stepWithin(model, theta, along);
      for (const { name, of, floor } of quantities(model, situation)) {
        const at = (step: number): number => of(moved(theta, along, step)).item();
        const value = at(0);
        if (!Number.isFinite(value)) continue;
        const [a, b, c, d] = [at(-h), at(-h / 2), at(h / 2), at(h)];
        const difference = (4 * (c - b)) / (3 * h) - (d - a) / (6 * h);
        const [, tangent] = jvp(of, [np.array([...theta])], [np.array(along)]);
        // What the difference of rounded values can be wrong by, and what its curvature leaves.
        const rounding = 1e-13 * Math.max(floor, Math.abs(value));
        const lost = 1e-7 * Math.abs(value) + rounding / h + 1e-2 * Math.abs(d - 2 * value + a);
        agree(`the derivative of ${name}`, tangent.item(), difference, 1e-5, lost);
      }
    },
  },
  {
    name: "transposition",
    says: "forward and reverse mode give the same directional derivative",
    appliesTo: hasParameters,
    check(model, situation) {
      const along = direction(model, situation.theta);
      const theta = np.array([...situation.theta]);
      for (const { name, of, floor } of quantities(model, situation)) {
        const [value, tangent] = jvp(of, [theta], [np.array(along)]);
        const [, pullback] = vjp(of, theta);
        const [gradient] = pullback(np.array(1));
        const back = numbersOf(gradient);
        const terms = along.map((step, i) => step * back[i]);
        const largest = Math.max(...terms.map(Math.abs), Math.abs(value.item()));
        agree(
          `the derivative of ${name} by reverse mode`,
          sumOf(terms),
          tangent.item(),
          1e-9,
          1e-9 * largest + 1e-14 * floor,
        );
      }
    },
  },
  {
    name: "Hessian",
    says: "the Hessian of log densities is symmetric and the derivative of the gradient",
    appliesTo: hasParameters,
    check(model, situation) {
      const { name, of } = quantities(model, situation)[2];
      const theta = np.array([...situation.theta]);
      const n = model.parameterCount;
      const value = of(theta).item();
      if (!Number.isFinite(value)) return;
      const second = numbersOf(hessian(of)(theta));
      const weighted = (i: number, j: number): number =>
        second[i * n + j] * situation.theta[i] * situation.theta[j];
      let largest = Math.max(1, Math.abs(value));
      for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(weighted(i, i)));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          agree(`∂²${name}/∂θ${i}∂θ${j}`, weighted(i, j), weighted(j, i), 1e-9, 1e-9 * largest);
        }
      }
      const along = direction(model, situation.theta);
      const [, moving] = jvp(grad(of), [theta], [np.array(along)]);
      const expected = numbersOf(moving);
      for (let i = 0; i < n; i++) {
        let product = 0;
        for (let j = 0; j < n; j++) product += second[i * n + j] * along[j];
        const factor = Math.abs(situation.theta[i]);
        agree(
          `row ${i} of the Hessian of ${name}`,
          product * factor,
          expected[i] * factor,
          1e-9,
          1e-9 * largest,
        );
      }
    },
  },
  {
    name: "derivative in time",
    says: "log densities are differentiable in time",
    appliesTo: (model) => model.kind === "continuous",
    check(model, { theta, times, scale }) {
      const changes = epochTimes(model, theta);
      for (const time of times) {
        const h = 1e-3 * Math.min(time, scale);
        if (changes.some((change) => Math.abs(change - time) <= h)) continue;
        const [a, b, value, c, d] = numbersOf(
          model.logPdf(theta, [time - h, time - h / 2, time, time + h / 2, time + h]),
        );
        if (!Number.isFinite(a)) continue;
        const difference = (4 * (c - b)) / (3 * h) - (d - a) / (6 * h);
        const slope = grad((t: Value) => model.logPdf(theta, t))(np.array(time)).item();
        agree(`∂logPdf/∂t at ${time}`, slope, difference, 1e-5, (1e-13 * Math.max(1, Math.abs(value))) / h);
      }
    },
  },
];
