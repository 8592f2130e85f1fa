// When a chain has forgotten its start: from then on it decays at one rate.
import { special } from "@phxlang/autodiff";
import type { EliminationTrace } from "@phxlang/graph";
import { sweepKernels } from "../kernels/index.ts";
import { allocateLanes, readLane, writeLane, zeroLanes } from "../kernels/lane-arrays.ts";
import { LaneGenerator } from "../kernels/lane-generator.ts";
import { largestRate } from "../kernels/operator.ts";
import type { OperatorPattern } from "../patterns/operator-pattern.ts";
import { kernelHost } from "../wasm/index.ts";
import { OperatorBlock } from "./operator-block.ts";
import { deviance } from "./poisson.ts";
import { largestSearch } from "./limits.ts";

export interface DecayProblem {
  /** Of a generator without couplings, whose rows and slots are those of the trace. */
  readonly pattern: OperatorPattern;
  readonly trace: EliminationTrace;
  readonly slots: Float64Array;
  /** [rows], nonnegative: the start, and what it will be multiplied with. */
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly largestTime: number;
  /** Of the steps of a sweep, those that the search may take. */
  readonly share: number;
}

/** From when on, and the number of solves and products that were spent to know it. */
export interface Forgetting {
  readonly time: number;
  readonly work: number;
}

const never: Forgetting = { time: Infinity, work: 0 };

/** Sweeps that are shorter than this are not worth the search. */
const shortestSweep = 2000;
/** What counts as nothing beside the whole: e^−44. */
const negligible = special.exp(-44);
/** Entries below this beside the whole are rounding. */
const rounding = 1e-280;
/** Relative width of the bracket of the decay rate: a few units in the last place. */
const widestBracket = 2 ** -48;
/** How far the start's distribution may be from the limit, relative and entry by entry, when the search ends. */
const closeness = 1e-10;
const mostIterations = 100;
/** Powers after which entries of no weight become 0: as subnormal numbers they would slow every product down. */
const sweepingPeriod = 32;

/**
 * The time from which left e^{S t} is e^{−η t} times one distribution, Infinity where that is not certain, or not before
 * the largest time, or not found in a fraction of the steps that a sweep would take, or within the budget of the search.
 *
 * Powers of the uniformized chain are taken until the start's distribution seems to stand still. Inverse iteration
 * with the GTH factors then makes of it the limiting distribution ν and η. For a nonnegative x the ratios
 * x_j / (x (−S)⁻¹)_j enclose η (Collatz, Wielandt), which is accepted when they agree to rounding; entries of no weight
 * need only decay at least as fast. If the start's distribution agrees with ν, twice as many powers are counted:
 * distances shrink geometrically.
 */
export function forgettingTime(problem: DecayProblem): Forgetting {
  const { pattern, slots, largestTime, share } = problem;
  const rate = (largestRate(pattern, slots) * 33) / 32;
  const mean = rate * largestTime;
  if (!(mean >= shortestSweep && mean < Infinity)) return never;
  const mostSteps = Math.min(mean * share, largestSearch / (pattern.entryCount + pattern.rowCount));
  const found = searchLimit(problem, rate, mostSteps);
  if (found === null) return never;
  const steps = 2 * found.steps;
  // Powers before `steps` must not matter at the time: their Poisson weights are at most e^−deviance in sum, and the
  // mass that is left decays from what it was at the end of the search.
  const decay = found.rate / rate;
  const logMassAtStart = found.logMass - found.steps * special.log1p(-decay);
  let forgotten = steps + 64;
  while (deviance(steps, forgotten) < 64 - (logMassAtStart - forgotten * decay)) {
    forgotten *= 1.25;
    if (!(forgotten < mean)) return never;
  }
  return { time: forgotten / rate, work: found.steps + found.solves };
}

interface Found {
  readonly steps: number;
  readonly solves: number;
  /** Log of the mass left after the steps, beside that of the start. */
  readonly logMass: number;
  /** η. */
  readonly rate: number;
}

/** How many powers of the uniformized chain, with rate `rate`, bring the start to the limit. */
function searchLimit(problem: DecayProblem, rate: number, mostSteps: number): Found | null {
  const { pattern, slots, left, right } = problem;
  const rows = pattern.rowCount;
  const arena = kernelHost().arena();
  try {
    const operator = new OperatorBlock(arena, pattern, 1);
    operator.gather(0, slots, 1 / rate, 1);
    operator.transpose();
    const functions = sweepKernels(1);
    let current = arena.place(left);
    let next = zeroLanes(arena, 1, rows);
    let logMass = -special.log(sumOf(left));
    let before = left;
    let solves = 0;
    let check = 8;
    for (let k = 1; k <= mostSteps; k++) {
      kernelHost().f64.fill(0, next / 8, next / 8 + rows);
      functions.addAppliedTransposed(operator.frame, current, next);
      [current, next] = [next, current];
      if (k % sweepingPeriod === 0) dropRounding(kernelHost().f64.subarray(current / 8, current / 8 + rows));
      if (k < check) continue;
      check = Math.ceil(1.5 * check);
      const memory = kernelHost().f64.subarray(current / 8, current / 8 + rows);
      const mass = sumOf(memory);
      if (!(mass > 1e-200)) return null;
      logMass += special.log(mass);
      for (let j = 0; j < rows; j++) memory[j] /= mass;
      const distribution = memory.slice();
      if (isClose(before, distribution, right)) {
        const limit = limitingDistribution(problem, distribution);
        solves += limit?.solves ?? mostIterations;
        if (limit !== null && isClose(distribution, limit.distribution, right)) {
          return { steps: k, solves, logMass, rate: limit.rate };
        }
      }
      before = distribution;
    }
    return null;
  } finally {
    arena.release();
  }
}

function dropRounding(x: Float64Array): void {
  const least = rounding * x.reduce((most, entry) => Math.max(most, entry), 0);
  for (let j = 0; j < x.length; j++) if (x[j] < least) x[j] = 0;
}

interface Limit {
  readonly distribution: Float64Array;
  readonly rate: number;
  readonly solves: number;
}

/** Inverse iteration from a distribution. */
function limitingDistribution({ trace, slots, right }: DecayProblem, start: Float64Array): Limit | null {
  const arena = kernelHost().arena();
  try {
    const generator = new LaneGenerator(arena, 1, trace, arena.place(slots), { killing: null });
    const solution = allocateLanes(arena, 1, start.length);
    let x = start;
    for (let solves = 1; solves <= mostIterations; solves++) {
      writeLane(solution, 1, 0, x);
      generator.solveTransposed(solution, solution);
      const next = new Float64Array(start.length);
      readLane(solution, 1, 0, next);
      const rate = decayRate(x, next, right);
      const total = sumOf(next);
      if (!(total > 0 && total < Infinity)) return null;
      for (let j = 0; j < next.length; j++) next[j] /= total;
      if (rate !== null) return { distribution: next, rate, solves };
      x = next;
    }
    return null;
  } finally {
    arena.release();
  }
}

/** The decay rate where the ratios of a distribution to its solution agree, else null. */
function decayRate(x: Float64Array, solved: Float64Array, right: Float64Array): number | null {
  const matters = whatMatters(x, right);
  let least = Infinity;
  let most = 0;
  for (let j = 0; j < x.length; j++) {
    if (matters[j] === 0) continue;
    const ratio = x[j] / solved[j];
    least = Math.min(least, ratio);
    most = Math.max(most, ratio);
  }
  if (!(most - least <= widestBracket * most)) return null;
  for (let j = 0; j < x.length; j++) {
    const isRounding = x[j] <= rounding && solved[j] * least <= rounding;
    const decays = x[j] >= least * (1 - widestBracket) * solved[j];
    if (matters[j] === 0 && !isRounding && !decays) return null;
  }
  return (least + most) / 2;
}

function sumOf(x: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j];
  return sum;
}

/** 1 for the entries of a distribution that have weight in it, or in its product with `right`. */
function whatMatters(x: Float64Array, right: Float64Array): Uint8Array {
  let product = 0;
  for (let j = 0; j < x.length; j++) product += x[j] * right[j];
  const matters = new Uint8Array(x.length);
  for (let j = 0; j < x.length; j++) {
    if (x[j] > negligible || x[j] * right[j] > negligible * product) matters[j] = 1;
  }
  return matters;
}

/** Whether a distribution agrees with another where that one matters, and is negligible elsewhere. */
function isClose(x: Float64Array, limit: Float64Array, right: Float64Array): boolean {
  const matters = whatMatters(limit, right);
  let product = 0;
  for (let j = 0; j < x.length; j++) product += x[j] * right[j];
  for (let j = 0; j < x.length; j++) {
    const isAsItMust =
      matters[j] === 1
        ? Math.abs(x[j] - limit[j]) <= closeness * limit[j]
        : x[j] <= negligible && x[j] * right[j] <= negligible * product;
    if (!isAsItMust) return false;
  }
  return true;
}
