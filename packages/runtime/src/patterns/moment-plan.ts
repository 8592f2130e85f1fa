// MomentPlan: how the moments of rewards follow from each other, and from the features of a model.
import type { CsrMatrix, Structure } from "@phxlang/autodiff";
import type { EliminationTrace } from "@phxlang/graph";
import { decodeTrace } from "@phxlang/graph";
import { ArrayReader, arraysToBytes, csrMatrixFromBytes } from "../array-bytes.ts";
import type { ValueCheck } from "../primitives/checked.ts";
import { valueCheckFromBytes } from "../primitives/checked.ts";
import type { TimeLaw } from "../uniformization/mixing-law.ts";

/** coefficient · rate ∘ m_before: a rate of null stands for ones, and so does m_null. */
export interface RateTerm {
  readonly coefficient: number;
  readonly rate: number | null;
  readonly before: number | null;
}

/** coefficient · the sum over the paying transitions of each row of payment · m_before[target]. */
export interface PaymentTerm {
  readonly coefficient: number;
  readonly payment: number;
  readonly before: number | null;
}

/** The terms of one moment's right-hand side. They refer to earlier moments only. */
export interface MomentTerms {
  readonly rates: readonly RateTerm[];
  readonly payments: readonly PaymentTerm[];
}

/** Paying transitions by the row they leave: transitions[offsets[r]] .. of row r; targets by transition. */
export interface PayingTransitions {
  readonly offsets: Int32Array;
  readonly transitions: Int32Array;
  /** Row that each enters; the number of rows where it stops. */
  readonly targets: Int32Array;
}

interface PlanFields {
  readonly trace: EliminationTrace;
  readonly law: TimeLaw;
  /** φ → slots: those of the trace first, and whatever the checks need besides. */
  readonly slotForms: CsrMatrix;
  readonly checks: readonly ValueCheck[];
  readonly moments: readonly MomentTerms[];
  /** Numbers of rate vectors [rows] and payment vectors [paying transitions]. */
  readonly rateCount: number;
  readonly paymentCount: number;
  readonly paying: PayingTransitions | null;
  /** Rows at which the moments are wanted. */
  readonly rows: Int32Array;
}

let planCount = 0;

/**
 * −S m_i = Σ of the terms of moment i. In discrete time (where S = P − 1) rate terms have P m_before in place of
 * m_before, which is m_before − its right-hand side.
 */
export class MomentPlan implements Structure, PlanFields {
  readonly structureKind = "moment-plan";
  /** Names this very object: checks are functions, of which no two are known to be equal. */
  readonly contentHash: string;
  readonly trace: EliminationTrace;
  readonly law: TimeLaw;
  readonly slotForms: CsrMatrix;
  readonly checks: readonly ValueCheck[];
  readonly moments: readonly MomentTerms[];
  readonly rateCount: number;
  readonly paymentCount: number;
  readonly paying: PayingTransitions | null;
  readonly rows: Int32Array;

  constructor(fields: PlanFields, contentHash = `moments-${planCount++}`) {
    this.contentHash = contentHash;
    this.trace = fields.trace;
    this.law = fields.law;
    this.slotForms = fields.slotForms;
    this.checks = fields.checks;
    this.moments = fields.moments;
    this.rateCount = fields.rateCount;
    this.paymentCount = fields.paymentCount;
    this.paying = fields.paying;
    this.rows = fields.rows;
  }

  /** Name and counts; the terms of each moment as (coefficient, vector, earlier moment), −1 for null; the parts. */
  toBytes(): Uint8Array {
    const { trace, law, slotForms, checks, moments, rateCount, paymentCount, paying, rows } = this;
    const lengths = moments.flatMap(({ rates, payments }) => [rates.length, payments.length]);
    const terms = moments.flatMap(({ rates, payments }) => [
      ...rates.map(({ coefficient, rate, before }) => [coefficient, rate ?? -1, before ?? -1]),
      ...payments.map(({ coefficient, payment, before }) => [coefficient, payment, before ?? -1]),
    ]);
    return arraysToBytes([
      new TextEncoder().encode(this.contentHash),
      Int32Array.of(
        law === "continuous" ? 0 : 1,
        rateCount,
        paymentCount,
        moments.length,
        checks.length,
        paying === null ? 0 : 1,
      ),
      Int32Array.from(lengths),
      Float64Array.from(terms.flat()),
      rows,
      trace.toBytes(),
      slotForms.toBytes(),
      ...checks.map((check) => check.toBytes()),
      ...(paying === null ? [] : [paying.offsets, paying.transitions, paying.targets]),
    ]);
  }
}

/** The inverse of toBytes. */
export function momentPlanFromBytes(bytes: Uint8Array): MomentPlan {
  const reader = new ArrayReader(bytes);
  const contentHash = new TextDecoder().decode(reader.bytes());
  const [law, rateCount, paymentCount, momentCount, checkCount, hasPaying] = reader.integers();
  const lengths = reader.integers();
  const terms = reader.doubles();
  let at = 0;
  const take = (count: number): [coefficient: number, vector: number, before: number | null][] =>
    Array.from({ length: count }, () => {
      const [coefficient, vector, before] = terms.subarray(at, (at += 3));
      return [coefficient, vector, orNull(before)];
    });
  const moments = Array.from({ length: momentCount }, (_, i) => ({
    rates: take(lengths[2 * i]).map(([coefficient, rate, before]) => ({
      coefficient,
      rate: orNull(rate),
      before,
    })),
    payments: take(lengths[2 * i + 1]).map(([coefficient, payment, before]) => ({
      coefficient,
      payment,
      before,
    })),
  }));
  const fields = {
    law: law === 0 ? ("continuous" as const) : ("discrete" as const),
    rateCount,
    paymentCount,
    moments,
    rows: reader.integers(),
    trace: decodeTrace(reader.bytes()),
    slotForms: csrMatrixFromBytes(reader.bytes()),
    checks: Array.from({ length: checkCount }, () => valueCheckFromBytes(reader.bytes())),
    paying:
      hasPaying === 0
        ? null
        : { offsets: reader.integers(), transitions: reader.integers(), targets: reader.integers() },
  };
  return new MomentPlan(fields, contentHash);
}

function orNull(number: number): number | null {
  return number < 0 ? null : number;
}
