// Channels of many times through those of the nodes: interpolation, and its transpose.
import { special } from "@phxlang/autodiff";
import type { ExponentialRequest } from "../../jets/exponential-request.ts";
import { exponentialConstants, exponentialItems } from "../../jets/exponential-request.ts";
import type { Jet } from "../../jets/subsets.ts";
import type { TimeChannel } from "../time-method.ts";
import { addPolynomials, fillCoefficients, fillNodeWeights, nodeCount, polynomialAt } from "./chebyshev.ts";
import type { PanelPlan } from "./panel-plan.ts";

/** The request for the nodes: values there are relative to their own logarithms. */
export function nodeRequest(request: ExponentialRequest, plan: PanelPlan): ExponentialRequest {
  const { times, leftOfTime } = plan.problem;
  const scales = plan.nodeLogs.map((log) => (log === -Infinity ? 0 : log));
  return {
    ...request,
    items: request.items.map((jet, item) =>
      item === exponentialItems.times ? jet.map((_, a) => (a === 0 ? times : null)) : jet,
    ),
    constants: request.constants.map((numbers, c) => {
      if (c === exponentialConstants.scales) return scales;
      return c === exponentialConstants.leftOfTime ? leftOfTime : numbers;
    }),
  };
}

export function panelChannel(request: ExponentialRequest, plan: PanelPlan, nodes: TimeChannel): TimeChannel {
  const scales = request.constants[exponentialConstants.scales];
  const panelNodes = plan.panelCount * nodeCount;
  const nodeFactors = plan.nodeOffsets.map((offset) => special.exp(offset));
  const timeFactors = new Float64Array(scales.length);
  for (let n = 0; n < scales.length; n++) {
    const offset = plan.timeOffsets[n];
    const exponent = (offset === -Infinity ? 0 : offset) - scales[n];
    timeFactors[n] = exponent === 0 ? 1 : special.exp(exponent);
  }
  const interpolate = (values: Float64Array): Float64Array => {
    const numbers = values.map((value, k) => value * nodeFactors[k]);
    const coefficients = numbers.slice();
    for (let from = 0; from < panelNodes; from += nodeCount) fillCoefficients(numbers, coefficients, from);
    const result = new Float64Array(plan.places.length);
    for (let n = 0; n < result.length; n++) {
      const place = plan.places[n];
      const from = plan.firstNodes[n];
      const isNode = Number.isNaN(place);
      result[n] = timeFactors[n] * (isNode ? numbers[from] : polynomialAt(coefficients, from, place));
    }
    return result;
  };
  const spread = (weights: Float64Array): Float64Array => {
    const coefficients = new Float64Array(plan.nodeLogs.length);
    for (let n = 0; n < weights.length; n++) {
      const weight = weights[n] * timeFactors[n];
      const place = plan.places[n];
      if (Number.isNaN(place)) coefficients[plan.firstNodes[n]] += weight;
      else addPolynomials(coefficients, plan.firstNodes[n], place, weight);
    }
    const values = coefficients.slice();
    for (let from = 0; from < panelNodes; from += nodeCount) fillNodeWeights(coefficients, values, from);
    return values.map((value, k) => value * nodeFactors[k]);
  };
  const each = (jet: Jet, move: (part: Float64Array) => Float64Array): Jet =>
    jet.map((part) => (part === null ? null : move(part)));
  return {
    values: () => each(nodes.values(), interpolate),
    adjoint: (weights, slotParts, leftParts) => nodes.adjoint(each(weights, spread), slotParts, leftParts),
  };
}
