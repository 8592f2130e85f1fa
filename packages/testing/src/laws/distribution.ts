// Laws of the distribution of T: what densities, probabilities, moments, transforms and quantiles owe each other.
import type { Value } from "@phxlang/autodiff";
import { grad, np } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import type { Law, Situation } from "./law.ts";
import { epochTimes } from "../epoch-times.ts";
import { numbersOf } from "../numbers-of.ts";
import { agree, Disagreement } from "./law.ts";
import { geometricQuadrature, integrate } from "./quadrature.ts";

const isContinuous = (model: Model): boolean => model.kind === "continuous";
const isDiscrete = (model: Model): boolean => model.kind === "discrete";
/** What is not defective stops; its moments are finite. */
const stops = (model: Model): boolean => !model.defective;

/** Beyond it lies less than 1e-12 of the probability. */
function farEnd(model: Model, { theta, scale }: Situation): number {
  const end = model.quantile(theta, 1 - 1e-12).item();
  return end > 0 ? end : scale;
}

/** Sums over more steps than this are left to continuous models. */
const mostSteps = 20_000;

export const distributionLaws: readonly Law[] = [
  {
    name: "probability",
    says: "the cdf lies in [0, 1], never decreases, and is 1 − survival",
    check(model, { theta, times }) {
      const cdf = numbersOf(model.cdf(theta, times));
      const survival = numbersOf(model.survival(theta, times));
      times.forEach((time, i) => {
        if (!(cdf[i] >= 0 && cdf[i] <= 1 + 1e-14)) {
          throw new Disagreement(`cdf(${time})`, cdf[i], Math.min(1, Math.max(0, cdf[i])), 1e-14);
        }
        agree(`cdf(${time}) + survival(${time})`, cdf[i] + survival[i], 1, 1e-12);
        if (i > 0 && cdf[i] < cdf[i - 1] - 1e-15) {
          throw new Disagreement(`cdf(${time}), after ${cdf[i - 1]} before`, cdf[i], cdf[i - 1], 1e-15);
        }
      });
    },
  },
  {
    name: "density",
    says: "the pdf is the derivative of the cdf, and logPdf and hazard are made of it",
    appliesTo: isContinuous,
    check(model, { theta, times, scale }) {
      const changes = epochTimes(model, theta);
      const pdf = numbersOf(model.pdf(theta, times));
      const log = numbersOf(model.logPdf(theta, times));
      const hazard = numbersOf(model.hazard(theta, times));
      const survival = numbersOf(model.survival(theta, times));
      times.forEach((time, i) => {
        const h = 1e-3 * Math.min(time, scale);
        if (changes.some((change) => Math.abs(change - time) <= h)) return;
        // Differences of the smaller of cdf and survival lose fewer digits.
        const isLeft = survival[i] > 0.5;
        const side = (at: number[]): number[] =>
          numbersOf(isLeft ? model.cdf(theta, at) : model.survival(theta, at));
        const [a, b, c, d] = side([time - h, time - h / 2, time + h / 2, time + h]);
        const difference = (isLeft ? 1 : -1) * ((4 * (c - b)) / (3 * h) - (d - a) / (6 * h));
        agree(`pdf(${time})`, pdf[i], difference, 1e-6, (1e-13 * Math.max(a, d)) / h);
        const slope = grad((t: Value) => model.cdf(theta, t))(np.array(time)).item();
        agree(`the derivative of cdf at ${time}`, slope, pdf[i], 1e-10);
        if (pdf[i] > 1e-290) agree(`logPdf(${time})`, log[i], Math.log(pdf[i]), 1e-12, 1e-12);
        if (survival[i] > 1e-290) agree(`hazard(${time})`, hazard[i], pdf[i] / survival[i], 1e-11);
      });
    },
  },
  {
    name: "mass",
    says: "the pdf integrates to the cdf without the atom at 0",
    appliesTo: isContinuous,
    check(model, { theta, times }) {
      const end = times[times.length - 1];
      const rule = geometricQuadrature(end, epochTimes(model, theta));
      const atom = model.cdf(theta, 0).item();
      const mass = integrate(rule, numbersOf(model.pdf(theta, rule.times)));
      agree(`the integral of pdf up to ${end}`, mass, model.cdf(theta, end).item() - atom, 1e-8, 1e-11);
    },
  },
  {
    name: "steps",
    says: "the pmf adds up to the cdf, and logPmf and hazard are made of it",
    appliesTo: isDiscrete,
    check(model, { theta, times }) {
      const end = Math.min(times[times.length - 1], mostSteps);
      const steps = Array.from({ length: end + 1 }, (_, k) => k);
      const pmf = numbersOf(model.pmf(theta, steps));
      const log = numbersOf(model.logPmf(theta, steps));
      const cdf = numbersOf(model.cdf(theta, steps));
      let sum = 0;
      for (const k of steps) {
        sum += pmf[k];
        agree(`the sum of pmf up to ${k}`, sum, cdf[k], 1e-14 * (k + 10));
        if (pmf[k] > 1e-290) agree(`logPmf(${k})`, log[k], Math.log(pmf[k]), 1e-12, 1e-12);
      }
    },
  },
  {
    name: "moments",
    says: "the mean and the second moment are integrals of the density",
    appliesTo: (model) => stops(model) && isContinuous(model),
    check(model, situation) {
      const { theta } = situation;
      const end = farEnd(model, situation);
      const rule = geometricQuadrature(end, epochTimes(model, theta));
      const pdf = numbersOf(model.pdf(theta, rule.times));
      // What lies beyond the end, many times over.
      const beyond = (order: number): number => 100 * model.survival(theta, end).item() * end ** order;
      const integral = (order: number): number => integrate(rule, pdf, (t) => t ** order);
      agree("mean", model.mean(theta).item(), integral(1), 1e-7, beyond(1));
      agree("E[T²]", model.moment(theta, 2).item(), integral(2), 1e-7, beyond(2));
    },
  },
  {
    name: "sums of steps",
    says: "the mean and the second moment are sums over the pmf",
    appliesTo: (model) => stops(model) && isDiscrete(model),
    check(model, situation) {
      const { theta } = situation;
      const end = farEnd(model, situation);
      if (end > mostSteps) return;
      const steps = Array.from({ length: end + 1 }, (_, k) => k);
      const pmf = numbersOf(model.pmf(theta, steps));
      const moment = (k: number): number => pmf.reduce((sum, p, step) => sum + p * step ** k, 0);
      agree("mean", model.mean(theta).item(), moment(1), 1e-7);
      agree("E[T²]", model.moment(theta, 2).item(), moment(2), 1e-7);
    },
  },
  {
    name: "variance",
    says: "the variance is that of the moments and not negative, and std is its root",
    appliesTo: stops,
    check(model, { theta }) {
      const [first, second] = numbersOf(model.moments(theta, 2));
      const variance = model.variance(theta).item();
      if (!(variance >= -1e-12 * second)) throw new Disagreement("variance", variance, 0, 1e-12 * second);
      agree("variance", variance, second - first ** 2, 1e-10, 1e-10 * second);
      agree("std", model.std(theta).item() ** 2, Math.max(0, variance), 1e-10, 1e-20 * second);
    },
  },
  {
    name: "Laplace transform",
    says: "E[exp(−sT)] has the moments as derivatives at 0, up to their signs",
    appliesTo: stops,
    check(model, { theta }) {
      const transform = (s: Value): Value => model.laplace(theta, s);
      const at = np.array(0);
      agree("E[exp(−0 T)]", transform(at).item(), 1, 1e-12);
      const slope = grad(transform);
      const mean = model.mean(theta).item();
      agree("the slope of laplace at 0", slope(at).item(), -mean, 1e-10);
      const second = model.moment(theta, 2).item();
      agree("the curvature of laplace at 0", grad(slope)(at).item(), second, 1e-9);
    },
  },
  {
    name: "transform of the density",
    says: "E[exp(−sT)] is the integral of exp(−st) pdf(t), and the atom",
    appliesTo: isContinuous,
    check(model, { theta, scale }) {
      const s = 1 / scale;
      const rule = geometricQuadrature(40 * scale, epochTimes(model, theta));
      const pdf = numbersOf(model.pdf(theta, rule.times));
      const expected = integrate(rule, pdf, (t) => Math.exp(-s * t)) + model.cdf(theta, 0).item();
      agree(`laplace(${s})`, model.laplace(theta, s).item(), expected, 1e-7);
    },
  },
  {
    name: "quantile",
    says: "quantile(p) is the smallest time by which the probability of having stopped is p",
    check(model, { theta, times }) {
      const cdf = numbersOf(model.cdf(theta, times));
      const before = isDiscrete(model)
        ? numbersOf(
            model.cdf(
              theta,
              times.map((time) => time - 1),
            ),
          )
        : cdf;
      times.forEach((time, i) => {
        // Near 1 a p tells little about its time.
        if (cdf[i] > 1 - 1e-6 || cdf[i] < 1e-300) return;
        if (!isDiscrete(model)) {
          const back = model.cdf(theta, model.quantile(theta, cdf[i])).item();
          agree(`cdf(quantile(${cdf[i]}))`, back, cdf[i], 1e-10);
        } else if (cdf[i] - before[i] > 1e-12) {
          // Halfway up the jump, where rounding cannot choose another step.
          const p = (cdf[i] + before[i]) / 2;
          agree(`quantile(${p})`, model.quantile(theta, p).item(), time, 0);
        }
      });
    },
  },
];
