// fromMatrices: a phase-type distribution given by numbers, as a model without parameters.
import { PhxError } from "@phxlang/autodiff";
import type { Cell, StateCallback, TimeKind } from "./callback.ts";
import type { ModelDescription } from "./description.ts";
import { createFeatureTable } from "./features.ts";

export type NumberRows = ArrayLike<ArrayLike<number>>;

export interface MatrixOptions {
  /** "continuous": S has rates. "discrete": S has probabilities of going from phase to phase in one step. */
  readonly kind?: TimeKind;
  /**
   * [n][causes] rates (probabilities) of stopping, by cause. Default: one cause, with what makes the rows of S sum to
   * 0 (to 1). Giving them spares that subtraction, which is inaccurate where exits are rare.
   */
  readonly exits?: NumberRows;
  /** Names of the causes. Default: "" for one, else "1", "2", …. */
  readonly causes?: readonly string[];
  readonly name?: string;
}

/** Row sums of S may miss their bound by rounding: this much of the largest entry of the row. */
const roundingTolerance = 1e-12;

/**
 * The time to absorption from phases 1 … n with initial probabilities alpha [n] and sub-intensities (discrete:
 * sub-stochastic transition probabilities) S [n][n]. The state is one cell, `phase`: 1 … n, then one stop state for
 * each cause. The defect 1 − Σ alpha stops at once, with the first cause. Throws PHX980 naming the entry that is wrong.
 */
export function fromMatrices(
  alpha: ArrayLike<number>,
  S: NumberRows,
  options: MatrixOptions = {},
): ModelDescription {
  const { kind = "continuous", name = "phase_type" } = options;
  const n = alpha.length;
  const starts = checkedStart(alpha);
  const rates = checkedMatrix(S, n, kind);
  const exits =
    options.exits === undefined ? impliedExits(S, n, kind) : checkedExits(options.exits, S, n, kind);
  const causeCount = exits.length / n;
  const causes =
    options.causes ?? (causeCount === 1 ? [""] : Array.from({ length: causeCount }, (_, c) => String(c + 1)));
  if (causes.length !== causeCount) {
    throw wrongMatrix(
      `there are ${causes.length} causes and exits for ${causeCount}`,
      "give one name for each column of exits",
    );
  }
  return {
    name,
    callback: phaseCallback(kind, n, starts, rates, exits, causes),
    parameters: [],
    covariates: [],
    rewards: [],
  };
}

function phaseCallback(
  kind: TimeKind,
  n: number,
  starts: Float64Array,
  rates: Float64Array,
  exits: Float64Array,
  causes: readonly string[],
): StateCallback {
  const labels = [
    ...Array.from({ length: n }, (_, i) => String(i + 1)),
    ...causes.map((cause) => (cause === "" ? "stop" : cause)),
  ];
  const cell: Cell = { name: "phase", lower: 1, upper: n + causes.length, labels };
  const target = new Int32Array(1);
  const one = Int32Array.of(0);
  const weight = new Float64Array(1);
  return {
    kind,
    cells: [cell],
    features: createFeatureTable(0),
    events: ["move", "stop"],
    causes,
    declaresStop: true,
    epochs: [{ name: "", start: 0 }],
    start(sink) {
      starts.forEach((probability, i) => {
        target[0] = i + 1;
        weight[0] = probability;
        sink.start(target, 1, one, weight);
      });
    },
    transitions([phase], _epoch, sink) {
      const i = phase - 1;
      for (let j = 0; j < n; j++) {
        target[0] = j + 1;
        weight[0] = rates[i * n + j];
        sink.edge(0, target, 1, one, weight);
      }
      for (let c = 0; c < causes.length; c++) {
        target[0] = n + 1 + c;
        weight[0] = exits[i * causes.length + c];
        sink.edge(1, target, 1, one, weight);
      }
    },
    stopCause: ([phase]) => (phase > n ? phase - n - 1 : -1),
    enter: () => undefined,
  };
}

/** alpha, then the defect. */
function checkedStart(alpha: ArrayLike<number>): Float64Array {
  let sum = 0;
  for (let i = 0; i < alpha.length; i++) {
    if (!(alpha[i] >= 0 && alpha[i] <= 1)) {
      throw wrongMatrix(`alpha[${i}] is ${String(alpha[i])}`, "initial probabilities lie between 0 and 1");
    }
    sum += alpha[i];
  }
  if (alpha.length === 0) throw wrongMatrix("alpha is empty", "give at least one phase");
  if (sum > 1 + 1e-9) throw wrongMatrix(`alpha sums to ${sum}`, "initial probabilities sum to at most 1");
  const defect = 1 - sum;
  return Float64Array.from([...Array.from(alpha), defect > 1e-12 ? defect : 0]);
}

/** Off-diagonal entries, row-major with the diagonal zero; in discrete time with the diagonal. */
function checkedMatrix(S: NumberRows, n: number, kind: TimeKind): Float64Array {
  if (S.length !== n)
    throw wrongMatrix(`S has ${S.length} rows, alpha ${n} entries`, "give one row for each phase");
  const rates = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    if (S[i].length !== n)
      throw wrongMatrix(`row ${i} of S has ${S[i].length} entries, not ${n}`, "S is square");
    for (let j = 0; j < n; j++) {
      const value = S[i][j];
      const isDiagonal = i === j && kind === "continuous";
      if (
        !Number.isFinite(value) ||
        (isDiagonal ? value > 0 : value < 0) ||
        (kind === "discrete" && value > 1)
      ) {
        const rule = isDiagonal
          ? "the diagonal of S is not positive"
          : kind === "continuous"
            ? "off the diagonal S is not negative"
            : "entries of S are probabilities";
        throw wrongMatrix(`S[${i}][${j}] is ${String(value)}`, rule);
      }
      rates[i * n + j] = isDiagonal ? 0 : value;
    }
  }
  return rates;
}

/** One cause: what the rows of S leave. */
function impliedExits(S: NumberRows, n: number, kind: TimeKind): Float64Array {
  const total = kind === "continuous" ? 0 : 1;
  return Float64Array.from({ length: n }, (_, i) => {
    const row = Array.from(S[i]);
    const rest = total - row.reduce((sum, value) => sum + value, 0);
    const scale = Math.max(...row.map(Math.abs), total);
    if (Math.abs(rest) <= roundingTolerance * scale) return 0;
    if (rest < 0) throw wrongMatrix(`row ${i} of S sums to ${total - rest}`, `rows sum to at most ${total}`);
    return rest;
  });
}

function checkedExits(exits: NumberRows, S: NumberRows, n: number, kind: TimeKind): Float64Array {
  if (exits.length !== n)
    throw wrongMatrix(`exits has ${exits.length} rows, not ${n}`, "give one row for each phase");
  const causeCount = exits[0].length;
  const result = new Float64Array(n * causeCount);
  for (let i = 0; i < n; i++) {
    if (exits[i].length !== causeCount || causeCount === 0) {
      throw wrongMatrix(
        `row ${i} of exits has ${exits[i].length} entries`,
        "all rows have one entry for each cause",
      );
    }
    let sum = 0;
    let scale = kind === "continuous" ? 0 : 1;
    for (let j = 0; j < n; j++) {
      sum += S[i][j];
      scale = Math.max(scale, Math.abs(S[i][j]));
    }
    for (let c = 0; c < causeCount; c++) {
      const value = exits[i][c];
      if (!Number.isFinite(value) || value < 0) {
        throw wrongMatrix(
          `exits[${i}][${c}] is ${String(value)}`,
          "rates and probabilities are not negative",
        );
      }
      result[i * causeCount + c] = value;
      sum += value;
    }
    const total = kind === "continuous" ? 0 : 1;
    if (Math.abs(sum - total) > 1e-9 * scale) {
      throw wrongMatrix(`row ${i} of S and exits sums to ${sum}`, `together they sum to ${total}`);
    }
  }
  return result;
}

function wrongMatrix(what: string, rule: string): PhxError {
  return new PhxError({
    code: "PHX980",
    what: `fromMatrices: ${what}`,
    why: rule,
    fix: "correct that entry; rows and columns are counted from 0",
  });
}
