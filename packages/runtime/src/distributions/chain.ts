// Chain: an absorbing chain at one θ, epoch by epoch, ready for time laws.
import type { CsrMatrix, Value } from "@phxlang/autodiff";
import { csrLinear } from "@phxlang/autodiff";
import type { EliminationTrace } from "@phxlang/graph";
import {
  add,
  concatenate,
  exp,
  filled,
  firstEntries,
  less,
  mul,
  reshape,
  sub,
  where,
} from "../array-operations.ts";
import type { Accuracy } from "../densities/accuracy.ts";
import { propagate } from "../primitives/exponential.ts";
import type { ChainPattern } from "./chain-pattern.ts";

export interface ChainEpoch {
  readonly pattern: ChainPattern;
  /** Operator slots, [pattern.slotCount]. */
  readonly slots: Value;
  /** Of the same rows and slots, in continuous time, if there is one. */
  readonly trace: EliminationTrace | null;
}

/**
 * In epoch e the chain moves by epochs[e]; when epoch e + 1 begins, at times[e] (a scalar, ascending), the vector
 * over rows and causes becomes entries[e] · vector.
 */
export interface Chain {
  readonly epochs: readonly ChainEpoch[];
  readonly times: readonly Value[];
  readonly entries: readonly CsrMatrix[];
  /** Initial distribution over rows, then causes: [rows + causes] of the first epoch. */
  readonly start: Value;
  /** 1 for the rows and causes at which the start may be, whatever θ. */
  readonly startMask: Float64Array;
  readonly accuracy: Accuracy;
}

/** Where an epoch may begin: known for the first, anywhere later. */
export function maskOf(chain: Chain, epoch: number, count: number): Float64Array {
  return epoch === 0 ? chain.startMask.slice(0, count) : new Float64Array(count).fill(1);
}

/** Where the chain is when an epoch begins, times exp(−scale); `scale` is [1] and carries no derivative. */
export interface EpochEntry {
  readonly scale: Value;
  /** [rows]: what goes on. */
  readonly vector: Value;
  /** [rows + causes]: the same, and what stops at this very moment, by cause. */
  readonly entered: Value;
}

/**
 * The distribution at the beginning of every epoch over transient rows alone, [rows], scaled so that it keeps
 * its relative accuracy however little is left.
 */
export function aliveAtEpochs(chain: Chain): EpochEntry[] {
  const first = chain.epochs[0].pattern;
  const result: EpochEntry[] = [
    { scale: filled(1, 0), vector: rowsOf(chain.start, first), entered: chain.start },
  ];
  for (let e = 0; e + 1 < chain.epochs.length; e++) {
    const { pattern, slots } = chain.epochs[e];
    const before = result[e];
    const moved = propagate(
      pattern.pattern,
      pattern.law,
      "left",
      slots,
      before.vector,
      reshape(durationOf(chain, e), [1]),
      chain.accuracy,
      maskOf(chain, e, pattern.rowCount),
    );
    const next = chain.epochs[e + 1].pattern;
    const entered = csrLinear(chain.entries[e], padded(moved.vector, pattern));
    result.push({ scale: add(before.scale, moved.scale), vector: rowsOf(entered, next), entered });
  }
  return result;
}

/** The distribution at the beginning of every epoch over rows and causes, [rows + causes]; sums to 1. */
export function allAtEpochs(chain: Chain): Value[] {
  const result = [chain.start];
  for (let e = 0; e + 1 < chain.epochs.length; e++) {
    const { pattern, slots } = chain.epochs[e];
    const duration = reshape(durationOf(chain, e), [1]);
    const mask = maskOf(chain, e, pattern.rowCount + pattern.causeCount);
    const { stopPattern, law } = pattern;
    const moved = propagate(stopPattern, law, "left", slots, result[e], duration, chain.accuracy, mask);
    result.push(csrLinear(chain.entries[e], mul(exp(moved.scale), moved.vector)));
  }
  return result;
}

/** Length of an epoch that is not the last: a scalar. */
export function durationOf(chain: Chain, epoch: number): Value {
  return epoch === 0 ? chain.times[0] : sub(chain.times[epoch], chain.times[epoch - 1]);
}

/** Times [N] since the beginning of an epoch, kept within it: 0 before, its length after. */
export function timesWithin(chain: Chain, epoch: number, times: Value): Value {
  if (chain.epochs.length === 1) return times;
  const begin = epoch === 0 ? filled(1, 0) : chain.times[epoch - 1];
  const isBefore = less(times, begin);
  const since = where(isBefore, 0, sub(times, begin));
  if (epoch + 1 === chain.epochs.length) return since;
  const end = chain.times[epoch];
  return where(less(times, end), since, durationOf(chain, epoch));
}

/** Per time [N], the value of the epoch in which it lies; the first argument of an epoch is its beginning. */
export function chooseEpoch(chain: Chain, times: Value, values: readonly Value[]): Value {
  let result = values[values.length - 1];
  for (let e = values.length - 2; e >= 0; e--) result = where(less(times, chain.times[e]), values[e], result);
  return result;
}

function rowsOf(vector: Value, pattern: ChainPattern): Value {
  return firstEntries(vector, pattern.rowCount);
}

function padded(vector: Value, pattern: ChainPattern): Value {
  return concatenate([vector, filled(pattern.causeCount, 0)]);
}
