// MomentPlan: how the moments of rewards follow from each other, and from the features of a model.
import type { CsrMatrix, Structure } from "@phxlang/autodiff";
import type { EliminationTrace } from "@phxlang/graph";
import type { ValueCheck } from "../primitives/checked.ts";
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

  constructor(fields: PlanFields) {
    this.contentHash = `moments-${planCount++}`;
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

  /** The name alone: a plan is made again from its model where it travels. */
  toBytes(): Uint8Array {
    return new TextEncoder().encode(this.contentHash);
  }
}
