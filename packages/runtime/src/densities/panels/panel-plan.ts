// PanelPlan: many times served by few, on panels in the logarithm of time on which polynomials are exact enough.
import { special } from "@phxlang/autodiff";
import type { Accuracy } from "../accuracy.ts";
import { areEqual } from "../are-equal.ts";
import type { TimeProblem, TimeValues } from "../time-method.ts";
import { fillCoefficients, nodeCount, nodePlaces, polynomialAt } from "./chebyshev.ts";

/** From so many times on panels are tried. */
const manyTimes = 1000;
/** Width of the first panels, and how often they may be halved. */
const firstWidth = 0.5;
const mostHalvings = 8;
/** Where log f varies by more within a panel, log f is interpolated, else f: its logarithm has poles near troughs. */
const largeVariation = 3;

interface Panel {
  /** Units of the finest width from the beginning. */
  readonly begin: number;
  readonly width: number;
}

/** What is interpolated: log F less the reference, or F beside its largest value in the panel, whose log is it. */
interface Interpolated {
  readonly usesLogs: boolean;
  readonly reference: number;
}

type FinishedPanel = Panel & Interpolated;

/**
 * Nodes are the nodes of all panels, panel by panel, then the times that no panel serves. What is interpolated is
 * F_k e^(offset_k) with F_k e^(−log F_k) given at the nodes, and F_n e^(−scale) = e^(timeOffset_n − scale) · the polynomial.
 */
export interface PanelPlan {
  readonly problem: TimeProblem;
  /** Node, or first node of its panel, of each time. */
  readonly firstNodes: Int32Array;
  /** Place of each time in its panel, in [−1, 1]; NaN where the time is a node itself. */
  readonly places: Float64Array;
  readonly panelCount: number;
  /** Of nodes: 0 where log F is interpolated, else log F_k less the panel's reference. */
  readonly nodeOffsets: Float64Array;
  /** log F of nodes and times. */
  readonly nodeLogs: Float64Array;
  readonly logs: Float64Array;
  /** Of times: log F_n where log F is interpolated, else the panel's reference. */
  readonly timeOffsets: Float64Array;
  readonly values: TimeValues;
}

interface KeptPlan {
  readonly problem: TimeProblem;
  readonly accuracy: Accuracy;
  readonly plan: PanelPlan | null;
}

/** The newest last: values and their derivatives ask for the same. */
const recent: KeptPlan[] = [];
const keptCount = 2;

/** null where panels would not save anything. `evaluate` computes values at a few times. */
export function panelPlan(
  problem: TimeProblem,
  accuracy: Accuracy,
  evaluate: (problem: TimeProblem) => TimeValues,
): PanelPlan | null {
  const { times, leftCount, law } = problem;
  if (times.length < manyTimes || leftCount !== 1 || law !== "continuous") return null;
  const { method, tolerance } = accuracy;
  const known = recent.find(
    (kept) =>
      kept.accuracy.method === method &&
      kept.accuracy.tolerance === tolerance &&
      isSameProblem(kept.problem, problem),
  );
  if (known !== undefined) return known.plan;
  const plan = newPlan(problem, accuracy, evaluate);
  recent.push({ problem, accuracy: { method, tolerance }, plan });
  if (recent.length > keptCount) recent.shift();
  return plan;
}

function isSameProblem(own: TimeProblem, other: TimeProblem): boolean {
  return (
    own.pattern === other.pattern &&
    areEqual(own.slots, other.slots) &&
    areEqual(own.left, other.left) &&
    areEqual(own.right, other.right) &&
    areEqual(own.times, other.times)
  );
}

function newPlan(
  problem: TimeProblem,
  accuracy: Accuracy,
  evaluate: (problem: TimeProblem) => TimeValues,
): PanelPlan | null {
  const { times } = problem;
  const grid = panelGrid(times);
  if (grid === null) return null;
  const { finished, failed } = refine(problem, accuracy, grid, evaluate);
  const panelOfUnit = new Int32Array(grid.unitCount).fill(-1);
  finished.forEach(({ begin, width }, p) => panelOfUnit.fill(p, begin, begin + width));
  const centers = finished.map((panel) => centerOf(grid, panel));
  const direct: number[] = [];
  const firstNodes = new Int32Array(times.length);
  const places = new Float64Array(times.length);
  const panelNodes = finished.length * nodeCount;
  for (let n = 0; n < times.length; n++) {
    const unit = grid.units[n];
    const p = unit < 0 || failed[unit] === 1 ? -1 : panelOfUnit[Math.floor(unit)];
    if (p < 0) {
      firstNodes[n] = panelNodes + direct.length;
      places[n] = Number.NaN;
      direct.push(times[n]);
    } else {
      firstNodes[n] = p * nodeCount;
      places[n] = special.log(times[n] / centers[p]) / (0.5 * finest * finished[p].width);
    }
  }
  if (3 * (panelNodes + direct.length) > times.length) return null;
  return assemble(problem, evaluate, grid, finished, direct, firstNodes, places, accuracy);
}

interface PanelGrid {
  /** log time of unit 0. */
  readonly begin: number;
  readonly unitCount: number;
  /** Place of each time in units of the finest width; −1 for the time 0. */
  readonly units: Float64Array;
}

const finest = firstWidth / 2 ** mostHalvings;

function panelGrid(times: Float64Array): PanelGrid | null {
  let first = Infinity;
  let last = 0;
  for (const time of times) {
    if (time > 0) first = Math.min(first, time);
    last = Math.max(last, time);
  }
  if (!(last > 0)) return null;
  const begin = special.log(first);
  const unitCount = (Math.floor((special.log(last) - begin) / firstWidth) + 1) * 2 ** mostHalvings;
  const units = times.map((time) => {
    return time > 0
      ? Math.min(Math.max(0, (special.log(time) - begin) / finest), unitCount * (1 - 1e-16))
      : -1;
  });
  return { begin, unitCount, units };
}

/** Halves panels until polynomials are exact enough; `failed` marks units where they never are. */
function refine(
  problem: TimeProblem,
  accuracy: Accuracy,
  grid: PanelGrid,
  evaluate: (problem: TimeProblem) => TimeValues,
): { readonly finished: FinishedPanel[]; readonly failed: Uint8Array } {
  const failed = new Uint8Array(grid.unitCount);
  const counts = new Int32Array(grid.unitCount + 1);
  for (const unit of grid.units) if (unit >= 0) counts[Math.floor(unit) + 1] += 1;
  for (let u = 0; u < grid.unitCount; u++) counts[u + 1] += counts[u];
  const timesIn = ({ begin, width }: Panel): number => counts[begin + width] - counts[begin];
  const finished: FinishedPanel[] = [];
  const width = 2 ** mostHalvings;
  let open: Panel[] = Array.from({ length: grid.unitCount / width }, (_, i) => ({ begin: i * width, width }));
  let largest = -Infinity;
  for (;;) {
    // A panel with fewer times than nodes saves nothing.
    const sparse = open.filter((panel) => timesIn(panel) <= nodeCount);
    for (const { begin, width: own } of sparse) failed.fill(1, begin, begin + own);
    open = open.filter((panel) => timesIn(panel) > nodeCount);
    if (open.length === 0) return { finished, failed };
    const times = nodeTimes(grid, open);
    const { logValues } = evaluate({ ...problem, times, leftOfTime: new Float64Array(times.length) });
    for (const log of logValues) largest = Math.max(largest, log);
    const next: Panel[] = [];
    open.forEach((panel, i) => {
      const logs = logValues.slice(i * nodeCount, (i + 1) * nodeCount);
      const interpolated = exactEnough(logs, accuracy, largest);
      if (interpolated !== null) finished.push({ ...panel, ...interpolated });
      else if (panel.width === 1) failed[panel.begin] = 1;
      else {
        const half = panel.width / 2;
        next.push({ begin: panel.begin, width: half }, { begin: panel.begin + half, width: half });
      }
    });
    open = next;
  }
}

/** Places are measured from here, in logarithms of ratios near 1: those of times themselves are less exact. */
function centerOf({ begin }: PanelGrid, panel: Panel): number {
  return special.exp(begin + (panel.begin + panel.width / 2) * finest);
}

function nodeTimes(grid: PanelGrid, panels: readonly Panel[]): Float64Array {
  const times = new Float64Array(panels.length * nodeCount);
  panels.forEach((panel, i) => {
    const center = centerOf(grid, panel);
    nodePlaces.forEach((place, k) => {
      times[i * nodeCount + k] = center * special.exp(0.5 * finest * panel.width * place);
    });
  });
  return times;
}

/** What is to be interpolated; null where neither is exact enough. */
function exactEnough(
  logs: Float64Array,
  { method, tolerance }: Accuracy,
  largest: number,
): Interpolated | null {
  const isAbsolute = method === "krylov";
  const highest = logs.reduce((most, log) => Math.max(most, log), -Infinity);
  const lowest = logs.reduce((least, log) => Math.min(least, log), Infinity);
  const usesLogs = !isAbsolute && highest - lowest > largeVariation;
  if (highest === -Infinity || (usesLogs && lowest === -Infinity)) return null;
  const reference = usesLogs ? logs[nodeCount >> 1] : highest;
  const values = logs.map((log) => (usesLogs ? log - reference : special.exp(log - reference)));
  const coefficients = new Float64Array(nodeCount);
  fillCoefficients(values, coefficients, 0);
  const left = Math.max(Math.abs(coefficients[nodeCount - 1]), Math.abs(coefficients[nodeCount - 2]));
  const unit = isAbsolute ? special.exp(largest - highest) : usesLogs ? 1 : special.exp(lowest - highest);
  if (!(left <= 0.5 * tolerance * unit)) return null;
  return { usesLogs, reference };
}

function assemble(
  problem: TimeProblem,
  evaluate: (problem: TimeProblem) => TimeValues,
  grid: PanelGrid,
  panels: readonly FinishedPanel[],
  direct: readonly number[],
  firstNodes: Int32Array,
  places: Float64Array,
  accuracy: Accuracy,
): PanelPlan {
  const times = Float64Array.from([...nodeTimes(grid, panels), ...direct]);
  const nodes = { ...problem, times, leftOfTime: new Float64Array(times.length) };
  const found = evaluate(nodes);
  const nodeLogs = found.logValues;
  const nodeOffsets = new Float64Array(times.length);
  const coefficients = new Float64Array(panels.length * nodeCount);
  const numbers = new Float64Array(panels.length * nodeCount);
  panels.forEach(({ usesLogs, reference }, p) => {
    const from = p * nodeCount;
    for (let k = from; k < from + nodeCount; k++) {
      const offset = nodeLogs[k] - reference;
      nodeOffsets[k] = usesLogs ? 0 : offset;
      numbers[k] = usesLogs ? offset : special.exp(offset);
    }
    fillCoefficients(numbers, coefficients, from);
  });
  const count = places.length;
  const logs = new Float64Array(count);
  const timeOffsets = new Float64Array(count);
  const errors = new Float64Array(count);
  const error = found.errors.reduce((most, own) => Math.max(most, own), 0);
  for (let n = 0; n < count; n++) {
    const from = firstNodes[n];
    errors[n] = error;
    if (Number.isNaN(places[n])) {
      logs[n] = timeOffsets[n] = nodeLogs[from];
      continue;
    }
    const value = polynomialAt(coefficients, from, places[n]);
    const { usesLogs, reference } = panels[from / nodeCount];
    if (usesLogs) logs[n] = reference + value;
    else logs[n] = value > 0 ? reference + special.log(value) : -Infinity;
    timeOffsets[n] = usesLogs ? logs[n] : reference;
  }
  const interpolated = count - direct.length;
  const used = [
    ...found.used,
    { method: "panels", times: interpolated, work: times.length, error: accuracy.tolerance / 2 } as const,
  ];
  const values = { logValues: logs, errors, used };
  return {
    problem: nodes,
    firstNodes,
    places,
    panelCount: panels.length,
    nodeOffsets,
    nodeLogs,
    logs,
    timeOffsets,
    values,
  };
}
