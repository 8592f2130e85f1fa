// Moments from small to large over jets, in lanes: a solve for each, and the way back from large to small.
import { ones, zeroLanes } from "../kernels/lane-arrays.ts";
import type { LaneGenerator } from "../kernels/lane-generator.ts";
import { PaymentSums } from "../kernels/payment-sums.ts";
import type { MomentPlan, MomentTerms } from "../patterns/moment-plan.ts";
import type { Arena } from "../wasm/index.ts";
import type { LaneJet } from "./energy.ts";
import type { JetSolver } from "./jet-solver.ts";
import { forProducts, zeroJet } from "./subsets.ts";
import type { LaneSum } from "./vector-jets.ts";
import { VectorJets } from "./vector-jets.ts";

/** What right-hand sides are made of, or the adjoints of that: rates [vectors, rows], payments [vectors, paying]. */
export interface RewardJets {
  readonly rates: LaneJet;
  readonly payments: LaneJet;
}

export class MomentLattice {
  /** By moment: [rows], and one 0 behind it. */
  readonly moments: LaneJet[] = [];
  readonly #plan: MomentPlan;
  readonly #arena: Arena;
  readonly #generator: LaneGenerator;
  readonly #order: number;
  readonly #rewards: RewardJets;
  readonly #vectors: VectorJets;
  readonly #payments: PaymentSums | null;
  readonly #rights: LaneJet[] = [];
  /** Moments as rate terms see them: in discrete time after one step. */
  readonly #seen: LaneJet[] = [];

  constructor(plan: MomentPlan, arena: Arena, generator: LaneGenerator, order: number, rewards: RewardJets) {
    const { lanes, trace } = generator;
    this.#arena = arena;
    this.#plan = plan;
    this.#generator = generator;
    this.#order = order;
    this.#rewards = rewards;
    this.#vectors = new VectorJets(arena, lanes, trace.rowCount);
    this.#payments =
      plan.paying === null ? null : new PaymentSums(generator.kernels(), trace.rowCount, plan.paying);
  }

  forward(solver: JetSolver): void {
    for (const terms of this.#plan.moments) {
      const right = this.#rightSide(terms);
      const moment = solver.solve(right);
      this.#rights.push(right);
      this.moments.push(moment);
      this.#seen.push(this.#plan.law === "discrete" ? this.#stepped(moment, right) : moment);
    }
  }

  /** From the adjoints of the moments, which are added to, to those of the rewards. */
  backward(solver: JetSolver, adjoints: readonly LaneSum[]): RewardJets {
    const vectors = this.#vectors;
    const { law, moments } = this.#plan;
    const rateBars = zeroJet<number>(this.#order);
    const paymentBars = zeroJet<number>(this.#order);
    /** What rate terms of discrete time leave on right-hand sides. */
    const rightBars = moments.map(() => zeroJet<number>(this.#order));
    for (let i = moments.length - 1; i >= 0; i--) {
      const bar: LaneSum = [...solver.back(this.#rights[i], this.moments[i], adjoints[i])];
      vectors.add(bar, 1, rightBars[i]);
      for (const { coefficient, rate, before } of moments[i].rates) {
        if (rate !== null) {
          const own = this.#rateBar(rateBars, rate, bar);
          vectors.addProduct(own, coefficient, bar, before === null ? this.#one() : this.#seen[before]);
        }
        if (before === null) continue;
        const factor = rate === null ? this.#one() : this.#rateVector(rate);
        vectors.addProduct(adjoints[before], coefficient, factor, bar);
        if (law === "discrete") vectors.addProduct(rightBars[before], -coefficient, factor, bar);
      }
      for (const { coefficient, payment, before } of moments[i].payments) {
        const x = before === null ? this.#one() : this.moments[before];
        this.#eachProduct(bar, x, (a, left, right) => {
          const own = this.#paymentBar(paymentBars, payment, a);
          this.#payments?.addGradient(coefficient, left, vectors.made(right), own);
        });
        if (before === null) continue;
        this.#eachProduct(this.#paymentVector(payment), bar, (a, amounts, left) => {
          this.#payments?.addTransposed(coefficient, amounts, left, vectors.part(adjoints[before], a));
        });
      }
    }
    return { rates: rateBars, payments: paymentBars };
  }

  #rightSide({ rates, payments }: MomentTerms): LaneJet {
    const [first] = rates;
    const isOnes =
      rates.length === 1 && payments.length === 0 && first.rate === null && first.before === null;
    if (isOnes && first.coefficient === 1) return this.#one();
    const vectors = this.#vectors;
    const right = zeroJet<number>(this.#order);
    for (const { coefficient, rate, before } of rates) {
      const seen = before === null ? this.#one() : this.#seen[before];
      vectors.addProduct(right, coefficient, rate === null ? this.#one() : this.#rateVector(rate), seen);
    }
    for (const { coefficient, payment, before } of payments) {
      const x = before === null ? this.#one() : this.moments[before];
      this.#eachProduct(this.#paymentVector(payment), x, (a, amounts, own) => {
        this.#payments?.add(coefficient, amounts, vectors.made(own), vectors.part(right, a));
      });
    }
    return right;
  }

  /** P m = m − (1 − P) m. */
  #stepped(moment: LaneJet, right: LaneJet): LaneJet {
    const stepped = zeroJet<number>(this.#order);
    this.#vectors.add(stepped, 1, moment);
    this.#vectors.add(stepped, -1, right);
    return stepped;
  }

  #eachProduct(x: LaneJet, y: LaneJet, visit: (a: number, left: number, right: number) => void): void {
    for (let a = 0; a < 1 << this.#order; a++) forProducts(x, y, a, (left, right) => visit(a, left, right));
  }

  #one(): LaneJet {
    const jet = zeroJet<number>(this.#order);
    jet[0] = ones;
    return jet;
  }

  #rateVector(rate: number): LaneJet {
    const { lanes, trace } = this.#generator;
    const offset = 8 * lanes * trace.rowCount * rate;
    return this.#rewards.rates.map((part) => (part === null ? null : part + offset));
  }

  #paymentVector(payment: number): LaneJet {
    const offset = 8 * this.#generator.lanes * this.#payingCount * payment;
    return this.#rewards.payments.map((part) => (part === null ? null : part + offset));
  }

  /** The components of one rate vector's adjoint, wherever what is multiplied has one. */
  #rateBar(bars: LaneSum, rate: number, like: LaneJet): LaneSum {
    const { lanes, trace } = this.#generator;
    const size = lanes * trace.rowCount;
    return like.map((_, a) => {
      bars[a] ??= zeroLanes(this.#arena, lanes, this.#plan.rateCount * trace.rowCount);
      return bars[a] + 8 * size * rate;
    });
  }

  #paymentBar(bars: LaneSum, payment: number, a: number): number {
    const { lanes } = this.#generator;
    bars[a] ??= zeroLanes(this.#arena, lanes, this.#plan.paymentCount * this.#payingCount);
    return bars[a] + 8 * lanes * this.#payingCount * payment;
  }

  get #payingCount(): number {
    return this.#plan.paying?.targets.length ?? 0;
  }
}
