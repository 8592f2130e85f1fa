// The energy of elimination: Φ = Σ_j weight_j · result_j(inputs), for a chain with some of its states removed.
import type { ReductionPlan } from "../patterns/reduction-plan.ts";
import type { ItemEnergy } from "./energy.ts";
import type { JetVector } from "./jet-vector.ts";
import {
  addEntry,
  addProduct,
  clearEntry,
  denseJet,
  jetVector,
  setEntry,
  setQuotient,
} from "./jet-vector.ts";

export type ReductionParameters = { readonly plan: ReductionPlan };

/** Positions of the items: inputs [inputs], weights [outputs]. */
export const reductionItems = { inputs: 0, weights: 1 } as const;

export const reductionEnergy: ItemEnergy<ReductionParameters> = {
  name: "reduction",
  documentation:
    "Σ_j weights_j · result_j of eliminating states from inputs [inputs] by GTH steps; weights [outputs]",
  items: ["inputs", "weights"],
  constants: [],
  gradient({ order, items, parameters: { plan }, wanted }) {
    const size = 1 << order;
    const work = denseJet(items[reductionItems.inputs], order, plan.workCount);
    const shares = jetVector(order, plan.inSlots.length);
    const totals = jetVector(order, plan.stepCount);
    eliminate(plan, work, shares, totals);
    const results = jetVector(order, plan.outputs.length);
    plan.outputs.forEach((entry, j) => setEntry(results, j, work, entry));
    const wantsInputs = wanted.slice(0, size).some(Boolean);
    if (!wantsInputs) return [results.parts.map(() => null), results.parts];
    const weights = denseJet(items[reductionItems.weights], order, plan.outputs.length);
    const workBar = jetVector(order, plan.workCount);
    plan.outputs.forEach((entry, j) => addEntry(workBar, entry, weights, j));
    eliminateBackwards(plan, work, shares, totals, workBar);
    return [workBar.parts.map((part) => part.slice(0, plan.inputCount)), results.parts];
  },
};

/** shares: work[p] / total for each entering entry; a state that is never left (total 0) passes nothing on. */
function eliminate(plan: ReductionPlan, work: JetVector, shares: JetVector, totals: JetVector): void {
  let next = 0;
  for (let k = 0; k < plan.stepCount; k++) {
    for (let o = plan.outOffsets[k]; o < plan.outOffsets[k + 1]; o++)
      addEntry(totals, k, work, plan.outSlots[o]);
    for (let p = plan.inOffsets[k]; p < plan.inOffsets[k + 1]; p++) {
      if (totals.parts[0][k] === 0) clearEntry(shares, p);
      else setQuotient(shares, p, work, plan.inSlots[p], totals, k);
      for (let o = plan.outOffsets[k]; o < plan.outOffsets[k + 1]; o++) {
        const target = plan.targets[next++];
        if (target >= 0) addProduct(work, target, shares, p, work, plan.outSlots[o]);
      }
    }
  }
}

/** Entries that enter or leave an eliminated state do not change any more: `work` at the end is the tape. */
function eliminateBackwards(
  plan: ReductionPlan,
  work: JetVector,
  shares: JetVector,
  totals: JetVector,
  workBar: JetVector,
): void {
  const shareBar = jetVector(work.order, 1);
  const totalBar = jetVector(work.order, 1);
  let next = plan.targets.length;
  for (let k = plan.stepCount - 1; k >= 0; k--) {
    clearEntry(totalBar, 0);
    for (let p = plan.inOffsets[k + 1] - 1; p >= plan.inOffsets[k]; p--) {
      clearEntry(shareBar, 0);
      for (let o = plan.outOffsets[k + 1] - 1; o >= plan.outOffsets[k]; o--) {
        const target = plan.targets[--next];
        if (target < 0) continue;
        addProduct(shareBar, 0, workBar, target, work, plan.outSlots[o]);
        addProduct(workBar, plan.outSlots[o], workBar, target, shares, p);
      }
      if (totals.parts[0][k] === 0) continue;
      setQuotient(shareBar, 0, shareBar, 0, totals, k);
      addEntry(workBar, plan.inSlots[p], shareBar, 0);
      addProduct(totalBar, 0, shareBar, 0, shares, p, -1);
    }
    for (let o = plan.outOffsets[k]; o < plan.outOffsets[k + 1]; o++) {
      addEntry(workBar, plan.outSlots[o], totalBar, 0);
    }
  }
}
