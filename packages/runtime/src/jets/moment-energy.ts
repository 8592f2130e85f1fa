// The energy of moments: Φ = Σ_i Σ_s weights_is m_i[rows_s], from features to moments without leaving the kernels' memory.
import type { LaneCount } from "../kernels/lane-arrays.ts";
import { readLane, zeroLanes } from "../kernels/lane-arrays.ts";
import { generatorAt } from "../kernels/kept-generator.ts";
import { addFeatureGradient, addFormsTransposed, formsInLanes } from "../kernels/lane-forms.ts";
import { LaneGenerator } from "../kernels/lane-generator.ts";
import { factorLength } from "../kernels/phase-type-kernels.ts";
import type { MomentPlan } from "../patterns/moment-plan.ts";
import type { Arena } from "../wasm/index.ts";
import { kernelHost } from "../wasm/index.ts";
import { runWithSolvers } from "./choose-solver.ts";
import type { LaneEnergy, LaneGradientRequest, LaneJet } from "./energy.ts";
import type { OperatorGradient } from "./jet-solver.ts";
import { withoutLastEpsilon } from "./linear-items.ts";
import { MomentLattice } from "./moment-lattice.ts";
import { zeroJet } from "./subsets.ts";

export type MomentParameters = { readonly plan: MomentPlan };

/** Positions of the items. */
export const momentItems = { features: 0, rates: 1, payments: 2, weights: 3 } as const;

export const momentEnergy: LaneEnergy<MomentParameters> = {
  name: "moments",
  documentation:
    "Σ weights · moments of rewards: features [features], rates [vectors, rows], payments [vectors, paying transitions], weights [moments, wanted rows]",
  items: ["features", "rates", "payments", "weights"],
  constants: [],
  bytesPerLane,
  laneGradient: (request) => withoutLastEpsilon(request, [momentItems.weights], gradient),
};

function bytesPerLane({ plan: { trace, slotForms, moments } }: MomentParameters): number {
  return 8 * (slotForms.rowCount + factorLength(trace) + (2 * moments.length + 2) * trace.rowCount);
}

function gradient(request: LaneGradientRequest<MomentParameters>): readonly LaneJet[] {
  const { arena, lanes, parameters, items, order, wanted, shapes } = request;
  const { plan } = parameters;
  const features = items[momentItems.features];
  const [first] = features;
  if (first === null) throw new RangeError("internal: moments without features");
  const byteCount = lanes * bytesPerLane(parameters);
  const { columnCount } = plan.slotForms;
  const generator = generatorAt(plan, lanes, first, columnCount, byteCount, arena, (own) => {
    const { values, isNegative } = formsInLanes(own, lanes, plan.slotForms, first);
    const made = new LaneGenerator(own, lanes, plan.trace, values, { killing: null });
    checkSlots(plan, made, isNegative || !made.isRegular);
    return made;
  });
  const slots = features.map((part, a) => {
    if (part === null) return null;
    return a === 0 ? generator.slots : formsInLanes(arena, lanes, plan.slotForms, part).values;
  });
  const wants = (item: number, a: number): boolean => wanted[(item << order) + a];
  const wantsAny = (item: number): boolean => wanted.slice(item << order, (item + 1) << order).includes(true);
  const isDerived = features.some((part, a) => a > 0 && part !== null) || wantsAny(momentItems.features);
  const operator = { generator, arena, order, slots, killing: zeroJet<number>(order) };
  return runWithSolvers(operator, isDerived, shapes, (makeSolver) => {
    const featureBars = zeroJet<number>(order);
    const sink = featureGradient(plan, arena, generator, featureBars, (a) => wants(momentItems.features, a));
    const solver = makeSolver(sink);
    const lattice = new MomentLattice(plan, arena, generator, order, {
      rates: items[momentItems.rates],
      payments: items[momentItems.payments],
    });
    lattice.forward(solver);
    const values = zeroJet<number>(order).map((_, a) =>
      wants(momentItems.weights, a) ? gatherRows(arena, lanes, plan, lattice.moments, a) : null,
    );
    const goesBack = [momentItems.features, momentItems.rates, momentItems.payments].some(wantsAny);
    if (!goesBack) return [featureBars, zeroJet<number>(order), zeroJet<number>(order), values];
    const weights = items[momentItems.weights];
    const adjoints = plan.moments.map((_, i) =>
      weights.map((part) => (part === null ? null : scatterRows(arena, lanes, plan, part, i))),
    );
    const { rates, payments } = lattice.backward(solver, adjoints);
    solver.finish();
    return [featureBars, rates, payments, values];
  });
}

/** Runs the checks that may fail: where all slots are rates, nothing is read from the memory. */
function checkSlots(
  { checks, slotForms }: MomentPlan,
  generator: LaneGenerator,
  isSuspicious: boolean,
): void {
  const open = isSuspicious ? checks : checks.filter(({ allowsRates }) => !allowsRates);
  if (open.length === 0) return;
  const slots = new Float64Array(slotForms.rowCount);
  for (let lane = 0; lane < generator.lanes; lane++) {
    readLane(generator.slots, generator.lanes, lane, slots);
    for (const check of open) check.check(slots);
  }
}

/** Sums up derivatives with respect to features; bars are made when they are first added to. */
function featureGradient(
  { slotForms, trace }: MomentPlan,
  arena: Arena,
  generator: LaneGenerator,
  bars: (number | null)[],
  wants: (component: number) => boolean,
): OperatorGradient {
  const { lanes } = generator;
  const barOf = (a: number): number => (bars[a] ??= zeroLanes(arena, lanes, slotForms.columnCount));
  return {
    wants,
    addEdges(a, left, right) {
      addFeatureGradient(generator.kernels(), slotForms, trace, left, right, barOf(a));
    },
    addSlots(a, slots) {
      addFormsTransposed(lanes, slotForms, trace.slotCount, slots, barOf(a));
    },
  };
}

/** Component a of all moments at the wanted rows: [moments, wanted rows]. */
function gatherRows(
  arena: Arena,
  lanes: LaneCount,
  { rows }: MomentPlan,
  moments: readonly LaneJet[],
  a: number,
): number {
  const result = zeroLanes(arena, lanes, moments.length * rows.length);
  const { f64 } = kernelHost();
  let place = result / 8;
  for (const moment of moments) {
    const part = moment[a];
    for (const row of rows) {
      for (let lane = 0; lane < lanes; lane++, place++) {
        if (part !== null) f64[place] = f64[part / 8 + row * lanes + lane];
      }
    }
  }
  return result;
}

/** The adjoint of moment i, [rows] and one 0 more, from weights [moments, wanted rows]. */
function scatterRows(
  arena: Arena,
  lanes: LaneCount,
  { rows, trace }: MomentPlan,
  weights: number,
  i: number,
): number {
  const result = zeroLanes(arena, lanes, trace.rowCount + 1);
  const { f64 } = kernelHost();
  let source = weights / 8 + i * rows.length * lanes;
  for (const row of rows) {
    for (let lane = 0; lane < lanes; lane++) f64[result / 8 + row * lanes + lane] += f64[source++];
  }
  return result;
}
