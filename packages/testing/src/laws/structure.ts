// Laws of the structure: states, traces and matrices say the same as the distribution.
import type { Model } from "@phxlang/runtime";
import { fromMatrices, makeModel } from "@phxlang/runtime";
import { numbersOf, sumOf } from "../numbers-of.ts";
import type { Law } from "./law.ts";
import { agree, Disagreement } from "./law.ts";

/** Matrices are dense, and those of a model with epochs speak of the last one only. */
const hasMatrices = (model: Model): boolean => model.traces.length === 1 && model.trace.rowCount <= 200;

export const structureLaws: readonly Law[] = [
  {
    name: "same trace",
    says: "exploring and recording again gives the same trace",
    check(model) {
      const again = makeModel(model.description, { allowDefective: true });
      model.traces.forEach((trace, epoch) => {
        const other = again.traces[epoch];
        if (trace.contentHash === other.contentHash) return;
        throw new Disagreement(
          `the operations of trace ${other.contentHash}, not ${trace.contentHash},`,
          other.operationCount,
          trace.operationCount,
          0,
        );
      });
    },
  },
  {
    name: "states",
    says: "probabilities of the states add up to 1, and those of transient states to the survival",
    check(model, { theta, times }) {
      const all = numbersOf(model.stateProbabilities(theta, times));
      const survival = numbersOf(model.survival(theta, times));
      const { stop } = model.graph.epochs[model.graph.epochs.length - 1];
      const n = model.graph.stateCount;
      times.forEach((time, i) => {
        const own = all.slice(i * n, (i + 1) * n);
        agree(`the sum of state probabilities at ${time}`, sumOf(own), 1, 1e-11);
        if (model.graph.epochs.length > 1) return;
        const alive = own.filter((_, state) => stop[state] < 0);
        agree(`the probability of transient states at ${time}`, sumOf(alive), survival[i], 1e-10, 1e-13);
      });
    },
  },
  {
    name: "time in states",
    says: "expected times in the states add up to the mean, and ways to stop to the probability of stopping",
    appliesTo: (model) => !model.defective,
    check(model, { theta }) {
      const mean = model.mean(theta).item();
      agree(
        "the sum of expected times in states",
        sumOf(numbersOf(model.expectedTimeIn(theta))),
        mean,
        1e-10,
      );
      agree("the sum of absorption probabilities", sumOf(numbersOf(model.absorption(theta))), 1, 1e-11);
    },
  },
  {
    name: "matrices",
    says: "the model of its matrices at θ has the same distribution",
    appliesTo: (model) => hasMatrices(model) && !model.defective,
    check(model, { theta, times }) {
      const twin = modelOfMatrices(model, theta, 1);
      if (twin === null) return;
      agree("mean of the matrices", twin.mean([]).item(), model.mean(theta).item(), 1e-9);
      agree("E[T²] of the matrices", twin.moment([], 2).item(), model.moment(theta, 2).item(), 1e-9);
      const expected = numbersOf(model.survival(theta, times));
      const found = numbersOf(twin.survival([], times));
      times.forEach((time, i) =>
        agree(`survival(${time}) of the matrices`, found[i], expected[i], 1e-9, 1e-15),
      );
    },
  },
  {
    name: "scaling",
    says: "twice the rates halve the time",
    appliesTo: (model) => hasMatrices(model) && !model.defective && model.kind === "continuous",
    check(model, { theta, times }) {
      const fast = modelOfMatrices(model, theta, 2);
      if (fast === null) return;
      agree("twice the mean at doubled rates", 2 * fast.mean([]).item(), model.mean(theta).item(), 1e-9);
      const pdf = numbersOf(model.pdf(theta, times));
      const found = fast.pdf(
        [],
        times.map((time) => time / 2),
      );
      const half = numbersOf(found);
      const largest = Math.max(...pdf);
      times.forEach((time, i) =>
        agree(`half the pdf at doubled rates, ${time}`, half[i] / 2, pdf[i], 1e-9, 1e-15 * largest),
      );
    },
  },
];

/** Null where the model has no transient states. */
function modelOfMatrices(model: Model, theta: readonly number[], factor: number): Model | null {
  const { alpha, matrix, exits } = model.toMatrices(theta);
  const n = alpha.size;
  if (n === 0) return null;
  const causes = exits.size / n;
  const row = (elements: ArrayLike<number>, i: number, width: number): number[] =>
    Array.from({ length: width }, (_, j) => elements[i * width + j] * factor);
  const [matrixData, exitData] = [numbersOf(matrix), numbersOf(exits)];
  return fromMatrices(
    numbersOf(alpha),
    Array.from({ length: n }, (_, i) => row(matrixData, i, n)),
    { kind: model.kind, exits: Array.from({ length: n }, (_, i) => row(exitData, i, causes)) },
  );
}
