// Probabilities that must sum to 1: of the start, and in discrete time of every state.
import { PhxError } from "@phxlang/autodiff";
import type { LinearForms } from "./linear-forms.ts";
import type { MarkovGraph } from "./markov-graph.ts";

const tolerance = 1e-9;

/**
 * Throws PHX404 if the start does not sum to 1, PHX704 if, in discrete time, a state that is reached and does not stop
 * does not. Sums that are constant are checked as they are, others at `points`, values of z within its bounds.
 */
export function checkProbabilities(graph: MarkovGraph, points: readonly Float64Array[]): void {
  const sums = new RowSums(graph, points);
  const startRows = Array.from({ length: graph.startWeights.rowCount }, (_, r) => r);
  const start = sums.findWrong(graph.startWeights, startRows);
  if (start !== null) throw wrongStart(start.sum);
  if (graph.kind === "continuous") return;
  graph.epochs.forEach((epoch, index) => {
    for (let i = 0; i < graph.stateCount; i++) {
      if (epoch.stop[i] >= 0 || (epoch.reached !== null && epoch.reached[i] === 0)) continue;
      const wrong = sums.findWrong(epoch.weights, rangeOf(graph.rowOffsets[i], graph.rowOffsets[i + 1]));
      if (wrong !== null) throw wrongRow(graph, index, i, wrong);
    }
  });
}

function rangeOf(begin: number, end: number): number[] {
  return Array.from({ length: end - begin }, (_, k) => begin + k);
}

interface WrongSum {
  readonly sum: number;
  /** Features at the point where it is wrong. */
  readonly phi: Float64Array;
}

class RowSums {
  private readonly values: readonly Float64Array[];
  private readonly totals: Float64Array;

  constructor(graph: MarkovGraph, points: readonly Float64Array[]) {
    this.values = points.map((z) => graph.features.evaluate(z));
    this.totals = new Float64Array(graph.features.featureCount);
  }

  /** The sum of some rows where it is not 1, or null. */
  findWrong(forms: LinearForms, rows: readonly number[]): WrongSum | null {
    const { totals } = this;
    const met: number[] = [];
    for (const row of rows) {
      for (let j = forms.offsets[row]; j < forms.offsets[row + 1]; j++) {
        met.push(forms.features[j]);
        totals[forms.features[j]] += forms.coefficients[j];
      }
    }
    const features = [...new Set(met)].filter((feature) => Math.abs(totals[feature]) > tolerance);
    const constant = Float64Array.of(1);
    const checked = features.some((feature) => feature !== 0) ? this.values : [constant];
    let wrong: WrongSum | null = null;
    for (const phi of checked) {
      const sum = features.reduce((total, feature) => total + totals[feature] * phi[feature], 0);
      if (!(Math.abs(sum - 1) <= tolerance)) {
        wrong = { sum, phi: phi === constant ? (this.values[0] ?? constant) : phi };
        break;
      }
    }
    for (const feature of met) totals[feature] = 0;
    return wrong;
  }
}

function wrongStart(sum: number): PhxError {
  return new PhxError({
    code: "PHX404",
    what: `start weights sum to ${readable(sum)}`,
    why: "they are the probabilities of where a path begins",
    fix: sum < 1 ? `add the missing ${readable(1 - sum)}, or use 1 - p` : "make them sum to 1",
  });
}

function wrongRow(graph: MarkovGraph, epoch: number, state: number, { sum, phi }: WrongSum): PhxError {
  const parts = graph.hasTransitions ? partsOf(graph, epoch, state, phi) : [];
  return new PhxError({
    code: "PHX704",
    what: `probabilities in ${graph.states.describe(state)} sum to ${readable(sum)}${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`,
    why: "in discrete time something happens at every step",
    fix: "use `@ rest` for what remains, or correct the probabilities",
  });
}

/** `win 0.6`, `lose 0.45`: the first few transitions of a state. */
function partsOf(graph: MarkovGraph, epoch: number, state: number, phi: Float64Array): string[] {
  const parts: string[] = [];
  const { count, sources, events, weights } = graph.transitions;
  const { offsets, features, coefficients } = weights[epoch];
  for (let t = 0; t < count && parts.length < 6; t++) {
    if (sources[t] !== state) continue;
    let value = 0;
    for (let j = offsets[t]; j < offsets[t + 1]; j++) value += coefficients[j] * (phi[features[j]] ?? NaN);
    parts.push(`${graph.events[events[t]]} ${readable(value)}`);
  }
  return parts;
}

function readable(value: number): string {
  return String(Number(value.toPrecision(6)));
}
