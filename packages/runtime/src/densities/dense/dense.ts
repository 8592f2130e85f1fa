// Dense squaring as a TimeMethod: for small generators, however long the times are beside the fastest rate.
import { special } from "@phxlang/autodiff";
import type { ExponentialRequest } from "../../jets/exponential-request.ts";
import { exponentialConstants, exponentialItems, leftCountOf } from "../../jets/exponential-request.ts";
import type { Jet } from "../../jets/subsets.ts";
import type { OperatorPattern } from "../../patterns/operator-pattern.ts";
import type { EstimatedMethod, TimeChannel, TimeValues } from "../time-method.ts";
import { areEqual } from "../are-equal.ts";
import { meets } from "../reachability.ts";
import { fromMatrix, toMatrix } from "./dense-operator.ts";
import { denseNanoseconds, denseRefusal, isLong } from "./dense-rule.ts";
import type { Parts } from "./matrix-jets.ts";
import { addMatrixProduct, noParts } from "./matrix-jets.ts";
import { StepTable } from "./step-table.ts";
import { levelCountOf, StepWalk } from "./step-walk.ts";
import type { TimeRows } from "./step-walk.ts";

/** Values whose entries are below this beside the largest have left the range of doubles on their way. */
const smallestValue = 2 ** -600;

export const dense: EstimatedMethod = {
  name: "dense",
  bestTolerance: 1e-13,
  refusal: denseRefusal,
  nanoseconds: denseNanoseconds,
  suits: isLong,
  differentiates: () => true,
  values({ pattern, slots, left, leftCount, right, times, leftOfTime }): TimeValues {
    const table = tableOf(pattern, [slots], times);
    const { ends } = new StepWalk(table, [right], times);
    const rows = ends.parts[0] ?? new Float64Array(0);
    const size = pattern.rowCount;
    const sums = new Float64Array(leftCount * times.length);
    addMatrixProduct(
      [sums],
      { jet: [left] },
      { jet: [rows], transposed: true },
      [leftCount, size, times.length],
      1,
    );
    const logValues = new Float64Array(times.length);
    const errors = new Float64Array(times.length);
    for (let n = 0; n < times.length; n++) {
      const sum = sums[leftOfTime[n] * times.length + n];
      logValues[n] = special.log(sum) + ends.exponents[n] * Math.LN2;
      if (sum >= smallestValue) errors[n] = errorOf(table.levels.length, logValues[n]);
      else errors[n] = sum === 0 && !meets(pattern, slots, left, right) ? 0 : Infinity;
    }
    const error = errors.reduce((most, own) => Math.max(most, own), 0);
    const work = table.matrix.series.terms + table.levels.length;
    return { logValues, errors, used: [{ method: "dense", times: times.length, work, error }] };
  },
  channels(request) {
    const { items, parameters, constants } = request;
    const { pattern } = parameters;
    const slots = items[exponentialItems.slots];
    const times = items[exponentialItems.times][0] ?? new Float64Array(0);
    const scales = constants[exponentialConstants.scales];
    const table = tableOf(pattern, slots, times);
    return (start): TimeChannel => {
      const walk = new StepWalk(table, start, times);
      return {
        values: () => meetLeft(request, walk.ends, scales),
        adjoint(weights, slotParts, leftParts) {
          addLeftParts(request, weights, walk.ends, scales, leftParts);
          const wantsSlots = slotParts.some((part) => part !== null);
          const productBar = wantsSlots ? noParts(start.length) : null;
          const cotangents = weightedLefts(request, weights, scales);
          const startBar = walk.backward(cotangents, table, productBar);
          if (productBar !== null) fromMatrix(pattern, productBar, 1 / table.matrix.rate, slotParts);
          return startBar;
        },
      };
    };
  },
};

/** Of a value after squarings; measured against twice the precision, with room. */
function errorOf(levelCount: number, logValue: number): number {
  return (16 * (levelCount + 10) + 8 * Math.abs(logValue)) * 2 ** -53;
}

/** e^−scale left_mᵀ row, for each time. */
function meetLeft(request: ExponentialRequest, { parts, exponents }: TimeRows, scales: Float64Array): Jet {
  const size = request.parameters.pattern.rowCount;
  const leftCount = leftCountOf(request);
  const leftOfTime = request.constants[exponentialConstants.leftOfTime];
  const count = exponents.length;
  const products = noParts(parts.length);
  const left = { jet: request.items[exponentialItems.left] };
  addMatrixProduct(products, left, { jet: parts, transposed: true }, [leftCount, size, count], 1);
  return products.map(
    (product) =>
      product &&
      Float64Array.from(exponents, (exponent, n) => {
        return product[leftOfTime[n] * count + n] * special.exp(exponent * Math.LN2 - scales[n]);
      }),
  );
}

/** Row n: weight_n e^−scale_n left_m. */
function weightedLefts(request: ExponentialRequest, weights: Jet, scales: Float64Array): TimeRows {
  const size = request.parameters.pattern.rowCount;
  const left = request.items[exponentialItems.left];
  const leftOfTime = request.constants[exponentialConstants.leftOfTime];
  const exponents = scales.map((scale) => Math.round(-scale / Math.LN2));
  const parts = noParts(weights.length);
  for (let a = 0; a < parts.length; a++) {
    for (let b = a; ; b = (b - 1) & a) {
      const weight = weights[b];
      const row = left[a ^ b];
      if (weight !== null && row !== null) {
        const target = (parts[a] ??= new Float64Array(scales.length * size));
        for (let n = 0; n < scales.length; n++) {
          const factor = weight[n] * special.exp(-scales[n] - exponents[n] * Math.LN2);
          const from = leftOfTime[n] * size;
          for (let i = 0; i < size; i++) target[n * size + i] += factor * row[from + i];
        }
      }
      if (b === 0) break;
    }
  }
  return { parts, exponents };
}

function addLeftParts(
  request: ExponentialRequest,
  weights: Jet,
  { parts, exponents }: TimeRows,
  scales: Float64Array,
  leftParts: Parts | readonly (Float64Array | null)[],
): void {
  const size = request.parameters.pattern.rowCount;
  const leftOfTime = request.constants[exponentialConstants.leftOfTime];
  for (const [a, target] of leftParts.entries()) {
    if (target === null) continue;
    for (let b = a; ; b = (b - 1) & a) {
      const weight = weights[b];
      const rows = parts[a ^ b];
      if (weight !== null && rows !== null) {
        for (let n = 0; n < scales.length; n++) {
          const factor = weight[n] * special.exp(exponents[n] * Math.LN2 - scales[n]);
          const to = leftOfTime[n] * size;
          for (let i = 0; i < size; i++) target[to + i] += factor * rows[n * size + i];
        }
      }
      if (b === 0) break;
    }
  }
}

interface KeptTable {
  readonly pattern: OperatorPattern;
  readonly slots: Jet;
  readonly table: StepTable;
}

/** The newest last: a value and its derivatives share their table. */
const recent: KeptTable[] = [];
const keptCount = 4;

/** The table of a generator with the levels that times need, kept for the next request. */
function tableOf(pattern: OperatorPattern, slots: Jet, times: Float64Array): StepTable {
  let largest = 0;
  for (const time of times) largest = Math.max(largest, time);
  let kept = recent.find((other) => other.pattern === pattern && isSameJet(other.slots, slots));
  if (kept === undefined) {
    const own = slots.map((part) => part?.slice() ?? null);
    kept = { pattern, slots: own, table: new StepTable(toMatrix(pattern, own), 1) };
    recent.push(kept);
    if (recent.length > keptCount) recent.shift();
  }
  kept.table.extend(levelCountOf(kept.table.matrix, largest));
  return kept.table;
}

/** Whether jets are equal, missing components being zero. */
function isSameJet(x: Jet, y: Jet): boolean {
  for (let a = 0; a < Math.max(x.length, y.length); a++) {
    const own = a < x.length ? x[a] : null;
    const other = a < y.length ? y[a] : null;
    if (own === null || other === null ? own !== other : !areEqual(own, other)) return false;
  }
  return true;
}
