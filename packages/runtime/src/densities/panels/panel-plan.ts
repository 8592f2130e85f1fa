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
/** Where log F varies by less within a panel F itself may be interpolated: its logarithm has poles near troughs. */
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
  const finished = refine(problem, accuracy, grid, evaluate);
  const panelOfUnit = new Int32Array(grid.unitCount).fill(-1);
  finished.forEach(({ begin, width }, p) => panelOfUnit.fill(p, begin, begin + width));
  const centers = Float64Array.from(finished, (panel) => special.log(centerOf(grid, panel)));
  const perPlace = Float64Array.from(finished, ({ width }) => 1 / (0.5 * finest * width));
  const direct: number[] = [];
  const firstNodes = new Int32Array(times.length);
  const places = new Float64Array(times.length);
  const panelNodes = finished.length * nodeCount;
  for (let n = 0; n < times.length; n++) {
    const unit = unitOf(grid, grid.logTimes[n]);
    const p = unit < 0 ? -1 : panelOfUnit[unit];
    if (p < 0) {
      firstNodes[n] = panelNodes + direct.length;
      places[n] = Number.NaN;
      direct.push(times[n]);
    } else {
      firstNodes[n] = p * nodeCount;
      places[n] = (grid.logTimes[n] - centers[p]) * perPlace[p];
    }
  }
  if (3 * (panelNodes + direct.length) > times.length) return null;
  return assemble(problem, evaluate, grid, finished, direct, firstNodes, places, accuracy);
}

interface PanelGrid {
  /** log time of unit 0. */
  readonly begin: number;
  readonly unitCount: number;
  /** −Infinity for the time 0. */
  readonly logTimes: Float64Array;
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
  const logTimes = new Float64Array(times.length);
  for (let n = 0; n < times.length; n++) logTimes[n] = times[n] > 0 ? special.log(times[n]) : -Infinity;
  return { begin, unitCount, logTimes };
}

/** The unit of the finest width in which a time lies; −1 for the time 0. */
function unitOf({ begin, unitCount }: PanelGrid, logTime: number): number {
  return logTime === -Infinity ? -1 : Math.min(Math.floor((logTime - begin) / finest), unitCount - 1);
}

/** Panels halved until polynomials are exact enough; none where they never are, or where times are few. */
function refine(
  problem: TimeProblem,
  accuracy: Accuracy,
  grid: PanelGrid,
  evaluate: (problem: TimeProblem) => TimeValues,
): FinishedPanel[] {
  const counts = new Int32Array(grid.unitCount + 1);
  for (let n = 0; n < grid.logTimes.length; n++) counts[unitOf(grid, grid.logTimes[n]) + 1] += 1;
  // Times of 0 belong to no panel.
  counts[0] = 0;
  for (let u = 0; u < grid.unitCount; u++) counts[u + 1] += counts[u];
  const timesIn = ({ begin, width }: Panel): number => counts[begin + width] - counts[begin];
  const finished: FinishedPanel[] = [];
  const width = 2 ** mostHalvings;
  let open: Panel[] = Array.from({ length: grid.unitCount / width }, (_, i) => ({ begin: i * width, width }));
  let largest = -Infinity;
  for (;;) {
    // A panel with fewer times than nodes saves nothing.
    open = open.filter((panel) => timesIn(panel) > nodeCount);
    if (open.length === 0) return finished;
    const times = nodeTimes(grid, open);
    const { logValues } = evaluate({ ...problem, times, leftOfTime: new Float64Array(times.length) });
    for (const log of logValues) largest = Math.max(largest, log);
    const next: Panel[] = [];
    open.forEach((panel, i) => {
      const logs = logValues.slice(i * nodeCount, (i + 1) * nodeCount);
      const interpolated = exactEnough(logs, accuracy, largest);
      if (interpolated !== null) finished.push({ ...panel, ...interpolated });
      else if (panel.width > 1) {
        const half = panel.width / 2;
        next.push({ begin: panel.begin, width: half }, { begin: panel.begin + half, width: half });
      }
    });
    open = next;
  }
}

/** Nodes lie around it by small ratios: sums of logarithms would be less exact. */
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
  if (highest === -Infinity) return null;
  const middle = logs[nodeCount >> 1];
  if (!isAbsolute && lastCoefficients(logs.map((log) => log - middle)) <= 0.5 * tolerance) {
    return { usesLogs: true, reference: middle };
  }
  if (!isAbsolute && !(highest - lowest <= largeVariation)) return null;
  const unit = special.exp((isAbsolute ? largest : lowest) - highest);
  const isExact = lastCoefficients(logs.map((log) => special.exp(log - highest))) <= 0.5 * tolerance * unit;
  return isExact ? { usesLogs: false, reference: highest } : null;
}

/** What the next coefficients would be like; NaN where a value is not finite. */
function lastCoefficients(values: Float64Array): number {
  const coefficients = new Float64Array(nodeCount);
  fillCoefficients(values, coefficients, 0);
  return Math.max(Math.abs(coefficients[nodeCount - 1]), Math.abs(coefficients[nodeCount - 2]));
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
  panels.forEach((panel, p) => {
    const { reference } = panel;
    const from = p * nodeCount;
    for (let k = from; k < from + nodeCount; k++) {
      const offset = nodeLogs[k] - reference;
      nodeOffsets[k] = panel.usesLogs ? 0 : offset;
      numbers[k] = panel.usesLogs ? offset : special.exp(offset);
    }
    fillCoefficients(numbers, coefficients, from);
  });
  const count = places.length;
  const logs = new Float64Array(count);
  const timeOffsets = new Float64Array(count);
  const usesLogs = Uint8Array.from(panels, (panel) => (panel.usesLogs ? 1 : 0));
  const references = Float64Array.from(panels, ({ reference }) => reference);
  for (let n = 0; n < count; n++) {
    const from = firstNodes[n];
    const place = places[n];
    if (Number.isNaN(place)) {
      logs[n] = timeOffsets[n] = nodeLogs[from];
      continue;
    }
    const value = polynomialAt(coefficients, from, place);
    const p = from / nodeCount;
    if (usesLogs[p] === 1) logs[n] = timeOffsets[n] = references[p] + value;
    else {
      logs[n] = value > 0 ? references[p] + special.log(value) : -Infinity;
      timeOffsets[n] = references[p];
    }
  }
  const error = found.errors.reduce((most, own) => Math.max(most, own), 0);
  const interpolated = count - direct.length;
  const used = [
    ...found.used,
    { method: "panels", times: interpolated, work: times.length, error: accuracy.tolerance / 2 } as const,
  ];
  const values = { logValues: logs, errors: new Float64Array(count).fill(error), used };
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
