// Sweeps of one vector through powers of an operator, forward with rescaling and backward with derivatives.
import type { Operator, SweepTape } from "./phase-type-kernels.ts";

const smallest = 2 ** -200;
const largest = 2 ** 200;
/** Bits taken out or put in at once. */
const step = 200;

export function sweep(operator: Operator, tape: SweepTape, from: number, steps: number): void {
  const { pattern, values, diagonal } = operator;
  const { rowCount, rowOffsets, columns } = pattern;
  const { vectors, exponents, peaks } = tape;
  for (let k = from; k < from + steps; k++) {
    const source = k * rowCount;
    const target = source + rowCount;
    let peak = 0;
    for (let r = 0; r < rowCount; r++) {
      let sum = diagonal[r] * vectors[source + r];
      for (let e = rowOffsets[r]; e < rowOffsets[r + 1]; e++) sum += values[e] * vectors[source + columns[e]];
      sum += diagonal[rowCount + r] * vectors[source + r];
      vectors[target + r] = sum;
      const magnitude = Math.abs(sum);
      if (!(magnitude <= peak)) peak = magnitude;
    }
    exponents[k + 1] = exponents[k];
    peaks[k + 1] = peak;
    if (peak < smallest && peak > 0) rescale(tape, k + 1, rowCount, step);
    else if (peak > largest) rescale(tape, k + 1, rowCount, -step);
  }
}

/** Multiplies row k by 2^bits and remembers it. */
export function rescale(tape: SweepTape, k: number, rowCount: number, bits: number): void {
  const factor = 2 ** bits;
  const start = k * rowCount;
  for (let i = start; i < start + rowCount; i++) tape.vectors[i] *= factor;
  tape.peaks[k] *= factor;
  tape.exponents[k] -= bits;
}

export function sweepAdjoint(
  operator: Operator,
  tape: SweepTape,
  first: number,
  last: number,
  weights: Float64Array,
  left: Float64Array,
  leftCount: number,
  cotangent: Float64Array,
  entryGradient: Float64Array,
  rowGradient: Float64Array,
  leftGradient: Float64Array | null,
): void {
  const { pattern, values, diagonal } = operator;
  const { rowCount, rowOffsets, closingEnds, columns } = pattern;
  const { vectors, exponents } = tape;
  const next = new Float64Array(rowCount);
  let exponent = exponents[last];
  for (let k = last; k >= first; k--) {
    const base = k * rowCount;
    // Cotangents carry the scale of the vectors they meet, so that products need none.
    if (exponents[k] !== exponent) {
      const factor = 2 ** (exponents[k] - exponent);
      for (let r = 0; r < rowCount; r++) cotangent[r] *= factor;
      exponent = exponents[k];
    }
    next.fill(0);
    for (let r = 0; r < rowCount; r++) {
      const weight = cotangent[r];
      if (weight === 0) continue;
      const own = vectors[base + r];
      next[r] += diagonal[r] * weight;
      let e = rowOffsets[r];
      for (; e < closingEnds[r]; e++) {
        const column = columns[e];
        entryGradient[e] += weight * (vectors[base + column] - own);
        next[column] += values[e] * weight;
      }
      for (; e < rowOffsets[r + 1]; e++) {
        const column = columns[e];
        entryGradient[e] += weight * vectors[base + column];
        next[column] += values[e] * weight;
      }
      rowGradient[r] -= weight * own;
    }
    for (let r = 0; r < rowCount; r++) next[r] += diagonal[rowCount + r] * cotangent[r];
    for (let m = 0; m < leftCount; m++) {
      const weight = weights[(k - first) * leftCount + m];
      if (weight === 0) continue;
      const leftBase = m * rowCount;
      for (let r = 0; r < rowCount; r++) next[r] += weight * left[leftBase + r];
      if (leftGradient === null) continue;
      for (let r = 0; r < rowCount; r++) leftGradient[leftBase + r] += weight * vectors[base + r];
    }
    cotangent.set(next);
  }
}
