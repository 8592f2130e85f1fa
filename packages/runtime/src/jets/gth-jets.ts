// GTH elimination carried out on jets, forward and reverse: derivatives of any order of solves in which the
// expected number of jumps is so large that differences of the solution are lost.
import type { EliminationTrace } from "@phxlang/graph";
import type { JetVector } from "./jet-vector.ts";
import { addEntry, addProduct, clearEntry, jetVector, setEntry, setQuotient } from "./jet-vector.ts";

/** Factors as jets: multipliers and upper entries as the trace lists them, pivots and exits by row. */
export interface JetFactors {
  readonly lower: JetVector;
  readonly upper: JetVector;
  readonly pivots: JetVector;
  readonly exits: JetVector;
}

export function factorJets(trace: EliminationTrace, slots: JetVector, killing: JetVector | null): JetFactors {
  const { rowCount, rowOffsets, columns, exitOffsets, blockOffsets } = trace;
  const { lowerOffsets, lowerColumns, upperOffsets, upperColumns } = trace;
  const order = slots.order;
  const exitBase = rowOffsets[rowCount];
  const lower = jetVector(order, lowerColumns.length);
  const upper = jetVector(order, upperColumns.length);
  const pivots = jetVector(order, rowCount);
  const exits = jetVector(order, rowCount);
  const work = jetVector(order, rowCount);
  for (let block = 0; block + 1 < blockOffsets.length; block++) {
    const blockStart = blockOffsets[block];
    for (let i = blockStart; i < blockOffsets[block + 1]; i++) {
      if (killing !== null) addEntry(exits, i, killing, i);
      for (let x = exitOffsets[i]; x < exitOffsets[i + 1]; x++) addEntry(exits, i, slots, exitBase + x);
      for (let s = rowOffsets[i]; s < rowOffsets[i + 1]; s++) {
        if (columns[s] < blockStart) addEntry(exits, i, slots, s);
        else setEntry(work, columns[s], slots, s);
      }
      for (let p = lowerOffsets[i]; p < lowerOffsets[i + 1]; p++) {
        const k = lowerColumns[p];
        setQuotient(lower, p, work, k, pivots, k);
        clearEntry(work, k);
        addProduct(exits, i, lower, p, exits, k);
        for (let q = upperOffsets[k]; q < upperOffsets[k + 1]; q++) {
          addProduct(work, upperColumns[q], lower, p, upper, q);
        }
      }
      clearEntry(work, i);
      setEntry(pivots, i, exits, i);
      for (let q = upperOffsets[i]; q < upperOffsets[i + 1]; q++) {
        setEntry(upper, q, work, upperColumns[q]);
        addEntry(pivots, i, work, upperColumns[q]);
        clearEntry(work, upperColumns[q]);
      }
    }
  }
  return { lower, upper, pivots, exits };
}

/** One right-hand side: the solution x and, for the way back, the inflows y of the downward pass. */
export function solveJets(
  trace: EliminationTrace,
  slots: JetVector,
  factors: JetFactors,
  right: JetVector,
): { readonly solution: JetVector; readonly inflow: JetVector } {
  const { rowCount, rowOffsets, columns, blockOffsets } = trace;
  const { lowerOffsets, lowerColumns, upperOffsets, upperColumns } = trace;
  const solution = jetVector(slots.order, rowCount);
  const inflow = jetVector(slots.order, rowCount);
  for (let block = 0; block + 1 < blockOffsets.length; block++) {
    const blockStart = blockOffsets[block];
    const blockEnd = blockOffsets[block + 1];
    for (let i = blockStart; i < blockEnd; i++) {
      setEntry(inflow, i, right, i);
      for (let s = rowOffsets[i]; s < rowOffsets[i + 1] && columns[s] < blockStart; s++) {
        addProduct(inflow, i, slots, s, solution, columns[s]);
      }
      for (let p = lowerOffsets[i]; p < lowerOffsets[i + 1]; p++) {
        addProduct(inflow, i, factors.lower, p, inflow, lowerColumns[p]);
      }
    }
    for (let i = blockEnd - 1; i >= blockStart; i--) {
      setEntry(solution, i, inflow, i);
      for (let q = upperOffsets[i]; q < upperOffsets[i + 1]; q++) {
        addProduct(solution, i, factors.upper, q, solution, upperColumns[q]);
      }
      setQuotient(solution, i, solution, i, factors.pivots, i);
    }
  }
  return { solution, inflow };
}

/** Adjoints that one or several right-hand sides leave on the slots and the factors. */
export interface JetAdjoints {
  readonly slots: JetVector;
  readonly lower: JetVector;
  readonly upper: JetVector;
  readonly pivots: JetVector;
  readonly exits: JetVector;
}

export function jetAdjoints(trace: EliminationTrace, order: number): JetAdjoints {
  return {
    slots: jetVector(order, trace.slotCount),
    lower: jetVector(order, trace.lowerColumns.length),
    upper: jetVector(order, trace.upperColumns.length),
    pivots: jetVector(order, trace.rowCount),
    exits: jetVector(order, trace.rowCount),
  };
}

/** Back through one solve; returns the adjoint of its right-hand side. */
export function reverseSolveJets(
  trace: EliminationTrace,
  slots: JetVector,
  factors: JetFactors,
  solved: { readonly solution: JetVector; readonly inflow: JetVector },
  left: JetVector,
  adjoints: JetAdjoints,
): JetVector {
  const { rowCount, rowOffsets, columns, blockOffsets } = trace;
  const { lowerOffsets, lowerColumns, upperOffsets, upperColumns } = trace;
  const { solution, inflow } = solved;
  const solutionBar = jetVector(slots.order, rowCount);
  const inflowBar = jetVector(slots.order, rowCount);
  for (let i = 0; i < rowCount; i++) setEntry(solutionBar, i, left, i);
  for (let block = blockOffsets.length - 2; block >= 0; block--) {
    const blockStart = blockOffsets[block];
    const blockEnd = blockOffsets[block + 1];
    for (let i = blockStart; i < blockEnd; i++) {
      setQuotient(inflowBar, i, solutionBar, i, factors.pivots, i);
      addProduct(adjoints.pivots, i, inflowBar, i, solution, i, -1);
      for (let q = upperOffsets[i]; q < upperOffsets[i + 1]; q++) {
        addProduct(adjoints.upper, q, inflowBar, i, solution, upperColumns[q]);
        addProduct(solutionBar, upperColumns[q], inflowBar, i, factors.upper, q);
      }
    }
    for (let i = blockEnd - 1; i >= blockStart; i--) {
      for (let p = lowerOffsets[i]; p < lowerOffsets[i + 1]; p++) {
        addProduct(adjoints.lower, p, inflowBar, i, inflow, lowerColumns[p]);
        addProduct(inflowBar, lowerColumns[p], inflowBar, i, factors.lower, p);
      }
      for (let s = rowOffsets[i]; s < rowOffsets[i + 1] && columns[s] < blockStart; s++) {
        addProduct(adjoints.slots, s, inflowBar, i, solution, columns[s]);
        addProduct(solutionBar, columns[s], inflowBar, i, slots, s);
      }
    }
  }
  return inflowBar;
}

/** Back through the factorization: completes adjoints.slots; returns the adjoint of killing. */
export function reverseFactorJets(
  trace: EliminationTrace,
  factors: JetFactors,
  adjoints: JetAdjoints,
): JetVector {
  const { rowCount, rowOffsets, columns, exitOffsets, blockOffsets } = trace;
  const { lowerOffsets, lowerColumns, upperOffsets, upperColumns } = trace;
  const order = adjoints.slots.order;
  const exitBase = rowOffsets[rowCount];
  const work = jetVector(order, rowCount);
  const multiplierBar = jetVector(order, 1);
  for (let block = blockOffsets.length - 2; block >= 0; block--) {
    const blockStart = blockOffsets[block];
    for (let i = blockOffsets[block + 1] - 1; i >= blockStart; i--) {
      addEntry(adjoints.exits, i, adjoints.pivots, i);
      for (let q = upperOffsets[i]; q < upperOffsets[i + 1]; q++) {
        setEntry(work, upperColumns[q], adjoints.upper, q);
        addEntry(work, upperColumns[q], adjoints.pivots, i);
      }
      clearEntry(work, i);
      for (let p = lowerOffsets[i + 1] - 1; p >= lowerOffsets[i]; p--) {
        const k = lowerColumns[p];
        setEntry(multiplierBar, 0, adjoints.lower, p);
        addProduct(multiplierBar, 0, adjoints.exits, i, factors.exits, k);
        for (let q = upperOffsets[k]; q < upperOffsets[k + 1]; q++) {
          addProduct(multiplierBar, 0, work, upperColumns[q], factors.upper, q);
          addProduct(adjoints.upper, q, factors.lower, p, work, upperColumns[q]);
        }
        addProduct(adjoints.exits, k, factors.lower, p, adjoints.exits, i);
        setQuotient(work, k, multiplierBar, 0, factors.pivots, k);
        addProduct(adjoints.pivots, k, work, k, factors.lower, p, -1);
      }
      for (let s = rowOffsets[i]; s < rowOffsets[i + 1]; s++) {
        if (columns[s] < blockStart) addEntry(adjoints.slots, s, adjoints.exits, i);
        else addEntry(adjoints.slots, s, work, columns[s]);
      }
      for (let x = exitOffsets[i]; x < exitOffsets[i + 1]; x++) {
        addEntry(adjoints.slots, exitBase + x, adjoints.exits, i);
      }
    }
  }
  return adjoints.exits;
}
